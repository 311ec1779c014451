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
from docket_runtime.proof import chain_queries as queries
from docket_runtime.proof.chain_queries import queries_of

TOGETHER = 1000

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
        rows = await connection.fetch(queries.META)
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
    query, read = (
        (queries.ACCESS_ROWS, access_of) if partition == ACCESS else (queries.ROWS, row_of)
    )
    async with chain_reader(connection, partition):
        with reachable():
            rows = await connection.fetch(query, partition, after, until, TOGETHER)
    return [read(row) for row in rows]


async def rows_of_ticket(
    connection: asyncpg.Connection, partition: int, ticket_id: UUID
) -> list[tuple[bytes | None, LogRow]]:
    """Return a ticket's rows, each with the hash stored before it; raise Unavailable."""
    with reachable():
        rows = await connection.fetch(queries.OF_TICKET, partition, ticket_id)
    return [(before, row_of(fields)) for before, *fields in rows]


async def hashes(
    connection: asyncpg.Connection, partition: int, until: int
) -> AsyncIterator[tuple[int, bytes]]:
    """Yield the positions up to `until` with their stored hashes, in order; raise Unavailable."""
    position = 0
    query = queries_of(partition).hashes
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
    query = queries_of(partition).hashes
    async with chain_reader(connection, partition):
        with reachable():
            rows = await connection.fetch(query, partition, after, until, until - after)
    return [(row[0], row[1]) for row in rows]


async def read_head(connection: asyncpg.Connection, partition: int) -> Head | None:
    """Return the head of a chain, None if it has none; raise Unavailable."""
    with reachable():
        row = await connection.fetchrow(
            queries.ACCESS_HEAD if partition == ACCESS else queries.HEAD, partition
        )
    return None if row is None else Head(row[0], row[1], micros(row[2]))


async def read_ends(connection: asyncpg.Connection, partition: int) -> tuple[int, int, int] | None:
    """Return head, first and last position of a chain as of one instant, None without a head."""
    query = queries_of(partition).ends
    async with chain_reader(connection, partition):
        with reachable():
            row = await connection.fetchrow(query, partition)
    return None if row is None else (row[0], row[1] or 1, row[2] or 0)


async def stray_heads(
    connection: asyncpg.Connection, partitions: int
) -> list[tuple[int, int | None, str]]:
    """Return chain, position and table of heads and checkpoints that no chain has."""
    with reachable():
        head = await connection.fetchrow(queries.STRAY_HEADS, partitions)
        note = await connection.fetchrow(queries.STRAY_NOTES, partitions)
    found: list[tuple[int, int | None, str]] = []
    if head is not None:
        found.append((head[0], None, "log_partitions"))
    if note is not None:
        found.append((note[0], note[1], "log_checkpoints"))
    return found


async def signed_checkpoints(connection: asyncpg.Connection, partition: int) -> list[Signed]:
    """Return the checkpoints that the database keeps, by size; raise Unavailable."""
    with reachable():
        rows = await connection.fetch(queries.NOTES, partition)
    return [Signed(size, note, frontier, micros(at)) for size, note, frontier, at in rows]


async def stray(connection: asyncpg.Connection, partitions: int) -> tuple[int, int] | None:
    """Return partition and position of an event in no partition of the log; raise Unavailable."""
    with reachable():
        row = await connection.fetchrow(queries.STRAY, partitions)
    return None if row is None else (row[0], row[1])


async def sparse_tickets(
    connection: asyncpg.Connection, partition: int
) -> list[tuple[UUID, int, int]]:
    """Return tickets whose versions are not 1, 2, 3, ...: id, last version, number of events."""
    with reachable():
        rows = await connection.fetch(queries.SPARSE, partition, timeout=PATIENCE_S)
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
