"""The account routes: what is known of an account, and one route for every verb on it."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from docket_events.account import ContactRecorded
from docket_events.ids import partition_of_ticket, stream_of_account
from docket_events.vocabulary import ID, LONGEST_ID
from ticket_api.accounts.account_body import AccountBody
from ticket_api.accounts.bodies import ACCOUNT_BODIES, PATHS
from ticket_api.accounts.decider import OnAccount
from ticket_api.accounts.schemas import AccountState
from ticket_api.accounts.views import account_view, content_ids
from ticket_api.auth.gate import principal_of
from ticket_api.commands.drafts import Drafts
from ticket_api.commands.request import read_request
from ticket_api.commands.routes import command_response
from ticket_api.commands.transact import handler_of
from ticket_api.http.answers import NOT_MODIFIED, IfNoneMatch, tagged_response, version_tag
from ticket_api.http.body_docs import json_request
from ticket_api.http.fields import FOR_EVER
from ticket_api.http.problem_docs import IDEMPOTENCY_KEY, IF_MATCH, headers, problems
from ticket_api.http.requests import json_body, read_body
from ticket_api.http.runtime import runtime_of
from ticket_api.tickets.event_schemas import EventPage
from ticket_api.tickets.reader import reader_of
from ticket_api.tickets.texts import RevealReason, shown_texts
from ticket_api.tickets.views import event_content_ids, event_view

router = APIRouter(prefix="/v1/accounts/{account_id}", tags=["accounts"])

AccountId = Annotated[str, Path(max_length=LONGEST_ID, pattern=f"^{ID}$", description=FOR_EVER)]

MAX_PAGE = 200
REFUSALS = {
    409: (
        "not_in_the_future",
        "unknown_clause",
        "agreement_required",
        "unknown_plan",
        "unknown_ground",
    ),
    422: ("malformed_idempotency_key", "idempotency_key_reused"),
}


@router.get(
    "",
    operation_id="get_account",
    response_model=AccountState,
    responses={
        200: {"headers": headers("ETag")},
        **NOT_MODIFIED,
        **problems(401, 403, 404, 422, 503),
    },
)
async def account(
    http: HttpRequest,
    account_id: AccountId,
    if_none_match: IfNoneMatch = None,
    x_reveal_reason: RevealReason = None,
) -> Response:
    """Return what is known of an account: its restriction, its licenses, who writes for it.

    An account of which nothing was recorded is at version 0: its people's own words count.
    """
    principal = principal_of(http)
    state, history = await reader_of(http).account_history(account_id, principal)
    partition = partition_of_ticket(state.id)
    texts = await shown_texts(http, principal, partition, content_ids(state), history)
    return tagged_response(
        account_view(state, texts) | ({"masked": True} if texts.masked else {}),
        version_tag(state.version),
        known=if_none_match if x_reveal_reason is None else None,
    )


@router.get(
    "/events",
    operation_id="get_account_history",
    response_model=EventPage,
    responses={
        200: {"headers": headers("ETag")},
        **NOT_MODIFIED,
        **problems(401, 403, 404, 422, 503),
    },
)
async def events(
    http: HttpRequest,
    account_id: AccountId,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="the last version seen")] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 100,
    if_none_match: IfNoneMatch = None,
    x_reveal_reason: RevealReason = None,
) -> Response:
    """Return who recorded what of an account, and when, in the order of its versions.

    Addresses are with the account alone, where they go once they are nobody's any more.
    """
    principal = principal_of(http)
    state, history = await reader_of(http).account_history(account_id, principal)
    page = history[after : after + limit]
    last = after + len(page)
    partition = partition_of_ticket(state.id)
    texts = await shown_texts(http, principal, partition, event_content_ids(page), history)
    body = {
        "items": [
            event_view(recorded, None if isinstance(recorded.event, ContactRecorded) else texts)
            for recorded in page
        ],
        "next_after": last if page and last < state.version else None,
        **({"masked": True} if texts.masked else {}),
    }
    return tagged_response(
        body,
        version_tag(state.version),
        known=if_none_match if x_reveal_reason is None else None,
    )


def _command(body: type[AccountBody]) -> Callable[..., Awaitable[Response]]:
    async def on_account(http: HttpRequest, account_id: AccountId) -> Response:
        principal = principal_of(http)
        raw = await json_body(http)
        request = read_request(http, principal, raw)
        stream = stream_of_account(account_id, runtime_of(http).partitions)
        drafts = Drafts(stream)
        command = read_body(body, raw).command(account_id, drafts)
        decider = OnAccount(stream, account_id, command, drafts.contents)
        return command_response(await handler_of(http).transact(decider, request))

    return on_account


for verb, verb_body in ACCOUNT_BODIES.items():
    router.add_api_route(
        f"/{PATHS.get(verb, verb)}",
        _command(verb_body),
        methods=["POST"],
        operation_id=verb.replace("-", "_") + "_account" * ("-" not in verb),
        summary=verb,
        description=verb_body.__doc__,
        response_model=AccountState,
        responses={
            200: {
                "description": "the account after the command",
                "headers": headers("ETag", "Idempotent-Replayed"),
            },
            **problems(401, 403, 404, 412, 413, 415, 503, codes=REFUSALS),
        },
        openapi_extra={
            "parameters": [IDEMPOTENCY_KEY, IF_MATCH],
            "requestBody": json_request(verb_body, verb_body.example),
        },
    )
