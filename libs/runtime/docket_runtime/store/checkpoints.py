"""Checkpoints: the position up to which a consumer has done its work on a partition.

Who claims the row of a checkpoint works on the partition until its transaction ends; the other
instances leave it alone meanwhile.
"""

from collections.abc import Collection
from uuid import UUID

import asyncpg

from docket_runtime.database import reachable
from docket_runtime.store.leases import Lease, confirm

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

_BEHIND = """
    select head.partition, meta.log_id, mark.log_id as mark_log_id,
        coalesce(mark.position, 0) as position, head.head_position
    from docket.log_meta as meta
    join docket.log_partitions as head on head.partition = any ($2::smallint[])
    left join docket.checkpoints as mark
        on mark.partition = head.partition and mark.consumer = $1
    where head.head_position <> coalesce(mark.position, 0) or mark.log_id <> meta.log_id
    order by head.partition
"""

_SAVE = """
    insert into docket.checkpoints (partition, consumer, log_id, position, updated_at)
    select $1::smallint, $2::text, log_id, $3, docket.present() from docket.log_meta
    where $4::uuid is null or exists (
        select from docket.leases
        where consumer = $2 and chain = $1::smallint and holder = $4 and epoch = $5
            and expires_at > clock_timestamp())
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
    return _position(row, partition, consumer)


async def behind(
    connection: asyncpg.Connection, consumer: str, partitions: Collection[int]
) -> dict[int, int | CheckpointRefused]:
    """Return the positions of the partitions in which the log has more than the consumer has done.

    Instead of a position stands why it cannot be of this log. Raises Unavailable.
    """
    if not partitions:
        return {}
    with reachable():
        rows = await connection.fetch(_BEHIND, consumer, list(partitions))
    found: dict[int, int | CheckpointRefused] = {}
    for row in rows:
        try:
            found[row["partition"]] = _position(row, row["partition"], consumer)
        except CheckpointRefused as refused:
            found[row["partition"]] = refused
    return found


async def save(
    connection: asyncpg.Connection,
    partition: int,
    consumer: str,
    position: int,
    lease: Lease | None = None,
) -> None:
    """Save the consumer's position, in the transaction of its effects where it has any.

    Raises LeaseLost where another instance has taken the lease by which this is done,
    CheckpointRefused where another log's position or a later one is saved, or Unavailable.
    """
    holder, epoch = (lease.holder, lease.epoch) if lease is not None else (None, None)
    with reachable():
        done = await connection.execute(_SAVE, partition, consumer, position, holder, epoch)
    if done == "INSERT 0 1":
        return
    if lease is not None:
        await confirm(connection, lease)
    raise CheckpointRefused(
        f"checkpoint {consumer!r} of partition {partition} has moved beyond"
        f" {position}, or is of another log"
    )


def _position(row: asyncpg.Record, partition: int, consumer: str) -> int:
    name = f"checkpoint {consumer!r} of partition {partition}"
    saved_log: UUID | None = row["mark_log_id"]
    if saved_log is not None and saved_log != row["log_id"]:
        raise CheckpointRefused(f"{name} is of log {saved_log}, this is log {row['log_id']}")
    position: int = row["position"]
    if position > row["head_position"]:
        head = row["head_position"]
        raise CheckpointRefused(f"{name} is at {position}, the log ends at {head}")
    return position
