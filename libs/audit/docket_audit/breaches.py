"""Breaches with their excuses: what was recorded, and what is a breach now (C-09).

Nothing removes a breach from the log. An excuse is an event with its reason and who answers for it:
one recorded as an excuse (R-7.2, I-7.9), or one after which the turn is no breach by the terms. The
figures with and without excuses are both shown.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from docket_audit.event_refs import reason_of
from docket_audit.replay import Replay
from docket_events.clock import BreachWithdrawn, ResponseOverdue
from docket_events.desk import BreachExcused
from docket_events.recorded import Actor, Recorded
from docket_events.ticket import Priority
from docket_policies.clock.response_clock import response_clock


@dataclass(frozen=True, slots=True)
class Excuse:
    """The event that excuses a breach, the code of its reason, and who answers for it.

    `clause` is that of the reason if the event has one; an event that undid a breach has none.
    """

    event: Recorded
    reason: str | None
    approver: Actor
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class Breach:
    """A turn that was recorded as overdue or is: `told` and `told_due_at` are what was recorded.

    `due_at` and `breached_at` are what the terms say at the point, `stands` whether it is a breach
    there without an excuse. `withdrawn` is the event that took the record back. Breaches from
    before an import, and those not yet recorded, have no `told`.
    """

    turn: int
    priority: Priority
    told: Recorded | None
    told_due_at: datetime | None
    due_at: datetime | None
    breached_at: datetime | None
    stands: bool
    withdrawn: Recorded | None
    excuse: Excuse | None


@dataclass(frozen=True, slots=True)
class Figures:
    """How many breaches there are, and how many recorded, not excused, excused, not recorded."""

    breaches: int
    told: int
    standing: int
    excused: int
    untold: int


def breaches(replay: Replay) -> tuple[Breach, ...]:
    """Return the breaches of a ticket at a point, in the order of its turns."""
    return tuple(_breaches(replay))


def figures(found: Iterable[Breach]) -> Figures:
    """Return the figures of breaches, before and after excuses."""
    each = list(found)
    return Figures(
        breaches=len(each),
        told=sum(breach.told is not None for breach in each),
        standing=sum(breach.stands for breach in each),
        excused=sum(breach.excuse is not None for breach in each),
        untold=sum(breach.told is None for breach in each),
    )


def _breaches(replay: Replay) -> Iterator[Breach]:
    for turn in replay.clock.turns:
        told = next(iter(_of(replay, ResponseOverdue, turn.number)), None)
        withdrawn = _of(replay, BreachWithdrawn, turn.number)
        ruling = next(iter(_of(replay, BreachExcused, turn.number)), None)
        if told is None and not turn.is_breach:
            continue
        yield Breach(
            turn=turn.number,
            priority=turn.priority,
            told=told,
            told_due_at=told.event.due_at
            if told is not None and isinstance(told.event, ResponseOverdue)
            else None,
            due_at=turn.due_at,
            breached_at=turn.breached_at,
            stands=turn.is_breach and ruling is None,
            withdrawn=withdrawn[-1] if withdrawn and not turn.is_breach else None,
            excuse=_ruled(ruling) if turn.is_breach else _overtaken(replay, told, turn.number),
        )


def _of(
    replay: Replay, kind: type[ResponseOverdue | BreachWithdrawn | BreachExcused], turn: int
) -> list[Recorded]:
    return [
        each
        for each in replay.sight.counted
        if isinstance(each.event, kind) and each.event.turn == turn
    ]


def _ruled(ruling: Recorded | None) -> Excuse | None:
    """Return the excuse that was recorded, with the agent who answers for it (R-7.2, I-7.9)."""
    if ruling is None or not isinstance(ruling.event, BreachExcused):
        return None
    excused = ruling.event
    return Excuse(ruling, excused.reason, Actor("agent", excused.approver), excused.clause)


def _overtaken(replay: Replay, told: Recorded | None, turn: int) -> Excuse | None:
    """Return the last event without which the turn would still be a breach."""
    if told is None:
        return None
    counted = replay.sight.counted
    for n in range(len(counted) - 1, 0, -1):
        if counted[n].version < told.version:
            return None
        clock = response_clock(counted[:n], replay.terms, replay.sight.at)
        if turn <= len(clock.turns) and clock.turns[turn - 1].is_breach:
            event = counted[n]
            return Excuse(event, reason_of(event), event.actor)
    return None
