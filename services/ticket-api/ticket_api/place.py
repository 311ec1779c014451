"""Where a reader of the whole log stands: the last position it has seen of each partition.

On the wire a place is an opaque id, `<log>-<partition>.<position>-...`; partitions without a
position are left out. It begins with a part of the log's own id, so that the place of a log that
was replaced or restored is noticed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from docket_events.ids import partition_of_account
from ticket_api.problems import Problem

MAX_ID = 12_000
_ID = re.compile(r"(?P<log>[0-9a-f]{8})(?P<rest>(-\d{1,4}\.\d{1,18})*)")


@dataclass(frozen=True, slots=True)
class Place:
    """The partitions that a reader follows, each with the position it has got to."""

    log_id: UUID
    positions: dict[int, int]

    def __str__(self) -> str:
        return self.having_seen({})

    def of(self, account_id: str | None) -> "Place":
        """Return the place among the events of one account, or this one for None."""
        if account_id is None:
            return self
        partition = partition_of_account(account_id, len(self.positions))
        return Place(self.log_id, {partition: self.positions[partition]})

    def having_seen(self, more: Mapping[int, int]) -> str:
        """Return the id of this place once `more` has been seen too."""
        positions = {**self.positions, **more}
        seen = (f"-{n}.{position}" for n, position in sorted(positions.items()) if position)
        return _log(self.log_id) + "".join(seen)


def read_place(text: str, heads: Place) -> Place:
    """Return the place that an id names, among the partitions of `heads`.

    A partition that it does not name is read from its beginning. Raise Problem 422 where it is no
    id of ours, 410 where it is of another log or of a point that this log has not reached.
    """
    parts = _ID.fullmatch(text) if len(text) <= MAX_ID else None
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
    return Place(heads.log_id, positions)


def _log(log_id: UUID) -> str:
    return log_id.hex[-8:]
