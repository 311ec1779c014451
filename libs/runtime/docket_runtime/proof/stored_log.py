"""Reading what is verified: rows as they are stored, hashes, heads, checkpoints, digests."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from docket_proof.chain import LogRow
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
_META = "select log_id, partitions from docket.log_meta"
_HEAD = """
    select head_position, head_hash from docket.log_partitions where partition = $1
"""
_NOTES = (
    "select size, note, frontier from docket.log_checkpoints where partition = $1 order by size"
)
_STRAY = (
    "select partition, position from docket.events where partition < 0 or partition >= $1 limit 1"
)
_DIGESTS = "select * from docket.content_digests($1, $2)"
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
    """A checkpoint as the database keeps it."""

    size: int
    note: str
    frontier: bytes


class Digest(NamedTuple):
    """The digest of a content; None for erased contents and for files."""

    content_id: UUID
    digest: str | None
    erased: bool
    erased_by_event: bool


async def read_meta(connection: asyncpg.Connection) -> Meta:
    """Return the id and the partitions of the log; raise Unavailable."""
    with reachable():
        return Meta(*await connection.fetchrow(_META))


async def read_rows(
    connection: asyncpg.Connection, partition: int, after: int, until: int
) -> list[LogRow]:
    """Return the next rows after a position, up to and including `until`; raise Unavailable."""
    with reachable():
        rows = await connection.fetch(_ROWS, partition, after, until, TOGETHER)
    return [row_of(row) for row in rows]


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
    while True:
        with reachable():
            rows = await connection.fetch(_HASHES, partition, position, until, 10 * TOGETHER)
        for position, stored in rows:
            yield position, stored
        if not rows:
            return


async def hashes_between(
    connection: asyncpg.Connection, partition: int, after: int, until: int
) -> list[tuple[int, bytes]]:
    """Return the positions in (after, until] with their stored hashes; raise Unavailable."""
    with reachable():
        rows = await connection.fetch(_HASHES, partition, after, until, until - after)
    return [(row[0], row[1]) for row in rows]


async def read_head(connection: asyncpg.Connection, partition: int) -> Head | None:
    """Return the head of the partition, None if it has none; raise Unavailable."""
    with reachable():
        row = await connection.fetchrow(_HEAD, partition)
    return None if row is None else Head(*row)


async def signed_checkpoints(connection: asyncpg.Connection, partition: int) -> list[Signed]:
    """Return the checkpoints that the database keeps, by size; raise Unavailable."""
    with reachable():
        return [Signed(*row) for row in await connection.fetch(_NOTES, partition)]


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


async def digests(
    connection: asyncpg.Connection, partition: int, ids: Sequence[UUID]
) -> Mapping[UUID, Digest]:
    """Return the digests of these contents, by id; raise Unavailable."""
    if not ids:
        return {}
    with reachable():
        rows = await connection.fetch(_DIGESTS, partition, ids)
    return {row[0]: Digest(*row) for row in rows}


def row_of(stored: Sequence[Any]) -> LogRow:
    """Return the row from the columns that `columns` named."""
    row = LogRow(*stored)
    occurred, recorded = int.from_bytes(stored[8], signed=True), stored[9]
    return row._replace(occurred_at=occurred, recorded_at=int.from_bytes(recorded, signed=True))


def references(body: bytes) -> Iterator[tuple[UUID, str]]:
    """Yield the ids and digests of the contents that the data of an event refers to."""
    if b'"digest"' in body:
        yield from _references(msgspec.json.decode(body))


def _references(value: Any) -> Iterator[tuple[UUID, str]]:
    match value:
        case {"id": str(content_id), "digest": str(digest)}:
            yield UUID(content_id), digest
        case dict():
            for each in value.values():
                yield from _references(each)
        case list():
            for each in value:
                yield from _references(each)
        case _:
            pass
