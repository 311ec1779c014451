"""The live stream of a ticket: Server-Sent Events whose id is the version."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Header
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from docket_runtime.store.history import Histories
from ticket_api.doors import doors
from ticket_api.feed import Feed
from ticket_api.openapi import problems
from ticket_api.problems import Problem
from ticket_api.views import event_view

router = APIRouter(prefix="/v1", tags=["questions"])

HEARTBEAT_S = 15


@router.get(
    "/tickets/{ticket_id}/stream",
    operation_id="stream_ticket",
    response_class=EventSourceResponse,
    responses=problems(401, 404, 422, 503),
)
async def stream(
    http: HttpRequest,
    ticket_id: UUID,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> Response:
    """Follow a ticket: first what came after Last-Event-ID (all, without it), then what comes."""
    at_hand = doors(http)
    await at_hand.commands.visible(ticket_id, at_hand.principal(http))
    after = _version(last_event_id)
    events = follow(ticket_id, after, at_hand.histories, at_hand.feed)
    return EventSourceResponse(events, ping=HEARTBEAT_S)


async def follow(
    ticket_id: UUID, after: int, histories: Histories, feed: Feed
) -> AsyncIterator[ServerSentEvent]:
    """Yield the events of a ticket after a version, in order, without end."""
    mark = -1
    while True:
        for recorded in await histories.read(ticket_id, after):
            body = msgspec.json.encode(event_view(recorded)).decode()
            yield ServerSentEvent(body, event=recorded.type, id=str(recorded.version))
            after = recorded.version
        mark = await feed.moved_beyond(mark)


def _version(last_event_id: str | None) -> int:
    if last_event_id is None:
        return 0
    if not (last_event_id.isascii() and last_event_id.isdecimal() and len(last_event_id) <= 9):
        raise Problem(422, "malformed", "Last-Event-ID is a version, such as 17")
    return int(last_event_id)
