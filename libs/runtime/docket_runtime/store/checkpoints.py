"""Checkpoints: the position up to which a consumer has done its work on a partition.

Who claims the row of a checkpoint works on the partition until its transaction ends; the other
instances leave it alone meanwhile.
"""

from uuid import UUID

import asyncpg

from docket_runtime.database import reachable

_BEGIN = """
    insert into docket.checkpoints (partition, consumer, log_id, position, updated_at)
    select $1, $2, log_id, 0, docket.present() from docket.log_meta
    on conflict do nothing
"""

_CLAIM = """
    select from docket.checkpoints where partition = $1 and consumer = $2 for update skip locked
"""

_LOAD = """
    select meta.log_id, mark.log_id as mark_log_id, coalesce(mark.position, 0) as position,
        head.head_position
    from docket.log_meta as meta
    join docket.log_partitions as head on head.partition = $1
    left join docket.checkpoints as mark on mark.partition = $1 and mark.consumer = $2
"""

_SAVE = """
    insert into docket.checkpoints (partition, consumer, log_id, position, updated_at)
    select $1, $2, log_id, $3, docket.present() from docket.log_meta
    on conflict (partition, consumer) do update
    set position = excluded.position, updated_at = excluded.updated_at
    where checkpoints.log_id = excluded.log_id and checkpoints.position <= excluded.position
"""


class CheckpointRefused(Exception):
    """The checkpoint is of another log or of a point that this log has not reached.

    The database was restored or replaced: whoever reads it must decide what that means.
    """


async def claim(connection: asyncpg.Connection, partition: int, consumer: str) -> int | None:
    """Lock the consumer's checkpoint for the caller's transaction and return its position.

    None if another instance has it. Raises CheckpointRefused or Unavailable.
    """
    with reachable():
        if await connection.fetchrow(_CLAIM, partition, consumer) is None:
            await connection.execute(_BEGIN, partition, consumer)
            if await connection.fetchrow(_CLAIM, partition, consumer) is None:
                return None
    return await load(connection, partition, consumer)


async def load(connection: asyncpg.Connection, partition: int, consumer: str) -> int:
    """Return the position this consumer has saved, 0 at first.

    Raises CheckpointRefused where it cannot be of this log, or Unavailable.
    """
    with reachable():
        row = await connection.fetchrow(_LOAD, partition, consumer)
    name = f"checkpoint {consumer!r} of partition {partition}"
    saved_log: UUID | None = row["mark_log_id"]
    if saved_log is not None and saved_log != row["log_id"]:
        raise CheckpointRefused(f"{name} is of log {saved_log}, this is log {row['log_id']}")
    position: int = row["position"]
    if position > row["head_position"]:
        head = row["head_position"]
        raise CheckpointRefused(f"{name} is at {position}, the log ends at {head}")
    return position


async def save(
    connection: asyncpg.Connection, partition: int, consumer: str, position: int
) -> None:
    """Save the consumer's position, in the transaction of its effects where it has any.

    Raises CheckpointRefused where another log's position or a later one is saved, or Unavailable.
    """
    with reachable():
        done = await connection.execute(_SAVE, partition, consumer, position)
    if done != "INSERT 0 1":
        raise CheckpointRefused(
            f"checkpoint {consumer!r} of partition {partition} has moved beyond"
            f" {position}, or is of another log"
        )
