"""The past of a ticket: replay at a point of two axes, difference, explanation, why."""

from asyncio import to_thread
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from docket_audit import diff as differences
from docket_audit.causes import causes
from docket_audit.event_refs import event_told
from docket_audit.replay import replay
from docket_audit.why import why
from docket_runtime.store.history import History
from ticket_api.auth.gate import principal_of
from ticket_api.auth.tokens import Principal
from ticket_api.history.difference import difference, set_by
from ticket_api.history.schemas import DiffAnswer, FieldAnswer, ReplayAnswer, WhyAnswer
from ticket_api.history.views import compared, point_view, replay_point, replay_view
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
        return replay_view(replayed, point, now, asker), replayed.ticket.version

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
        found = difference(ticket_id, history, one, other, now)
        if as_patch:
            return found.patch
        return {
            "from": point_view(found.before.sight, one, now),
            "to": point_view(found.after.sight, other, now),
            "changes": [
                {
                    "field": each.field,
                    "before": each.before,
                    "after": each.after,
                    "event": event_told(found.setters[each.field]),
                }
                for each in found.changes
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
        by = set_by(replayed, [pointer])
        return {
            "point": replay_point(replayed, point, now),
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
            "point": replay_point(replayed, point, now),
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
