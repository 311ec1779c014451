"""Live streams: of a ticket, whose ids are versions, and of all, whose ids are log positions."""

from collections.abc import AsyncIterator, Callable
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query
from pydantic import Field
from sse_starlette import ServerSentEvent
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from docket_events.codec import EVENT_TYPES
from docket_events.ids import is_account, partition_of_ticket
from docket_runtime.store.history import HistoryReader
from ticket_api.auth.gate import principal_of
from ticket_api.http.log_position import MAX_ID, LogPosition, head_of_log, read_position
from ticket_api.http.problem_docs import problems
from ticket_api.http.problems import Problem
from ticket_api.http.runtime import runtime_of
from ticket_api.http.sse import RETRY_MS, LiveStream
from ticket_api.streams.feed import Feed, News, encoded, feed_of
from ticket_api.tickets.reader import histories_of, reader_of

router = APIRouter(prefix="/v1", tags=["questions"])

Short = Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")]
EventType = Annotated[str, Field(json_schema_extra={"enum": sorted(EVENT_TYPES)})]
Several = Annotated[list[Short], Query(default_factory=list, max_length=50)]


@router.get(
    "/tickets/{ticket_id}/stream",
    operation_id="stream_ticket",
    response_class=LiveStream,
    status_code=200,
    responses=problems(401, 404, 422, 503),
)
async def stream_ticket(
    http: HttpRequest,
    ticket_id: UUID,
    last_event_id: Annotated[str | None, Header(pattern=r"^[0-9]{1,9}$")] = None,
) -> Response:
    """Follow a ticket: first what came after Last-Event-ID (all, without it), then what comes."""
    principal = principal_of(http)
    await reader_of(http).ticket(ticket_id, principal)
    after = _version(last_event_id)
    events = follow_ticket(ticket_id, after, principal.may_read, histories_of(http), feed_of(http))
    return LiveStream(events, lasts_s=principal.lasts_s)


@router.get(
    "/stream",
    operation_id="stream_all",
    response_class=LiveStream,
    status_code=200,
    responses=problems(401, 410, 422, 503),
)
async def stream_all(
    http: HttpRequest,
    product: Several,
    type: Annotated[list[EventType], Query(default_factory=list, max_length=50)],
    account: Short | None = None,
    since: Literal["now", "start"] = "now",
    last_event_id: Annotated[str | None, Header(max_length=MAX_ID)] = None,
) -> Response:
    """Follow all tickets you may see: what came after Last-Event-ID, then what comes.

    Without Last-Event-ID it begins at the head of the log, or at the start of it. The events of a
    ticket come in the order of its versions; between tickets there is no order. An id stands for
    all that was told so far: give the last one back as it came, with the same filters, and nothing
    is lost or told twice. The first block and the heartbeats carry an id and no event. A reader who
    is too slow is cut, and the stream ends with the token: come back with the id.
    """
    principal = principal_of(http)
    unknown = sorted(set(type) - EVENT_TYPES.keys())
    if unknown:
        raise Problem(422, "malformed", f"there is no event type {unknown[0]}")
    only = principal.account if principal.reach == "own" else account
    position = (await head_of_log(runtime_of(http).engine)).of(only)
    if last_event_id is not None:
        position = read_position(last_event_id, position)
    elif since == "start":
        position = LogPosition(position.log_id, dict.fromkeys(position.positions, 0))

    def wanted(news: News) -> bool:
        return (
            not is_account(news.ticket_id)
            and (not type or news.type in type)
            and (not product or news.product in product)
            and (account is None or news.account_id == account)
            and principal.may_see(news.account_id)
            and principal.may_read(news.type)
        )

    return LiveStream(
        follow_log(position, wanted, feed_of(http)),
        lasts_s=principal.lasts_s,
        pulse=lambda: ServerSentEvent(comment="still here", id=str(position)),
    )


async def follow_ticket(
    ticket_id: UUID,
    after: int,
    wanted: Callable[[str], bool],
    histories: HistoryReader,
    feed: Feed,
) -> AsyncIterator[bytes]:
    """Yield the events of a ticket of wanted types after a version, in order, without end."""
    partition = partition_of_ticket(ticket_id)
    yield ServerSentEvent(retry=RETRY_MS).encode()
    async with feed.listening():
        while True:
            position = await feed.head(partition)
            if history := await histories.read(ticket_id, after):
                if old := [e for e in history if wanted(e.type)]:
                    yield b"".join(_block(e.type, encoded(e), str(e.version)) for e in old)
                after = history[-1].version
            while feed.holds(partition, position):
                following = await feed.after({partition: position})
                news = [
                    e
                    for e in following
                    if e.ticket_id == ticket_id and e.version > after and wanted(e.type)
                ]
                if news:
                    yield b"".join(_block(e.type, e.body, str(e.version)) for e in news)
                    after = news[-1].version
                position = following[-1].position


async def follow_log(
    position: LogPosition, wanted: Callable[[News], bool], feed: Feed
) -> AsyncIterator[bytes]:
    """Yield the wanted events behind a position, moving it on as they are taken, without end."""
    yield ServerSentEvent(id=str(position), retry=RETRY_MS).encode()
    async with feed.listening():
        while True:
            blocks, seen = list[bytes](), dict[int, int]()
            for news in await feed.after(position.positions):
                seen[news.partition] = news.position
                if wanted(news):
                    blocks.append(_block(news.type, news.body, position.advanced(seen)))
            if blocks:
                yield b"".join(blocks)
            position.positions.update(seen)  # now that it was taken a heartbeat may tell it


def _block(type_: str, body: str, id_: str) -> bytes:
    return ServerSentEvent(body, event=type_, id=id_).encode()


def _version(last_event_id: str | None) -> int:
    if last_event_id is None:
        return 0
    if not (last_event_id.isascii() and last_event_id.isdecimal() and len(last_event_id) <= 9):
        raise Problem(422, "malformed", "Last-Event-ID is a version, such as 17")
    return int(last_event_id)
