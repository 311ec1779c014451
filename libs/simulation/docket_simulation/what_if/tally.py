"""Real histories under other terms: breaches that appear and vanish, and why.

Nothing is stored and nothing but the terms is supposed: the same events, read under another
edition, with other readings, other targets or another calendar.
"""

from collections.abc import AsyncIterable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import get_args
from uuid import UUID

from docket_events.codec import type_of
from docket_events.instants import for_people
from docket_events.recorded import Happened
from docket_events.ticket import Priority, TicketCreated
from docket_policies.calendars.opentime import OutsideCoverage
from docket_policies.clock.response_clock import TurnClock, response_clock
from docket_policies.eligibility.question import Unanswerable
from docket_policies.terms.coverage import as_counted
from docket_policies.terms.loader import HasTerms, policy_of
from docket_policies.terms.policy import Policy
from docket_simulation.explanation import hours
from docket_simulation.pictures.bars import bars
from docket_simulation.what_if.supposition import Supposition


@dataclass(frozen=True, slots=True)
class LateTurn:
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
class BreachChange:
    """One breach that other terms make or undo in a ticket; `why` compares the two sides."""

    ticket: str
    priority: Priority
    breach: LateTurn
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A ticket under its own terms and under the supposed ones."""

    turns: int
    breaches: int
    supposed_turns: int
    supposed_breaches: int
    appeared: tuple[BreachChange, ...]
    vanished: tuple[BreachChange, ...]


def judge(
    number: str,
    ticket: HasTerms,
    history: Sequence[Happened],
    supposition: Supposition,
    at: datetime,
) -> Verdict:
    """Return what the supposition changes in a ticket's history as it stood at an instant.

    Turns are the same when they began at the same instant for the same cause. Raises Unanswerable,
    UnknownPack, or OutsideCoverage.
    """
    created_at = history[0].occurred_at
    own = _turns(history, as_counted(policy_of(ticket), created_at), at)
    other = _turns(history, as_counted(supposition.terms(ticket), created_at), at)
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
"""When a turn began, and by which event."""


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
) -> tuple[BreachChange, ...]:
    found = []
    for key in keys:
        breach = _breach(late[key])
        other = kept.get(key)
        if other is None:
            contrast = f"no turn {'begins' if there == 'is' else 'would begin'} there"
        elif other.due_at is None:
            contrast = f"there {there} no deadline"
        else:
            contrast = f"it {there} due {for_people(other.due_at)}"
        why = f"due {for_people(breach.due_at)} it {here} late ({breach.clause}); {contrast}"
        found.append(BreachChange(number, breach.priority, breach, why))
    return tuple(found)


def _breach(turn: TurnClock) -> LateTurn:
    assert turn.due_at is not None, "a breach has a deadline"
    assert turn.breached_at is not None, "a breach has an instant"
    running = [span.clause for span in turn.spans if span.state == "running"]
    return LateTurn(
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
    """The sum of many verdicts; it keeps `most` changes of each kind and counts them all.

    `set_aside` are the tickets that could not be read.
    """

    most: int = 1000
    tickets: int = 0
    changed: int = 0
    turns: int = 0
    breaches: int = 0
    supposed_turns: int = 0
    supposed_breaches: int = 0
    appeared: dict[Priority, int] = field(default_factory=dict)
    vanished: dict[Priority, int] = field(default_factory=dict)
    appearing: list[BreachChange] = field(default_factory=list)
    vanishing: list[BreachChange] = field(default_factory=list)
    set_aside: tuple[UUID, ...] = ()

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
        if not self.tickets:
            return "no ticket was created in that time: nothing was judged"
        more, fewer = sum(self.appeared.values()), sum(self.vanished.values())
        return (
            f"{self.breaches} breaches in {self.tickets} tickets; {more} appear, {fewer} vanish:"
            f" {self.supposed_breaches} in all, {self.changed} tickets change"
        )


Unfit = Callable[[UUID, Exception], None]
"""Takes a ticket that cannot be judged, and why, so that it holds up no other."""


async def tally_of(
    histories: AsyncIterable[tuple[UUID, Sequence[Happened]]],
    supposition: Supposition,
    at: datetime,
    most: int,
    unfit: Unfit | None = None,
) -> Tally:
    """Judge every history that is a ticket's; one that cannot be judged goes to `unfit`.

    Raise Unanswerable or OutsideCoverage as `judge` does, and without `unfit` all that it raises.
    """
    tally = Tally(most)
    async for ticket_id, history in histories:
        created = history[0].event
        if not isinstance(created, TicketCreated):
            continue
        try:
            tally.add(judge(created.number, created, history, supposition, at))
        except (Unanswerable, OutsideCoverage):
            raise
        except Exception as fault:
            if unfit is None:
                raise
            unfit(ticket_id, fault)
    return tally


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


def spent(breach: LateTurn) -> str:
    """Return what a breached turn had used of its budget, in hours."""
    budget = "an agreed deadline" if breach.budget_s is None else hours(breach.budget_s)
    return f"{hours(breach.consumed_s)} of {budget}"
