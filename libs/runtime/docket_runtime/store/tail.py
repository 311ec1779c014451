"""Reading the log of a partition: every event in order, decoded or as it is stored.

Positions are given under the partition's lock and without a gap, so the order of positions is the
order of commits, and a reader can prove that it has skipped nothing: it only has to count.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

import asyncpg

from docket_events.recorded import ActorKind, Recorded
from docket_runtime.database import reachable
from docket_runtime.store.rows import EVENT_COLUMNS, recorded

_PARTITIONS = "select partition from docket.log_partitions order by partition"

_READ = f"""
    select {", ".join(EVENT_COLUMNS)} from docket.events
    where partition = $1 and position > $2 order by position limit $3
"""  # noqa: S608 - made of column names of ours

_HEAD = "select head_position, head_hash from docket.log_partitions where partition = $1"


class LogDamaged(Exception):
    """The log has a gap: the event of a position is missing."""


def check_dense(rows: Iterable[asyncpg.Record], partition: int, after: int) -> None:
    """Raise LogDamaged unless these rows follow a position without a gap."""
    for expected, row in enumerate(rows, after + 1):
        if row["position"] != expected:
            raise LogDamaged(f"partition {partition} has no position {expected}")


@dataclass(frozen=True, slots=True)
class Head:
    """The last position of a partition and the hash of its chain there."""

    position: int
    hash: bytes


class Tail:
    """Reads one partition in order on the caller's connection."""

    def __init__(self, connection: asyncpg.Connection, partition: int) -> None:
        self._connection = connection
        self._partition = partition

    async def read(self, after: int, limit: int = 1000) -> tuple[Recorded, ...]:
        """Return the next events after the position `after`, `limit` at most, () at the head.

        Raise LogDamaged where a position is missing, Unavailable, or UnknownEventType.
        """
        with reachable():
            rows = await self._connection.fetch(_READ, self._partition, after, limit)
        check_dense(rows, self._partition, after)
        return tuple(recorded(row) for row in rows)

    async def head(self) -> Head:
        """Return the head of the partition; raise Unavailable."""
        with reachable():
            row = await self._connection.fetchrow(_HEAD, self._partition)
        return Head(row["head_position"], row["head_hash"])


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event of the log as it is stored; `body` is its data, canonical JSON."""

    position: int
    ticket_id: UUID
    version: int
    event_id: UUID
    type: str
    schema_version: int
    body: bytes
    occurred_at: datetime
    recorded_at: datetime
    actor_kind: ActorKind
    correlation_id: UUID
    causation_id: UUID | None


_READ_STORED = f"""
    select {", ".join(field.name for field in fields(StoredEvent))} from docket.events
    where partition = $1 and position > $2 order by position limit $3
"""  # noqa: S608 - made of field names of ours


async def partitions(connection: asyncpg.Connection) -> tuple[int, ...]:
    """Return the numbers of the log's partitions; raise Unavailable."""
    with reachable():
        return tuple(row[0] for row in await connection.fetch(_PARTITIONS))


async def read_stored(
    connection: asyncpg.Connection, partition: int, after: int, limit: int = 1000
) -> tuple[StoredEvent, ...]:
    """Return the next events after the position `after` undecoded, `limit` at most, () at the head.

    An event that this code cannot read holds up nobody but its own ticket. Raises LogDamaged where
    a position is missing, or Unavailable.
    """
    with reachable():
        rows = await connection.fetch(_READ_STORED, partition, after, limit)
    check_dense(rows, partition, after)
    return tuple(StoredEvent(*row) for row in rows)
