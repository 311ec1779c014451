"""One cycle of a clock, minute by minute: what was so in each, and what of it counted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from stepping_time import MINUTE, by_date, date_of, is_open, seconds_of

from docket_policies.calendars.calendar import Calendar
from docket_terms.pack import Choice, Clock, Target


@dataclass
class OracleCycle:
    """A cycle: what was so in each of its minutes, and how it ended."""

    clock: Clock
    start: int
    minutes: list[tuple[Mapping[str, str], bool]] = field(default_factory=list)
    facts: Mapping[str, str] = field(default_factory=dict)
    paused: bool = False
    resumes: int | None = None
    less: int = 0
    end: int | None = None
    outcome: str | None = None
    done: int = 0
    stepped_at: int | None = None
    spent: int = 0
    spent_when_stepped: int = 0

    def row(self, facts: Mapping[str, str]) -> Target:
        """Return the row of a minute's facts; the anchored ones are those of the last."""
        here = dict(facts)
        for name, change in self.clock.on_change.items():
            if change == "anchored":
                here[name] = self.facts[name]
        (found,) = [t for t in self.clock.targets if all(here[n] in v for n, v in t.where.items())]
        return found

    def calendar(self, facts: Mapping[str, str]) -> Calendar:
        chosen = self.row(facts).calendar
        if isinstance(chosen, Choice):
            anchored = self.clock.on_change.get(chosen.by) == "anchored"
            return chosen.calendars[(self.facts if anchored else facts)[chosen.by]]
        assert chosen is not None
        return chosen

    def budget(self) -> int:
        amount = self.row(self.facts).amount
        assert amount is not None
        return max(0, seconds_of(amount, self.calendar(self.facts)) - self.less)

    def counts(self, facts: Mapping[str, str], paused: bool, at: int) -> bool:
        if paused or self.row(facts).amount is None:
            return False
        return is_open(self.calendar(facts), at)

    def _minutes(self, *, on: bool) -> Iterator[tuple[int, bool]]:
        """Yield each minute and whether it counts; `on` goes on as it is after the last one."""
        at = self.start
        for facts, paused in self.minutes:
            yield at, self.counts(facts, paused, at)
            at += MINUTE
        while on and (not self.paused or self.resumes is not None):
            stands = self.paused and self.resumes is not None and at < self.resumes
            yield at, not stands and is_open(self.calendar(self.facts), at)
            at += MINUTE

    def consumed(self, at: int) -> int:
        """Return the seconds that have counted by an instant."""
        return sum(MINUTE * c for m, c in self._minutes(on=False) if m < at)

    def due(self) -> int | None:
        """Return the deadline, None where there is none."""
        amount = self.row(self.facts).amount
        if amount is None:
            return None
        if by_date(amount):
            return date_of(amount, self.calendar(self.facts), self.start)
        left = self.budget()
        if left == 0:
            return self.start
        for at, counts in self._minutes(on=True):
            left -= MINUTE * counts
            if left <= 0:
                return at + MINUTE
        return None
