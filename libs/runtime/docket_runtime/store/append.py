"""Appending to the log: the appends of a process are batched and committed together.

One call is under way for each partition, or two if many wait (decision 0019); what is appended
meanwhile goes with the next. Each append has an answer of its own: a stale version or a repeated
command does not affect its neighbours.
"""

from asyncio import Future
from collections import Counter, deque
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from time import perf_counter

import asyncpg
from opentelemetry.trace import SpanContext, SpanKind

from docket_events.codec import type_of
from docket_runtime import metrics, tracing
from docket_runtime.batcher import Batcher
from docket_runtime.connection import ConnectionPool
from docket_runtime.database import Database, reachable
from docket_runtime.store.fast_instants import send_instants_fast
from docket_runtime.store.rows import batch_of
from docket_runtime.store.values import (
    Append,
    Appended,
    CommandRecord,
    Conflict,
    NewEvent,
    Outcome,
    Repeated,
)
from docket_runtime.unavailable import Unavailable

MOST_TOGETHER = 256
CALLS = 2
"""While one call holds the partition's lock, the next one is prepared and waits for it."""
CONNECTIONS = 8

_OUTCOMES: Mapping[type, str] = {Appended: "written", Conflict: "conflict", Repeated: "repeated"}

_APPEND = "select * from docket.append_batch($1, $2, $3)"
_APPEND_NOTHING = "select docket.append_batch(0::smallint, '{}', '{}')"
_WRITE = "select docket.probe_write()"


class Appender:
    """Appends for a process; it has only one appender.

    However many partitions there are, it has `connections` at most: who waits for one is served in
    order.
    """

    def __init__(self, database: Database, *, connections: int = CONNECTIONS) -> None:
        self._connections = ConnectionPool(database, connections, prepare=send_instants_fast)
        self._partitions: dict[int, _PartitionWriter] = {}

    def append(self, append: Append) -> Future[Outcome]:
        """Return a future of the outcome: that it is durable, or why nothing was written.

        It raises Unavailable if the database is out of reach: whether it was written is not known
        then. It raises ValueError or the database's error if the append itself is at fault.
        """
        writer = self._partitions.get(append.partition)
        if writer is None:
            writer = self._partitions[append.partition] = _PartitionWriter(self._connections)
        outcome = writer.gather.ask(append)
        if tracing.is_on():
            outcome.add_done_callback(partial(_trace_outcome, append, perf_counter()))
        return outcome

    async def check(self) -> str | None:
        """Return None if events can be written now, otherwise why not."""
        try:
            async with self._connections.open() as connection:
                return await cannot_append(connection)
        except Unavailable as unavailable:
            return str(unavailable)

    async def close(self) -> None:
        """Finish the appends under way; those that still wait get Unavailable."""
        for writer in self._partitions.values():
            await writer.gather.close()
        self._connections.close()


async def append_on(connection: asyncpg.Connection, appends: Sequence[Append]) -> list[Outcome]:
    """Write appends in the caller's own transaction; return their outcomes in order.

    Appends that share a ticket or a command's key see one another, in the order given. The lock of
    each partition is held until that transaction ends. Raise Unavailable or the database's error.
    """
    outcomes: dict[int, Outcome] = {}
    numbered = sorted(enumerate(appends), key=lambda pair: pair[1].partition)  # locks in one order
    for _, group in groupby(numbered, key=lambda pair: pair[1].partition):
        left = deque(group)
        while left:
            wave = list[tuple[int, Append]]()
            names = set[Hashable]()
            held = deque[tuple[int, Append]]()
            for number, append in left:
                own = _names(append)
                (wave if names.isdisjoint(own) else held).append((number, append))
                names.update(own)
            together = await _append_together(connection, [append for _, append in wave])
            outcomes.update(zip((number for number, _ in wave), together, strict=True))
            left = held
    for number, append in enumerate(appends):
        if isinstance(outcomes[number], Appended):
            _trace(append)
    return [outcomes[number] for number in range(len(appends))]


async def cannot_append(connection: asyncpg.Connection) -> str | None:
    """Return why nothing can be written now, None if it can: tried, not computed.

    An append of nothing takes the lock and the right of a real one, and what is written beside it
    needs room on the disk. Raises Unavailable.
    """
    try:
        with reachable():
            await connection.execute(_APPEND_NOTHING)
            await connection.execute(_WRITE)
    except asyncpg.PostgresError as refused:
        return f"{type(refused).__name__}: {refused}"
    return None


class _PartitionWriter:
    """Batches the appends to one partition."""

    def __init__(self, connections: ConnectionPool) -> None:
        self._connections = connections
        self.gather = Batcher[Append, Outcome](
            self._write, limit=MOST_TOGETHER, calls=CALLS, apart=_names, note=_note
        )

    async def _write(self, appends: Sequence[Append]) -> Sequence[Outcome | Exception]:
        try:
            call = tracing.span("append_batch", SpanKind.CLIENT, root=True, links=_spans(appends))
            async with self._connections.open() as connection:
                with call:
                    return await _append_together(connection, appends)
        except (asyncpg.PostgresError, ValueError) as fault:
            if len(appends) == 1:
                return [fault]
        # one of them is at fault, and nothing was written: find it by writing each alone
        return [(await self._write([append]))[0] for append in appends]


async def _append_together(
    connection: asyncpg.Connection, appends: Sequence[Append]
) -> list[Outcome]:
    batch, began = batch_of(appends), perf_counter()
    with reachable():
        position, recorded_at, refusals = await connection.fetchrow(
            _APPEND, appends[0].partition, batch.rows, batch.contents
        )
    metrics.APPEND_CALL_SECONDS.observe(perf_counter() - began)
    metrics.APPEND_BATCH.observe(len(appends))
    first = position
    refused = {refusal[0]: _refusal(refusal) for refusal in reversed(refusals)}
    outcomes: list[Outcome] = []
    for n, append in enumerate(appends):
        if n in refused:
            outcomes.append(refused[n])
        else:
            for stream in append.streams:
                position += len(stream.events)
            outcomes.append(Appended(position, recorded_at))
    metrics.EVENTS_APPENDED.inc(position - first)
    return outcomes


def _note(asked: Sequence[float], outcomes: Sequence[Outcome | Exception]) -> None:
    """Measure what became of appends, each since it was asked for."""
    now = perf_counter()
    for each in asked:
        metrics.APPEND_SECONDS.observe(now - each)
    for kind, many in Counter(map(type, outcomes)).items():
        what = _OUTCOMES.get(kind, "unavailable" if issubclass(kind, Unavailable) else "refused")
        metrics.APPENDS.labels(what).inc(many)


def _trace_outcome(append: Append, asked: float, outcome: Future[Outcome]) -> None:
    done = not outcome.cancelled() and outcome.exception() is None
    if done and isinstance(outcome.result(), Appended):
        _trace(append, perf_counter() - asked)


def _trace(append: Append, seconds: float = 0.0) -> None:
    if tracing.is_on():
        new = ((each.event_id, type_of(each.event)) for each in _events(append))
        tracing.note_events(append.correlation_id, append.causation_id, new, seconds)


def _spans(appends: Sequence[Append]) -> Iterator[SpanContext]:
    for append in appends if tracing.is_on() else ():
        for each in _events(append):
            yield tracing.span_of(append.correlation_id, each.event_id)


def _events(append: Append) -> Iterator[NewEvent]:
    return (event for stream in append.streams for event in stream.events)


def _refusal(row: asyncpg.Record) -> Conflict | Repeated:
    _, ticket_id, actual_version, key, *answered = row
    if key is None:
        return Conflict(ticket_id, actual_version)
    return Repeated(CommandRecord(key, *answered))


def _names(append: Append) -> list[Hashable]:
    names: list[Hashable] = [stream.ticket_id for stream in append.streams]
    if append.command is not None:
        names.append(append.command.key)
    return names
