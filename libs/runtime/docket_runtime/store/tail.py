"""Following the log: every event of a partition, in order, from where one left off.

Positions are given under the partition's lock and without a gap, so the order of positions is the
order of commits, and a reader can prove that it has skipped nothing: it only has to count.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from docket_events.recorded import Recorded
from docket_runtime.database import reachable
from docket_runtime.store.rows import EVENT_COLUMNS, recorded

_READ = f"""
    select {", ".join(EVENT_COLUMNS)} from docket.events
    where partition = $1 and position > $2 order by position limit $3
"""  # noqa: S608 - made of column names of ours

_HEAD = "select head_position, head_hash from docket.log_partitions where partition = $1"

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


class LogDamaged(Exception):
    """The log has a gap: the event of a position is missing."""


def check_dense(rows: Iterable[asyncpg.Record], partition: int, after: int) -> None:
    """Raise LogDamaged unless these rows follow a position without a gap."""
    for expected, row in enumerate(rows, after + 1):
        if row["position"] != expected:
            raise LogDamaged(f"partition {partition} has no position {expected}")


class CheckpointRefused(Exception):
    """The checkpoint is of another log or of a point that this log has not reached.

    The database was restored or replaced: whoever followed it must decide what that means.
    """


@dataclass(frozen=True, slots=True)
class Head:
    """The last position of a partition and the hash of its chain there."""

    position: int
    hash: bytes


class Tail:
    """Reads one partition in order on the caller's connection and keeps the caller's checkpoint."""

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

    async def load(self, consumer: str) -> int:
        """Return the position this consumer has saved, 0 at first.

        Raise CheckpointRefused where it cannot be of this log, or Unavailable.
        """
        with reachable():
            row = await self._connection.fetchrow(_LOAD, self._partition, consumer)
        place = f"checkpoint {consumer!r} of partition {self._partition}"
        saved_log: UUID | None = row["mark_log_id"]
        if saved_log is not None and saved_log != row["log_id"]:
            raise CheckpointRefused(f"{place} is of log {saved_log}, this is log {row['log_id']}")
        position: int = row["position"]
        if position > row["head_position"]:
            head = row["head_position"]
            raise CheckpointRefused(f"{place} is at {position}, the log ends at {head}")
        return position

    async def save(self, consumer: str, position: int) -> None:
        """Save the consumer's place, in the transaction of its effects where it has any.

        Raise CheckpointRefused where another log's place or a later one is saved, or Unavailable.
        """
        with reachable():
            done = await self._connection.execute(_SAVE, self._partition, consumer, position)
        if done != "INSERT 0 1":
            raise CheckpointRefused(
                f"checkpoint {consumer!r} of partition {self._partition} has moved beyond"
                f" {position}, or is of another log"
            )
