"""What other terms would have made of real histories: breaches that appear and vanish, and why.

Nothing is stored and nothing but the terms is supposed: the same events, read under another
edition, with other readings, other targets or another calendar.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import get_args

from docket_events.codec import type_of
from docket_events.recorded import Happened
from docket_events.ticket import Priority
from docket_policies.clock import TurnClock, response_clock
from docket_policies.eligibility.question import Unanswerable
from docket_policies.loader import (
    Governed,
    UnknownPack,
    calendar,
    edition,
    pack_of_revision,
    policy,
    policy_of,
    with_agreements,
)
from docket_policies.model import Policy, Target
from docket_policies.readings import ALLOWED
from docket_simulation.bars import bars
from docket_simulation.case import check_readings, with_readings
from docket_simulation.explanation import hours, written


@dataclass(frozen=True, slots=True)
class Supposition:
    """What is supposed in place of a ticket's own terms; what is None or empty stays.

    `targets` names the edition whose times are taken over, at service level `level`; `calendar`
    counts every target. Raises Unanswerable where a name is unknown or nothing is supposed.
    """

    readings: Mapping[str, str] = field(default_factory=dict)
    revision: str | None = None
    targets: str | None = None
    level: str | None = None
    calendar: str | None = None

    def __post_init__(self) -> None:
        if not (self.readings or self.revision or self.targets or self.calendar):
            known = ", ".join(ALLOWED)
            raise Unanswerable("nothing_supposed", f"suppose a reading ({known}), or other terms")
        check_readings(self.readings)
        if self.calendar is not None and calendar(self.calendar) is None:
            raise Unanswerable("unknown_calendar", f"no calendar {self.calendar!r}")
        for revision in (self.revision, self.targets):
            if revision is not None:
                _offers(revision)

    @property
    def label(self) -> str:
        """Return what is supposed in a few words."""
        said = [f"{name}={value}" for name, value in self.readings.items()]
        if self.revision is not None:
            said.append(self.revision)
        if self.targets is not None:
            said.append(" ".join(filter(None, ("targets of", self.targets, self.level))))
        if self.calendar is not None:
            said.append(f"counted in {self.calendar}")
        return ", ".join(said)

    def terms(self, ticket: Governed) -> Policy:
        """Return the terms that the ticket would have; raise Unanswerable or UnknownPack.

        What was agreed apart for the ticket stays agreed (R-2.3).
        """
        pack, revision = ticket.pack, ticket.revision
        if self.revision is not None:
            pack, revision = _offers(self.revision)[0].pack, self.revision
        terms = policy(pack, revision, ticket.product, ticket.service_level)
        if self.readings:
            terms = with_readings(terms, self.readings)
        if self.targets is not None:
            terms = replace(terms, targets=self._targets(terms, ticket.product))
        if self.calendar is not None:
            terms = replace(terms, targets=_counted_in(terms.targets, self.calendar))
        return with_agreements(terms, ticket)

    def _targets(self, terms: Policy, product: str) -> Mapping[Priority, Target]:
        """Return the other edition's targets for the product; its first offer if it has none."""
        assert self.targets is not None, "asked only where targets are supposed"
        offers = [o for o in _offers(self.targets) if self.level in (None, o.service_level)]
        if not offers:
            raise Unanswerable("unknown_offer", f"{self.targets} has no level {self.level!r}")
        fitting = next((offer for offer in offers if product in offer.products), offers[0])
        return {**terms.targets, **fitting.targets}


def _offers(revision: str) -> tuple[Policy, ...]:
    try:
        return edition(pack_of_revision(revision), revision)
    except UnknownPack as unknown:
        raise Unanswerable("unknown_pack", str(unknown)) from None


def _counted_in(targets: Mapping[Priority, Target], name: str) -> Mapping[Priority, Target]:
    counted = calendar(name)
    assert counted is not None, "a supposition names a calendar that exists"
    return {priority: replace(target, calendar=counted) for priority, target in targets.items()}


@dataclass(frozen=True, slots=True)
class Breach:
    """A turn that was answered too late, or not at all by the instant of the question."""

    cause: str
    started_at: datetime
    priority: Priority
    budget_s: int | None
    consumed_s: int
    due_at: datetime
    breached_at: datetime
    clause: str


@dataclass(frozen=True, slots=True)
class Change:
    """One breach that other terms make or undo in a ticket; `why` compares the two sides."""

    ticket: str
    priority: Priority
    breach: Breach
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A ticket under its own terms and under the supposed ones."""

    turns: int
    breaches: int
    supposed_turns: int
    supposed_breaches: int
    appeared: tuple[Change, ...]
    vanished: tuple[Change, ...]


def judge(
    number: str,
    ticket: Governed,
    history: Sequence[Happened],
    supposition: Supposition,
    at: datetime,
) -> Verdict:
    """Return what the supposition changes in a ticket's history as it stood at an instant.

    Turns are the same when they began at the same instant for the same cause. Raises Unanswerable,
    UnknownPack, or OutsideCoverage.
    """
    own = _turns(history, policy_of(ticket), at)
    other = _turns(history, supposition.terms(ticket), at)
    was = {key for key, turn in own.items() if turn.breached}
    would = {key for key, turn in other.items() if turn.breached}
    return Verdict(
        turns=len(own),
        breaches=len(was),
        supposed_turns=len(other),
        supposed_breaches=len(would),
        appeared=_changes(number, sorted(would - was), other, own, "would be", "is"),
        vanished=_changes(number, sorted(was - would), own, other, "is", "would be"),
    )


Key = tuple[datetime, str]
"""When a turn began, and of what."""


def _turns(history: Sequence[Happened], terms: Policy, at: datetime) -> dict[Key, TurnClock]:
    turns = response_clock(history, terms, at).turns
    return {(turn.started_at, turn.start): turn for turn in turns if not turn.void}


def _changes(
    number: str,
    keys: Sequence[Key],
    late: Mapping[Key, TurnClock],
    kept: Mapping[Key, TurnClock],
    here: str,
    there: str,
) -> tuple[Change, ...]:
    found = []
    for key in keys:
        breach = _breach(late[key])
        other = kept.get(key)
        if other is None:
            contrast = f"no turn {'begins' if there == 'is' else 'would begin'} there"
        elif other.due_at is None:
            contrast = f"there {there} no deadline"
        else:
            contrast = f"it {there} due {written(other.due_at)}"
        why = f"due {written(breach.due_at)} it {here} late ({breach.clause}); {contrast}"
        found.append(Change(number, breach.priority, breach, why))
    return tuple(found)


def _breach(turn: TurnClock) -> Breach:
    assert turn.due_at is not None, "a breach has a deadline"
    assert turn.breached_at is not None, "a breach has an instant"
    running = [span.clause for span in turn.spans if span.state == "running"]
    return Breach(
        cause=type_of(turn.cause.event),
        started_at=turn.started_at,
        priority=turn.priority,
        budget_s=turn.budget_s,
        consumed_s=turn.consumed_s,
        due_at=turn.due_at,
        breached_at=turn.breached_at,
        clause=running[-1] if running else turn.clause,
    )


@dataclass(slots=True)
class Tally:
    """The sum of many verdicts; it keeps `most` changes of each kind and counts them all."""

    most: int = 1000
    tickets: int = 0
    changed: int = 0
    turns: int = 0
    breaches: int = 0
    supposed_turns: int = 0
    supposed_breaches: int = 0
    appeared: dict[Priority, int] = field(default_factory=dict)
    vanished: dict[Priority, int] = field(default_factory=dict)
    appearing: list[Change] = field(default_factory=list)
    vanishing: list[Change] = field(default_factory=list)

    def add(self, verdict: Verdict) -> None:
        """Count one more ticket."""
        self.tickets += 1
        self.changed += bool(verdict.appeared or verdict.vanished)
        self.turns += verdict.turns
        self.breaches += verdict.breaches
        self.supposed_turns += verdict.supposed_turns
        self.supposed_breaches += verdict.supposed_breaches
        for changes, counts, kept in (
            (verdict.appeared, self.appeared, self.appearing),
            (verdict.vanished, self.vanished, self.vanishing),
        ):
            for change in changes:
                counts[change.priority] = counts.get(change.priority, 0) + 1
                if len(kept) < self.most:
                    kept.append(change)

    @property
    def sum(self) -> str:
        """Return the result as a sentence."""
        more, fewer = sum(self.appeared.values()), sum(self.vanished.values())
        return (
            f"{self.breaches} breaches in {self.tickets} tickets; {more} appear, {fewer} vanish:"
            f" {self.supposed_breaches} in all, {self.changed} tickets change"
        )


def picture(label: str, tally: Tally) -> str:
    """Return the breaches that appear and vanish as bars by priority (SVG)."""
    priorities: tuple[Priority, ...] = get_args(Priority)
    return bars(
        f"what if: {label}",
        priorities,
        {
            "breaches that appear": [tally.appeared.get(p, 0) for p in priorities],
            "breaches that vanish": [tally.vanished.get(p, 0) for p in priorities],
        },
    )


def spent(breach: Breach) -> str:
    """Return what a breached turn had used of its budget, in hours."""
    budget = "an agreed deadline" if breach.budget_s is None else hours(breach.budget_s)
    return f"{hours(breach.consumed_s)} of {budget}"
