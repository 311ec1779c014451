"""A turn of the vendor, minute by minute: how much of its budget was spent, and when it was due."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from calendar_oracle import MINUTE, minutes
from oracle_rules import Rules


@dataclass(frozen=True)
class Stretch:
    """Time of a turn during which nothing changed; `runs` says that the clock ran."""

    from_: datetime
    to: datetime
    runs: bool
    team: str | None


@dataclass(frozen=True)
class Ahead:
    """From when a clock runs on by itself, as things stand; None where nobody knows (C-17)."""

    runs_from: datetime | None = None
    team: str | None = None


NOBODY_KNOWS = Ahead()


@dataclass
class Individual:
    """An individual deadline: `left` is wall time that flows while the vendor works (C-58)."""

    span: timedelta
    left: timedelta
    passed_at: datetime | None = None

    def flow(self, from_: datetime, to: datetime) -> None:
        if self.passed_at is None and from_ + self.left <= to:
            self.passed_at = from_ + self.left
        self.left -= to - from_

    def renew(self) -> None:
        self.left, self.passed_at = self.span, None

    def due(self, ahead: Ahead) -> datetime | None:
        if self.passed_at is not None or ahead.runs_from is None:
            return self.passed_at
        return ahead.runs_from + self.left


@dataclass(frozen=True)
class Figures:
    """Minutes of budget, minutes spent, and when it is due; an individual deadline has no budget.

    `spent` is None where no seconds are given.
    """

    budget: int | None
    spent: int | None
    due: datetime | None


NO_FIGURES = Figures(None, None, None)


@dataclass(frozen=True)
class Judged:
    """By what a turn is judged: frozen with the event that ended it (C-55).

    One that was ended by a request, at `asked`, has a deadline only if that had passed by then.
    """

    priority: str
    individual: Individual | None
    ahead: Ahead
    asked: datetime | None = None


@dataclass
class Turn:
    """`first` says that the registration opened it, `answers` the requests whose answers did.

    `added` are its extensions (I-3.5-c), `handed_on` those of another ticket.
    """

    stretches: list[Stretch] = field(default_factory=list)
    added: list[tuple[datetime, int]] = field(default_factory=list)
    handed_on: int = 0
    first: bool = False
    answers: frozenset[str] = frozenset()
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    judged: Judged | None = None

    def end(self, at: datetime, judged: Judged) -> None:
        """Freeze the turn unless something ended it before."""
        if self.ended_at is None:
            self.ended_at = at
            self.judged = replace(judged, individual=copy(judged.individual))

    def walk(self) -> Iterator[tuple[datetime, bool, str | None]]:
        for stretch in self.stretches:
            for minute in minutes(stretch.from_, stretch.to):
                yield minute, stretch.runs, stretch.team


def figures(turn: Turn, rules: Rules, now: Judged) -> Figures:
    """Walk every minute of a turn; it is judged as it stands now unless it has ended."""
    by = turn.judged or now
    told = _individual(by) or _by_the_table(turn, rules, by)
    unpassed = told.due is not None and by.asked is not None and told.due >= by.asked
    return replace(told, due=None) if unpassed else told


def _individual(by: Judged) -> Figures | None:
    if by.individual is None:
        return None
    return Figures(None, None, by.individual.due(by.ahead))


def _by_the_table(turn: Turn, rules: Rules, by: Judged) -> Figures:
    budget, spent = rules.budget[by.priority] + turn.handed_on, 0
    due: datetime | None = None
    added = list(turn.added)
    for minute, runs, team in turn.walk():
        while added and added[0][0] <= minute:
            budget, due = _extended(budget, due, added.pop(0))
        if runs and rules.counts(by.priority, team, minute):
            spent += 1
            if spent == budget:
                due = minute + MINUTE
    while added:
        budget, due = _extended(budget, due, added.pop(0))
    return Figures(budget, spent, due or _ahead(by, rules, budget - spent))


def _extended(
    budget: int, due: datetime | None, extension: tuple[datetime, int]
) -> tuple[int, datetime | None]:
    """Add to a budget unless it has run out before: then its end stands."""
    at, added = extension
    return (budget, due) if due is not None and due < at else (budget + added, None)


def _ahead(by: Judged, rules: Rules, left: int) -> datetime | None:
    """Walk on as things stood: None where nobody knows when the clock runs again."""
    minute = by.ahead.runs_from
    if minute is None:
        return None
    while left > 0:
        left -= rules.counts(by.priority, by.ahead.team, minute)
        minute += MINUTE
    return minute
