"""A pack: one edition of somebody's terms as facts, calendars, clocks, refusals and accounts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from docket_policies.calendars.calendar import Calendar
from docket_terms.amounts import Amount
from docket_terms.moments import Moment

Change = Literal["anchored", "restart", "segments", "refused"]
"""What a change of a fact does to a clock that runs.

`anchored`: the new target counts from the clock's beginning. `restart`: the clock begins anew.
`segments`: what was spent stays spent, the rest counts by the new target. `refused`: the event that
would change the fact is not taken.
"""

Where = Mapping[str, frozenset[str]]
"""Facts and the values that they may have; all must hold."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """How a wait opens and closes: moments, the field that is its key, and its known end."""

    opens: Moment
    closes: tuple[Moment, ...]
    key: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of a ticket: one of `values` at any instant, the least one first.

    `sets` are the moments that change it, with the value or `@field`. `final` values stay. A `wait`
    has the values no and yes: yes while any of its keys is open.
    """

    name: str
    values: tuple[str, ...]
    initial: str | None = None
    sets: tuple[tuple[Moment, str], ...] = ()
    final: frozenset[str] = frozenset()
    wait: Keyed | None = None

    @property
    def changes(self) -> bool:
        """Return whether anything may change it after the opening."""
        return bool(self.sets) or self.wait is not None


@dataclass(frozen=True, slots=True)
class Choice:
    """A calendar that a fact chooses."""

    by: str
    calendars: Mapping[str, Calendar]


@dataclass(frozen=True, slots=True)
class Target:
    """A row of a decision table: `where` it holds, and what is promised there.

    Without an amount nothing is promised; `agreed` promises what the two sides agree.
    """

    where: Where
    amount: Amount | None
    calendar: Calendar | Choice | None
    clause: str
    says: str
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What happens while a clock runs: at a share of its time, or an amount behind something.

    `every` repeats from the step before on. `sets` gives facts values.
    """

    do: tuple[str, ...]
    clause: str
    share: int | None = None
    at: Amount | None = None
    after: Amount | None = None
    every: Amount | None = None
    to: tuple[str, ...] = ()
    sets: Mapping[str, str] = field(default_factory=dict)
    where: Where = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pause:
    """Facts with which a clock stands, and the clause."""

    where: Where
    clause: str


@dataclass(frozen=True, slots=True)
class Clock:
    """Who owes what by when.

    `facts` are those on which the targets depend, in the order of the keys of `table`. Of the last
    instant `last` says whose it is: `in` the debtor's, `out` no more.
    """

    name: str
    owes: str
    clause: str
    starts: tuple[Moment, ...]
    restarts: tuple[Moment, ...]
    stops: tuple[Moment, ...]
    cancels: tuple[Moment, ...]
    agrees: Moment | None
    runs_while: Where
    pauses: tuple[Pause, ...]
    on_change: Mapping[str, Change]
    less: str | None
    last: Literal["in", "out"]
    targets: tuple[Target, ...]
    steps: tuple[Step, ...]
    facts: tuple[str, ...]
    table: Mapping[tuple[str, ...], Target]

    @property
    def watched(self) -> frozenset[str]:
        """Return the facts that move the clock when they change."""
        paused = (name for pause in self.pauses for name in pause.where)
        return frozenset((*self.facts, *self.runs_while, *paused))


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is not taken: an event, by whom, under which facts, when, and what to do instead."""

    on: str
    code: str
    clause: str
    says: str
    by: frozenset[str] = frozenset()
    where: Where = field(default_factory=dict)
    since: tuple[Moment, ...] = ()
    after: Amount | None = None
    before: Amount | None = None
    instead: str | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """What each failure costs in percent of the period's fee, and at most how much all do."""

    each: float
    cap: float


@dataclass(frozen=True, slots=True)
class Account:
    """The verdicts of clocks counted over a period, and what follows.

    With fewer than `few_below` tickets in the period as many as `few_failures` may fail.
    """

    name: str
    period: Literal["month", "quarter", "year"]
    timezone: str
    counts: tuple[str, ...]
    share: float
    clause: str
    few_below: int = 0
    few_failures: int = 0
    credit: Credit | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of the terms in our own words."""

    id: str
    says: str
    note: bool = False


@dataclass(frozen=True, slots=True)
class Pack:
    """One edition of somebody's terms."""

    name: str
    edition: str
    title: str
    clauses: Mapping[str, Clause]
    facts: Mapping[str, Fact]
    calendars: Mapping[str, Calendar | Choice]
    clocks: Mapping[str, Clock]
    refusals: tuple[Refusal, ...]
    accounts: Mapping[str, Account]
