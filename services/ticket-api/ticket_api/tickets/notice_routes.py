"""The question which notices a ticket has: a front end shows them, for they count there (C-51)."""

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from docket_events.ids import partition_of_ticket
from ticket_api.auth.gate import principal_of
from ticket_api.http.answers import NOT_MODIFIED, IfNoneMatch, tagged_response, version_tag
from ticket_api.http.problem_docs import problems
from ticket_api.tickets.notices import NoticePage, notices_for, notices_view, text_ids
from ticket_api.tickets.reader import reader_of
from ticket_api.tickets.texts import RevealReason, shown_texts

router = APIRouter(prefix="/v1", tags=["notices"])


@router.get(
    "/tickets/{ticket_id}/notices",
    operation_id="list_notices",
    response_model=NoticePage,
    responses={**NOT_MODIFIED, **problems(401, 404, 422, 503)},
)
async def notices(
    http: HttpRequest,
    ticket_id: UUID,
    if_none_match: IfNoneMatch = None,
    x_reveal_reason: RevealReason = None,
) -> Response:
    """Return the notices of a ticket: kind, text, clause, when, and what became of the mail.

    A notice counts from the moment at which it stands here, whether a mail arrived or not (C-51):
    clocks and the time to object begin with it. Who shows tickets to users shows these texts.
    Customers see what was for them, not what the agents were told.
    """
    principal = principal_of(http)
    now, history = await reader_of(http).history(ticket_id, principal)
    sent = notices_for(principal, history)
    partition = partition_of_ticket(ticket_id)
    texts = await shown_texts(http, principal, partition, text_ids(sent), history)
    items = notices_view(sent, history, texts)
    known = if_none_match if x_reveal_reason is None else None
    return tagged_response(
        {"items": items, **({"masked": True} if texts.masked else {})},
        version_tag(now.version),
        known=known,
    )
