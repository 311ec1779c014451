"""Following the log and reading histories, held against fetching the same rows and nothing else.

Ours decodes every event into its type; the tail proves that no position is missing, the histories
are also measured folded into tickets. The lag is the time from an append's answer to the moment
when a tail that polls as the services do has the event, under writers at full speed.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from time import perf_counter
from uuid import UUID

import asyncpg
import uvloop

from benchmarks.append import appends
from benchmarks.figures import Effort, Figure, Subject, against, interleave
from benchmarks.imports import import_file, log_file
from benchmarks.servers import BenchDatabase, Servers
from docket_lifecycle.state.fold import fold
from docket_runtime.database import Database
from docket_runtime.loops import BUSY_S
from docket_runtime.store.append import Appender
from docket_runtime.store.history import read_many
from docket_runtime.store.tail import Tail

TICKETS = 5_000
EVENTS_TOGETHER = 1_000
TICKETS_TOGETHER = 256
WRITERS, APPENDS_EACH = 32, 300

RAW_TAIL, TAIL = "rows by position, asyncpg", "tail"
RAW_HISTORY, HISTORY, FOLDED = "rows by ticket, asyncpg", "histories", "histories, folded"

_BY_POSITION = (
    "select * from docket.events where partition = 0 and position > $1 order by position limit $2"
)
_BY_TICKET = (
    "select * from docket.events where partition = 0 and ticket_id = any($1)"
    " order by ticket_id, version"
)

Reader = Callable[[asyncpg.Connection, Sequence[UUID]], Awaitable[int]]


def run(servers: Servers, effort: Effort) -> Subject:
    """Measure events a second of tails, histories and their floors, and the lag of a tail."""
    file, _ = log_file(servers.folder)
    with servers.database() as database:
        import_file(database, file, effort.of(TICKETS))

        def measure(read: Reader) -> Callable[[], float]:
            return lambda: uvloop.run(_a_second(database, read))

        tails = interleave(
            {RAW_TAIL: measure(_raw_tail), TAIL: measure(_tail)},
            effort.rounds,
        )
        histories = interleave(
            {
                RAW_HISTORY: measure(_raw_histories),
                HISTORY: measure(_histories),
                FOLDED: measure(_folded),
            },
            effort.rounds,
        )
        lags = [uvloop.run(_lag(database, effort.of(APPENDS_EACH))) for _ in range(effort.rounds)]
    return Subject(
        "read",
        (
            *against(RAW_TAIL, tails, "events/s", {}),
            *against(RAW_HISTORY, histories, "events/s", {}),
            Figure(f"tail's lag, {WRITERS} writers, p50", "ms", tuple(p50 for p50, _ in lags)),
            Figure(f"tail's lag, {WRITERS} writers, p99", "ms", tuple(p99 for _, p99 in lags)),
        ),
    )


async def _a_second(database: BenchDatabase, read: Reader) -> float:
    async with _connected(database) as connection:
        rows = await connection.fetch("select ticket_id from docket.tickets order by ticket_id")
        began = perf_counter()
        events = await read(connection, [row[0] for row in rows])
        return events / (perf_counter() - began)


@asynccontextmanager
async def _connected(database: BenchDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await Database(database.url("docket_sla_clock"), "bench").connect()
    try:
        yield connection
    finally:
        await connection.close()


async def _raw_tail(connection: asyncpg.Connection, _: Sequence[UUID]) -> int:
    seen = 0
    while rows := await connection.fetch(_BY_POSITION, seen, EVENTS_TOGETHER):
        seen += len(rows)
    return seen


async def _tail(connection: asyncpg.Connection, _: Sequence[UUID]) -> int:
    tail, seen = Tail(connection, 0), 0
    while events := await tail.read(seen, EVENTS_TOGETHER):
        seen = events[-1].position
    return seen


async def _raw_histories(connection: asyncpg.Connection, tickets: Sequence[UUID]) -> int:
    events = 0
    for n in range(0, len(tickets), TICKETS_TOGETHER):
        events += len(await connection.fetch(_BY_TICKET, tickets[n : n + TICKETS_TOGETHER]))
    return events


async def _histories(connection: asyncpg.Connection, tickets: Sequence[UUID]) -> int:
    events = 0
    for n in range(0, len(tickets), TICKETS_TOGETHER):
        found = await read_many(connection, 0, tickets[n : n + TICKETS_TOGETHER])
        events += sum(map(len, found.values()))
    return events


async def _folded(connection: asyncpg.Connection, tickets: Sequence[UUID]) -> int:
    events = 0
    for n in range(0, len(tickets), TICKETS_TOGETHER):
        found = await read_many(connection, 0, tickets[n : n + TICKETS_TOGETHER])
        for ticket_id, history in found.items():
            ticket = fold(ticket_id, history)
            assert ticket is not None, "a ticket of the read model has a history"
            events += ticket.version
    return events


async def _lag(database: BenchDatabase, each: int) -> tuple[float, float]:
    """Return the median and the 99th percentile of the lag, in milliseconds."""
    shares = [list(appends(each)) for _ in range(WRITERS)]
    answered: dict[UUID, float] = {}
    appender = Appender(Database(database.url("docket_ticket_api"), "bench"))

    async def write(share: int) -> None:
        for append in shares[share]:
            await appender.append(append)
            answered[append.streams[0].events[0].event_id] = perf_counter()

    async with _connected(database) as connection:
        tail = Tail(connection, 0)
        position = (await tail.head()).position
        writing = asyncio.gather(*(write(share) for share in range(WRITERS)))
        seen: dict[UUID, float] = {}
        while len(seen) < WRITERS * each:
            events = await tail.read(position, EVENTS_TOGETHER)
            now = perf_counter()
            seen.update((event.event_id, now) for event in events)
            position = events[-1].position if events else position
            await asyncio.sleep(0 if events else BUSY_S)
        await writing
    await appender.close()
    lags = sorted(max(0.0, seen[event] - at) * 1000 for event, at in answered.items())
    return lags[len(lags) // 2], lags[len(lags) * 99 // 100]
