"""The past of a ticket: replay at a point of two axes, difference, explanation, why."""

from asyncio import to_thread
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from docket_audit import diff as differences
from docket_audit.causes import causes
from docket_audit.event_refs import event_told
from docket_audit.replay import Replay, replay, states_of
from docket_audit.why import why
from docket_events.recorded import Recorded
from docket_policies.clock.response_clock import response_clock
from docket_runtime.store.history import History
from ticket_api.auth.gate import principal_of
from ticket_api.auth.tokens import Principal
from ticket_api.history.schemas import DiffAnswer, FieldAnswer, ReplayAnswer, WhyAnswer
from ticket_api.history.views import (
    compared,
    compared_clock,
    compared_ticket,
    point_view,
    replay_view,
)
from ticket_api.http.answers import json_response, version_tag
from ticket_api.http.points import AsOf, KnownAt, Where, past_problems, point_of
from ticket_api.http.problem_docs import problems
from ticket_api.http.runtime import runtime_of
from ticket_api.tickets.reader import reader_of

router = APIRouter(prefix="/v1/tickets/{ticket_id}", tags=["past"])

JSON_PATCH = "application/json-patch+json"
REFUSED = problems(
    401,
    503,
    422,
    codes={404: ("nothing_yet", "unknown_field"), 409: ("calendar_year_missing",)},
)


@router.get("/replay", operation_id="replay_ticket", response_model=ReplayAnswer, responses=REFUSED)
async def replay_(
    http: HttpRequest, ticket_id: UUID, as_of: AsOf = None, known_at: KnownAt = None
) -> Response:
    """Return all that was true of a ticket at a point: state, clock, deadlines, rights and terms.

    `as_of` says what had happened, `known_at` what had been written down by then; the terms are
    those pinned at creation (R-2.2, C-25).
    """
    point = point_of(as_of, known_at)
    asker, history, now = await _history(http, ticket_id)

    def at_point() -> tuple[dict[str, Any], int]:
        replayed = replay(ticket_id, history, point, now)
        return replay_view(replayed, point, asker), replayed.ticket.version

    with past_problems():
        body, version = await to_thread(at_point)
    return json_response(body, {"ETag": version_tag(version)})


@router.get(
    "/diff",
    operation_id="diff_ticket",
    response_model=DiffAnswer,
    responses={200: {"content": {JSON_PATCH: {"schema": {"type": "array"}}}}, **REFUSED},
)
async def diff(
    http: HttpRequest,
    ticket_id: UUID,
    from_: Annotated[
        Where, Query(alias="from", description="a version, or an instant with a zone")
    ],
    to: AsOf = None,
    from_known_at: KnownAt = None,
    to_known_at: KnownAt = None,
) -> Response:
    """Return the fields that differ between two points, each with the event that set it last.

    With `Accept: application/json-patch+json` the difference comes as JSON Patch (RFC 6902).
    """
    one = point_of(from_, from_known_at)
    other = point_of(to, to_known_at)
    as_patch = JSON_PATCH in http.headers.get("accept", "")
    _, history, now = await _history(http, ticket_id)

    def differ() -> Any:
        before = replay(ticket_id, history, one, now)
        after = replay(ticket_id, history, other, now)
        sides = compared(before), compared(after)
        if as_patch:
            return differences.patch(*sides)
        changes = differences.changes(*sides)
        by = _set_by(after, [each.field for each in changes])
        return {
            "from": point_view(before.sight, one),
            "to": point_view(after.sight, other),
            "changes": [
                {
                    "field": each.field,
                    "before": each.before,
                    "after": each.after,
                    "event": event_told(by[each.field]),
                }
                for each in changes
            ],
        }

    with past_problems():
        body = await to_thread(differ)
    media_type = JSON_PATCH if as_patch else "application/json"
    return json_response(body, {"Vary": "Accept"}, media_type=media_type)


@router.get("/explain", operation_id="explain_field", response_model=FieldAnswer, responses=REFUSED)
async def explain(
    http: HttpRequest,
    ticket_id: UUID,
    field: Annotated[
        str,
        Query(
            min_length=1,
            max_length=200,
            pattern=r"^[^\x00]*$",
            description="a JSON pointer (/closing/reason), or names with dots (closing.reason)",
        ),
    ],
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Response:
    """Return the value of a field at a point, and the event that set it last.

    The fields are those of a ticket, with `work` and `clock` beside them.
    """
    point = point_of(as_of, known_at)
    pointer = differences.pointer(field)
    _, history, now = await _history(http, ticket_id)

    def find() -> dict[str, Any]:
        replayed = replay(ticket_id, history, point, now)
        by = _set_by(replayed, [pointer])
        return {
            "point": point_view(replayed.sight, point),
            "field": pointer,
            "value": differences.value_of(compared(replayed), pointer),
            "event": event_told(by[pointer]),
        }

    with past_problems():
        return json_response(await to_thread(find))


@router.get("/why", operation_id="why_ticket", response_model=WhyAnswer, responses=REFUSED)
async def why_(
    http: HttpRequest, ticket_id: UUID, as_of: AsOf = None, known_at: KnownAt = None
) -> Response:
    """Return every deadline, pause, refusal and closing with its event, its actor and its clause.

    The spans of a deadline add up to what it has consumed; `causes` is what led to what.
    """
    point = point_of(as_of, known_at)
    asker, history, now = await _history(http, ticket_id)

    def reasons() -> dict[str, Any]:
        replayed = replay(ticket_id, history, point, now)
        explained = why(replayed)
        return {
            **explained,
            "point": point_view(replayed.sight, point),
            "ahead": [each for each in explained["ahead"] if asker.may_read(each["name"])],
            "causes": causes(replayed.sight.counted),
        }

    with past_problems():
        return json_response(await to_thread(reasons))


async def _history(http: HttpRequest, ticket_id: UUID) -> tuple[Principal, History, datetime]:
    """Return who asks, what they may see of the history, and the present.

    Raise Problem 401, 403 or 404.
    """
    asker = principal_of(http)
    _, history = await reader_of(http).history(ticket_id, asker)
    return asker, history, runtime_of(http).clock.now()


def _set_by(replayed: Replay, fields: Sequence[str]) -> Mapping[str, Recorded]:
    """Return which event set each field last, of the clock's always at the same instant."""
    counted = replayed.sight.counted
    of_clock = [field for field in fields if field.split("/")[1:2] == ["clock"]]
    states = list(states_of(replayed.ticket.id, counted))

    def ticket_after(part: Sequence[Recorded]) -> dict[str, Any]:
        return compared_ticket(states[len(part) - 1])

    def clock_after(part: Sequence[Recorded]) -> dict[str, Any]:
        return compared_clock(response_clock(part, replayed.terms, replayed.sight.at))

    others = [field for field in fields if field not in of_clock]
    return {
        **differences.set_by(counted, ticket_after, others),
        **differences.set_by(counted, clock_after, of_clock),
    }
