"""One cycle of a clock: from its beginning to its end, in stretches of equal facts.

What is spent is counted a stretch at a time, each in the calendar of its row. An anchored fact has
its last value in all stretches, any other the value that it had in each.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from docket_policies.calendars.calendar import Calendar
from docket_terms.amounts import Amount, date_end
from docket_terms.pack import Choice, Clock, Target

Outcome = Literal["met", "cancelled", "replaced"]


@dataclass(slots=True)
class Stretch:
    """From an instant on: the facts, and what pauses the clock by which clause, if anything does.

    `resumes` is when a pause ends that knows its end.
    """

    start: int
    facts: Mapping[str, str]
    paused: str | None = None
    clause: str | None = None
    resumes: int | None = None


class Span(NamedTuple):
    """A stretch as it is shown: half-open, its cause and clause, and the seconds that counted."""

    start: int
    end: int
    cause: str
    clause: str
    counted_s: int


@dataclass(slots=True)
class Cycle:
    """A clock that was started. `start` is where its time is counted from.

    `less` are the seconds that another clock has taken off; `agreed` is a deadline that the two
    sides agreed. `changed_at` is when its target changed last.
    """

    clock: Clock
    start: int
    stretches: list[Stretch]
    less: int = 0
    agreed: int | None = None
    changed_at: int | None = None
    end: int | None = None
    outcome: Outcome | None = None
    steps_done: int = 0
    stepped_at: int | None = None

    def row(self, stretch: Stretch | None = None) -> Target:
        """Return the row of the targets that holds in a stretch, the last one unless told."""
        last = self.stretches[-1]
        here = stretch or last
        changes = self.clock.on_change
        anchored = {name for name in self.clock.facts if changes.get(name) == "anchored"}
        key = tuple((last if f in anchored else here).facts[f] for f in self.clock.facts)
        return self.clock.table[key]

    def calendar(self, stretch: Stretch | None = None) -> Calendar:
        """Return the calendar in which a stretch counts; its row must promise something."""
        here, row = stretch or self.stretches[-1], self.row(stretch)
        if isinstance(row.calendar, Choice):
            by = row.calendar.by
            anchored = self.clock.on_change.get(by) == "anchored"
            return row.calendar.calendars[(self.stretches[-1] if anchored else here).facts[by]]
        assert row.calendar is not None, "a row with an amount has a calendar"
        return row.calendar

    def budget(self) -> int | None:
        """Return the seconds that there are in all, None where no seconds are counted."""
        amount = self.row().amount
        if amount is None or amount.by_date:
            return None
        return max(0, amount.seconds_in(self.calendar()) - self.less)

    def consumed(self, at: int) -> int:
        """Return the seconds that have counted by an instant."""
        return sum(span.counted_s for span in self.spans(at))

    def spans(self, at: int) -> Iterator[Span]:
        """Yield the stretches until an instant, or the end of the cycle, without a gap."""
        until = at if self.end is None else min(at, self.end)
        for stretch, ends in self._ended():
            if stretch.start > until:
                return
            end = until if ends is None else min(ends, until)
            row = self.row(stretch)
            cause, counted = stretch.paused or "running", 0
            if row.amount is None:
                cause = "agreed" if row.agreed else "no_target"
            elif stretch.paused is None:
                counted = self.calendar(stretch).measure(stretch.start, end)
            yield Span(stretch.start, end, cause, stretch.clause or row.clause, counted)

    def due(self) -> int | None:
        """Return the deadline, None where nothing is promised or a wait holds it open.

        Raise OutsideCoverage.
        """
        if self.agreed is not None:
            return self.agreed
        amount = self.row().amount
        if amount is not None and amount.by_date:
            return date_end(amount, self.calendar(), self.start)
        budget = self.budget()
        return None if budget is None else self.spent_at(budget)

    def spent_at(self, amount: int) -> int | None:
        """Return the earliest instant at which so many seconds have counted.

        None while a wait without a known end holds it open, or the row promises nothing.
        """
        if amount <= 0:
            return self.start
        left = amount
        for stretch, end in self._ended():
            if stretch.paused is not None or self.row(stretch).amount is None:
                continue
            calendar = self.calendar(stretch)
            due = calendar.advance(stretch.start, left)
            if end is None or due <= end:
                return due
            left -= calendar.measure(stretch.start, end)
        last = self.stretches[-1]
        if last.paused is None or last.resumes is None or self.row().amount is None:
            return None
        return self.calendar().advance(max(last.resumes, last.start), left)

    def due_if_resumed(self, at: int) -> int | None:
        """Return what the deadline would be if the wait ended at an instant."""
        last = self.stretches[-1]
        if last.paused is None:
            return self.due()
        resumed = Cycle(self.clock, self.start, [*self.stretches, Stretch(at, last.facts)])
        resumed.less, resumed.agreed = self.less, self.agreed
        return resumed.due()

    def late(self, at: int) -> bool:
        """Tell whether the deadline has passed at an instant, its own as `last` says."""
        due = self.due()
        if due is None:
            return False
        return at > due if self.clock.last == "in" else at >= due

    def offset(self, amount: Amount, start: int) -> int:
        """Return when an amount behind an instant is spent, in the calendar of the last stretch."""
        calendar = self.calendar()
        if amount.by_date:
            return date_end(amount, calendar, start)
        return calendar.advance(start, amount.seconds_in(calendar))

    def _ended(self) -> Iterator[tuple[Stretch, int | None]]:
        """Yield the stretches with their ends; the last one has none."""
        for n, stretch in enumerate(self.stretches, 1):
            yield stretch, self.stretches[n].start if n < len(self.stretches) else None
