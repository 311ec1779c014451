"""The position of a reader of the whole log: the last position it has seen of each partition.

On the wire it is an opaque id, `<log>-<partition>.<position>-...`; partitions without a
position are left out. It begins with a part of the log's own id, so that an id of a log that was
replaced or restored is noticed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from docket_events.ids import partition_of_account
from docket_runtime.database import reachable
from ticket_api.http.problems import Problem

MAX_ID = 12_000
HEADS = """
    select partition, head_position, log_id from docket.log_partitions cross join docket.log_meta
"""
_ID = re.compile(r"(?P<log>[0-9a-f]{8})(?P<rest>(-\d{1,4}\.\d{1,18})*)")


@dataclass(frozen=True, slots=True)
class LogPosition:
    """The partitions that a reader follows, each with the position it has reached."""

    log_id: UUID
    positions: dict[int, int]

    def __str__(self) -> str:
        return self.advanced({})

    def of(self, account_id: str | None) -> "LogPosition":
        """Return the position among the events of one account, or this one for None."""
        if account_id is None:
            return self
        partition = partition_of_account(account_id, len(self.positions))
        return LogPosition(self.log_id, {partition: self.positions[partition]})

    def advanced(self, more: Mapping[int, int]) -> str:
        """Return the id of this position once `more` has been seen too."""
        positions = {**self.positions, **more}
        seen = (f"-{n}.{position}" for n, position in sorted(positions.items()) if position)
        return _log(self.log_id) + "".join(seen)


async def head_of_log(engine: AsyncEngine) -> LogPosition:
    """Return the position of the last event of every partition; raise Unavailable."""
    with reachable():
        async with engine.connect() as connection:
            rows = (await connection.execute(text(HEADS))).all()
    return LogPosition(rows[0].log_id, {row.partition: row.head_position for row in rows})


def read_position(id_: str, heads: LogPosition) -> LogPosition:
    """Return the position that an id names, among the partitions of `heads`.

    A partition that it does not name is read from its beginning. Raise Problem 422 where it is no
    id of ours, 410 where it is of another log or of a point that this log has not reached.
    """
    parts = _ID.fullmatch(id_) if len(id_) <= MAX_ID else None
    if parts is None:
        raise Problem(422, "malformed", "Last-Event-ID is an id that this stream gave")
    named = dict[int, int]()
    for part in parts["rest"].split("-")[1:]:
        partition, _, position = part.partition(".")
        named[int(partition)] = int(position)
    positions = {n: named.get(n, 0) for n in heads.positions}
    beyond = any(position > heads.positions[n] for n, position in positions.items())
    if parts["log"] != _log(heads.log_id) or beyond:
        raise Problem(410, "log_replaced", "the log is another one now; begin without an id")
    return LogPosition(heads.log_id, positions)


def _log(log_id: UUID) -> str:
    return log_id.hex[-8:]
