"""The questions about one ticket: its state, its history, its clock."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from docket_audit.point import Point, history_as_of
from docket_audit.replay import replay, state
from docket_events.ids import partition_of_ticket
from docket_policies.views import addressing_answer, clock_answer, timer_answer
from ticket_api.auth.gate import principal_of
from ticket_api.http.answers import NOT_MODIFIED, IfNoneMatch, tagged_response, version_tag
from ticket_api.http.points import AsOf, KnownAt, past_problems, point_of
from ticket_api.http.problem_docs import problems
from ticket_api.http.query import OptionalInstant
from ticket_api.http.runtime import runtime_of
from ticket_api.tickets.clock_schemas import ClockAnswer
from ticket_api.tickets.event_schemas import EventPage
from ticket_api.tickets.reader import reader_of
from ticket_api.tickets.schemas import TicketState
from ticket_api.tickets.texts import RevealReason, shown_texts
from ticket_api.tickets.views import (
    content_ids,
    event_content_ids,
    event_view,
    ticket_view,
    window_view,
)

router = APIRouter(prefix="/v1", tags=["questions"])

MAX_PAGE = 200


@router.get(
    "/tickets/{ticket_id}",
    operation_id="get_ticket",
    response_model=TicketState,
    responses={**NOT_MODIFIED, **problems(401, 422, 503, codes={404: ("nothing_yet",)})},
)
async def ticket(
    http: HttpRequest,
    ticket_id: UUID,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    if_none_match: IfNoneMatch = None,
    x_reveal_reason: RevealReason = None,
) -> Response:
    """Return a ticket as it is now, or as it was at a point (`replay_ticket` says more of it).

    `as_of` says what had happened, `known_at` what had been written down by then.
    """
    point = point_of(as_of, known_at)
    principal = principal_of(http)
    shown, history = await reader_of(http).history(ticket_id, principal)
    if point != Point():
        with past_problems():
            shown = state(
                ticket_id, history_as_of(history, point, runtime_of(http).clock.now()).counted
            )
    partition = partition_of_ticket(ticket_id)
    texts = await shown_texts(http, principal, partition, content_ids(shown), history)
    known = if_none_match if point == Point() and x_reveal_reason is None else None
    body = ticket_view(shown, texts) | ({"masked": True} if texts.masked else {})
    if point == Point():
        body["support_window"] = window_view(shown, runtime_of(http).clock.now())
    return tagged_response(body, version_tag(shown.version), known=known)


@router.get(
    "/tickets/{ticket_id}/events",
    operation_id="get_history",
    response_model=EventPage,
    responses={**NOT_MODIFIED, **problems(401, 404, 422, 503)},
)
async def events(
    http: HttpRequest,
    ticket_id: UUID,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="the last version seen")] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 100,
    if_none_match: IfNoneMatch = None,
    x_reveal_reason: RevealReason = None,
) -> Response:
    """Return the history of a ticket in the order of its versions.

    What the desk keeps to itself is left out for customers: their versions have gaps.
    """
    principal = principal_of(http)
    now, history = await reader_of(http).history(ticket_id, principal)
    following = [recorded for recorded in history if recorded.version > after]
    page = following[:limit]
    partition = partition_of_ticket(ticket_id)
    texts = await shown_texts(http, principal, partition, event_content_ids(page), history)
    return tagged_response(
        {
            "items": [event_view(recorded, texts) for recorded in page],
            "next_after": page[-1].version if len(following) > limit else None,
            **({"masked": True} if texts.masked else {}),
        },
        version_tag(now.version),
        known=if_none_match if x_reveal_reason is None else None,
    )


@router.get(
    "/tickets/{ticket_id}/clock",
    operation_id="get_clock",
    response_model=ClockAnswer,
    responses={
        **NOT_MODIFIED,
        **problems(401, 422, 503, codes={404: ("nothing_yet",), 409: ("calendar_year_missing",)}),
    },
)
async def clock(
    http: HttpRequest,
    ticket_id: UUID,
    at: OptionalInstant = None,
    known_at: KnownAt = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Return the response clock at an instant (now), every span with its cause and clause.

    `known_at` counts only what had been written down by then. A clock of now goes on while the
    ticket stays as it is, so If-None-Match counts with `at` only.
    """
    point = Point(at, known_at)
    asker = principal_of(http)
    now, history = await reader_of(http).history(ticket_id, asker)
    with past_problems():
        seen = replay(ticket_id, history, point, runtime_of(http).clock.now())
    return tagged_response(
        {
            "at": seen.sight.at,
            "response_clock": clock_answer(seen.clock),
            "addressing_time": addressing_answer(seen.addressing),
            "deadlines": [
                timer_answer(timer) for timer in seen.deadlines if asker.may_read(timer.name)
            ],
        },
        version_tag(now.version),
        known=if_none_match if at is not None else None,
    )
