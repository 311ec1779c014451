"""Reading the chains that are verified: rows as they are stored, hashes, heads, checkpoints.

A chain is named by its number: that of a partition, or ACCESS for who looked at what, which is read
as the role that may.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from docket_proof.access import ACCESS, AccessRow
from docket_proof.chain import ChainedRow, LogRow
from docket_proof.check import Head
from docket_runtime.database import reachable
from docket_runtime.store.rows import EVENT_COLUMNS

TOGETHER = 1000

_INSTANTS = ("occurred_at", "recorded_at")


def columns(table: str) -> str:
    """Return an event's columns for a query, instants as the bytes that are stored."""
    named = (f"{table}.{name}" for name in EVENT_COLUMNS)
    return ", ".join(
        f"timestamptz_send({name})" if name.endswith(_INSTANTS) else name for name in named
    )


_ROWS = f"""
    select {columns("e")} from docket.events as e
    where partition = $1 and position > $2 and position <= $3 order by position limit $4
"""  # noqa: S608 - made of column names of ours
_OF_TICKET = f"""
    select before.hash as before, {columns("e")}
    from docket.events as e
    left join docket.events as before
        on before.partition = e.partition and before.position = e.position - 1
    where e.partition = $1 and e.ticket_id = $2 order by e.version
"""  # noqa: S608 - made of column names of ours
_HASHES = """
    select position, hash from docket.events
    where partition = $1 and position > $2 and position <= $3 order by position limit $4
"""
_ACCESS_ROWS = """
    select position, access_id, timestamptz_send(at), role, subject, operation, ticket_id,
        account_id, asked, outcome, reason_digest, trace_id, hash
    from docket.access_events
    where -1 = $1 and position > $2 and position <= $3 order by position limit $4
"""
_ACCESS_HASHES = """
    select position, hash from docket.access_events
    where -1 = $1 and position > $2 and position <= $3 order by position limit $4
"""
_META = "select log_id, partitions from docket.log_meta"
_HEAD = """
    select head_position, head_hash, timestamptz_send(recorded_at) from docket.log_partitions
    where partition = $1
"""
_ACCESS_HEAD = """
    select head_position, head_hash, timestamptz_send(recorded_at) from docket.access_head
    where partition = $1
"""
_ENDS = """
    select h.head_position,
        (select min(position) from docket.events as e where e.partition = h.partition),
        (select max(position) from docket.events as e where e.partition = h.partition)
    from docket.log_partitions as h where h.partition = $1
"""
_ACCESS_ENDS = """
    select h.head_position, (select min(position) from docket.access_events),
        (select max(position) from docket.access_events)
    from docket.access_head as h where h.partition = $1
"""
_STRAY_HEADS = """
    select partition from docket.log_partitions where partition < 0 or partition >= $1 limit 1
"""
_NOTES = """
    select size, note, frontier, timestamptz_send(signed_at) from docket.log_checkpoints
    where partition = $1 order by size
"""
_STRAY_NOTES = """
    select partition, size from docket.log_checkpoints where partition < -1 or partition >= $1
    limit 1
"""
_STRAY = (
    "select partition, position from docket.events where partition < 0 or partition >= $1 limit 1"
)
_SPARSE = """
    select ticket_id, max(version) as last, count(*) as events from docket.events
    where partition = $1 group by ticket_id having min(version) <> 1 or max(version) <> count(*)
    order by ticket_id limit 100
"""

PATIENCE_S = 600.0  # for the query that reads a whole partition


class Meta(NamedTuple):
    """The id of the log and the number of its partitions."""

    log_id: UUID
    partitions: int


class Signed(NamedTuple):
    """A checkpoint as the database keeps it; `signed_at` in microseconds since 2000."""

    size: int
    note: str
    frontier: bytes
    signed_at: int


class NoLog(LookupError):
    """The database does not say once which log it has."""


async def read_meta(connection: asyncpg.Connection) -> Meta:
    """Return the id and the partitions of the log; raise Unavailable, or NoLog."""
    with reachable():
        rows = await connection.fetch(_META)
    if len(rows) != 1:
        raise NoLog(f"the database names {len(rows)} logs in docket.log_meta, not one")
    return Meta(*rows[0])


def chain_reader(connection: asyncpg.Connection, chain: int) -> AbstractAsyncContextManager[object]:
    """Return the context in which a chain is read: of the accesses, as the role that may."""
    return as_access_reader(connection) if chain == ACCESS else nullcontext()


@asynccontextmanager
async def as_access_reader(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """Read as `docket_access_reader`; raise Unavailable, or asyncpg's refusal to who may not."""
    with reachable():
        await connection.execute("set role docket_access_reader")
    try:
        yield
    finally:
        with reachable():
            await connection.execute("reset role")


async def read_rows(
    connection: asyncpg.Connection, partition: int, after: int, until: int
) -> Sequence[ChainedRow]:
    """Return the next rows after a position, up to and including `until`; raise Unavailable."""
    query, read = (_ACCESS_ROWS, access_of) if partition == ACCESS else (_ROWS, row_of)
    async with chain_reader(connection, partition):
        with reachable():
            rows = await connection.fetch(query, partition, after, until, TOGETHER)
    return [read(row) for row in rows]


async def rows_of_ticket(
    connection: asyncpg.Connection, partition: int, ticket_id: UUID
) -> list[tuple[bytes | None, LogRow]]:
    """Return a ticket's rows, each with the hash stored before it; raise Unavailable."""
    with reachable():
        rows = await connection.fetch(_OF_TICKET, partition, ticket_id)
    return [(before, row_of(fields)) for before, *fields in rows]


async def hashes(
    connection: asyncpg.Connection, partition: int, until: int
) -> AsyncIterator[tuple[int, bytes]]:
    """Yield the positions up to `until` with their stored hashes, in order; raise Unavailable."""
    position = 0
    query = _ACCESS_HASHES if partition == ACCESS else _HASHES
    while True:
        async with chain_reader(connection, partition):
            with reachable():
                rows = await connection.fetch(query, partition, position, until, 10 * TOGETHER)
        for position, stored in rows:
            yield position, stored
        if not rows:
            return


async def hashes_between(
    connection: asyncpg.Connection, partition: int, after: int, until: int
) -> list[tuple[int, bytes]]:
    """Return the positions in (after, until] with their stored hashes; raise Unavailable."""
    query = _ACCESS_HASHES if partition == ACCESS else _HASHES
    async with chain_reader(connection, partition):
        with reachable():
            rows = await connection.fetch(query, partition, after, until, until - after)
    return [(row[0], row[1]) for row in rows]


async def read_head(connection: asyncpg.Connection, partition: int) -> Head | None:
    """Return the head of a chain, None if it has none; raise Unavailable."""
    with reachable():
        row = await connection.fetchrow(_ACCESS_HEAD if partition == ACCESS else _HEAD, partition)
    return None if row is None else Head(row[0], row[1], micros(row[2]))


async def read_ends(connection: asyncpg.Connection, partition: int) -> tuple[int, int, int] | None:
    """Return head, first and last position of a chain as of one instant, None without a head."""
    query = _ACCESS_ENDS if partition == ACCESS else _ENDS
    async with chain_reader(connection, partition):
        with reachable():
            row = await connection.fetchrow(query, partition)
    return None if row is None else (row[0], row[1] or 1, row[2] or 0)


async def stray_heads(
    connection: asyncpg.Connection, partitions: int
) -> list[tuple[int, int | None, str]]:
    """Return chain, position and table of heads and checkpoints that no chain has."""
    with reachable():
        head = await connection.fetchrow(_STRAY_HEADS, partitions)
        note = await connection.fetchrow(_STRAY_NOTES, partitions)
    found: list[tuple[int, int | None, str]] = []
    if head is not None:
        found.append((head[0], None, "log_partitions"))
    if note is not None:
        found.append((note[0], note[1], "log_checkpoints"))
    return found


async def signed_checkpoints(connection: asyncpg.Connection, partition: int) -> list[Signed]:
    """Return the checkpoints that the database keeps, by size; raise Unavailable."""
    with reachable():
        rows = await connection.fetch(_NOTES, partition)
    return [Signed(size, note, frontier, micros(at)) for size, note, frontier, at in rows]


async def stray(connection: asyncpg.Connection, partitions: int) -> tuple[int, int] | None:
    """Return partition and position of an event in no partition of the log; raise Unavailable."""
    with reachable():
        row = await connection.fetchrow(_STRAY, partitions)
    return None if row is None else (row[0], row[1])


async def sparse_tickets(
    connection: asyncpg.Connection, partition: int
) -> list[tuple[UUID, int, int]]:
    """Return tickets whose versions are not 1, 2, 3, ...: id, last version, number of events."""
    with reachable():
        rows = await connection.fetch(_SPARSE, partition, timeout=PATIENCE_S)
    return [(row[0], row[1], row[2]) for row in rows]


def row_of(stored: Sequence[Any]) -> LogRow:
    """Return the row from the columns that `columns` named."""
    row = LogRow(*stored)
    return row._replace(occurred_at=micros(stored[8]), recorded_at=micros(stored[9]))


def access_of(stored: Sequence[Any]) -> AccessRow:
    """Return an access from its columns, the instant as the bytes that are stored."""
    return AccessRow(*stored)._replace(at=micros(stored[2]))


def micros(stored: bytes) -> int:
    """Return a stored instant in microseconds since 2000; no value can hide behind it."""
    return int.from_bytes(stored, signed=True)
