"""Following the log without reading what it says: which events there are, as they are stored.

For those who pass events on or only ask whom they touch. Nothing is decoded, so an event that this
code cannot read holds up nobody but its own ticket. The place of a follower is a checkpoint row;
who takes that row works on the partition, and the other instances leave it alone meanwhile.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from docket_events.recorded import ActorKind
from docket_runtime.database import reachable
from docket_runtime.store.tail import Tail, check_dense

_PARTITIONS = "select partition from docket.log_partitions order by partition"

_READ = """
    select position, ticket_id, version, event_id, type, schema_version, body, occurred_at,
        recorded_at, actor_kind, correlation_id, causation_id
    from docket.events where partition = $1 and position > $2 order by position limit $3
"""

_LEAD = "select pg_try_advisory_lock(hashtext($1), $2)"

_BEGIN = """
    insert into docket.checkpoints (partition, consumer, log_id, position, updated_at)
    select $1, $2, log_id, 0, docket.present() from docket.log_meta
    on conflict do nothing
"""

_CLAIM = """
    select from docket.checkpoints where partition = $1 and consumer = $2 for update skip locked
"""


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


async def partitions(connection: asyncpg.Connection) -> tuple[int, ...]:
    """Return the numbers of the log's partitions; raise Unavailable."""
    with reachable():
        return tuple(row[0] for row in await connection.fetch(_PARTITIONS))


async def read_stored(
    connection: asyncpg.Connection, partition: int, after: int, limit: int = 1000
) -> tuple[StoredEvent, ...]:
    """Return the next events after the position `after`, `limit` at most, () at the head.

    Raises LogDamaged where a position is missing, or Unavailable.
    """
    with reachable():
        rows = await connection.fetch(_READ, partition, after, limit)
    check_dense(rows, partition, after)
    return tuple(StoredEvent(*row) for row in rows)


async def claim(connection: asyncpg.Connection, partition: int, consumer: str) -> int | None:
    """Take the consumer's checkpoint for the caller's transaction and return its position.

    None when another instance has taken it. Raises CheckpointRefused or Unavailable.
    """
    with reachable():
        if await connection.fetchrow(_CLAIM, partition, consumer) is None:
            await connection.execute(_BEGIN, partition, consumer)
            if await connection.fetchrow(_CLAIM, partition, consumer) is None:
                return None
    return await Tail(connection, partition).load(consumer)


async def lead(connection: asyncpg.Connection, partition: int, consumer: str) -> bool:
    """Tell whether this connection's session leads the consumer's work on a partition from now on.

    It leads until it ends; a process that dies gives way at once. Raises Unavailable.
    """
    with reachable():
        return bool(await connection.fetchval(_LEAD, f"docket.{consumer}", partition))
