"""The individual deadline that was agreed for a ticket (R-3.4, C-58).

The time from setting it to the deadline is wall time that flows only while the provider has the
ball and nothing is waited for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from docket_events.recorded import Happened
from docket_policies.clock.mark import Mark


class Tile(Protocol):
    """A part [start, end) of a turn in the state of its mark."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...

    @property
    def mark(self) -> Mark: ...


@dataclass(frozen=True, slots=True)
class Individual:
    """An individual deadline as a turn has it: `left_s` seconds of it flow from `since` on.

    `set_at` and `deadline` are as they were agreed; `passed_at` is when it passed in an earlier
    turn. Instants are seconds since 1970.
    """

    cause: Happened
    set_at: int
    deadline: int
    since: int
    left_s: int
    passed_at: int | None = None

    @property
    def span_s(self) -> int:
        """Return the time that was given when it was set."""
        return self.deadline - self.set_at

    def due(self, tiles: Sequence[Tile]) -> int | None:
        """Return when it passes in a turn, None while nobody knows the end of a wait."""
        if self.passed_at is not None:
            return self.passed_at
        left, last = self.left_s, None
        for last in tiles:
            start = max(last.start, self.since)
            if last.mark.state != "individual_deadline" or last.end < start:
                continue
            if last.end - start >= left:
                return start + left
            left -= last.end - start
        if last is None:
            return self.since + left
        if last.mark.state == "individual_deadline":
            return max(last.end, self.since) + left
        if last.mark.state == "scheduled_operation" and last.mark.until is not None:
            return max(last.mark.until, last.end) + left
        return None

    def carried(self, tiles: Sequence[Tile], at: int) -> "Individual":
        """Return it for the turn that opens at an instant, after a turn of these parts had it."""
        due = self.due(tiles)
        if due is not None and due <= at:
            return replace(self, since=at, left_s=0, passed_at=due)
        flowed = sum(
            max(0, tile.end - max(tile.start, self.since))
            for tile in tiles
            if tile.mark.state == "individual_deadline"
        )
        return replace(self, since=at, left_s=self.left_s - flowed)

    def anew(self, at: int) -> "Individual":
        """Return it counted anew from an instant, with the whole time that was given (R-6.6-b)."""
        return replace(
            self,
            set_at=at,
            deadline=at + self.span_s,
            since=at,
            left_s=self.span_s,
            passed_at=None,
        )

    def held_s(self, at: int) -> int:
        """Return by how much waits have lengthened it, as it stands at `since` = `at`."""
        ends = at + self.left_s if self.passed_at is None else self.passed_at
        return ends - self.deadline
