"""The clock of one turn: its deadline, its breach, and the spans that explain them."""

from dataclasses import dataclass
from datetime import datetime

from docket_events.recorded import Happened
from docket_events.ticket import Priority
from docket_policies.calendars.epoch import moment, seconds
from docket_policies.clock.turn_time import Stretch, due_of, stretches, term_of
from docket_policies.clock.turns import Turn
from docket_policies.terms.clock_states import ClockState
from docket_policies.terms.policy import Policy, TeamName, TurnStart


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open part of a turn: whether it ran or why not, since which event, by which clause.

    `counted_s` are the seconds it adds to what the turn has consumed, in `calendar` if it runs.
    """

    from_: datetime
    to: datetime
    state: ClockState
    counted_s: int
    calendar: str | None
    cause: Happened
    clause: str


@dataclass(frozen=True, slots=True)
class TurnClock:
    """One stay with the provider; its spans tile [started_at, ended_at), or until now.

    `answered_at` is when the provider's duty ended, by a response or by asking for information.
    `breached_at` is when the deadline passed or became known to have passed (C-09). A `void` turn
    was opened by something that was taken back; it does not count.
    """

    number: int
    start: TurnStart
    clause: str
    cause: Happened
    started_at: datetime
    ended_at: datetime | None
    answered_at: datetime | None
    priority: Priority
    budget_s: int | None
    consumed_s: int
    due_at: datetime | None
    breached_at: datetime | None
    void: bool
    spans: tuple[Span, ...]

    @property
    def breached(self) -> bool:
        """Return whether the deadline passed before the provider did its duty in the turn."""
        return self.breached_at is not None

    @property
    def is_breach(self) -> bool:
        """Return whether the turn is a breach: it counts and its deadline passed."""
        return self.breached and not self.void


def turn_clock(turn: Turn, policy: Policy, now: int) -> TurnClock:
    """Return the clock of a turn at an instant (seconds since 1970); raise OutsideCoverage."""
    tiles = stretches(turn, policy, now)
    budget, due = term_of(turn, tiles, policy)
    if turn.individual is not None:
        due = due_of(turn, tiles, policy)
    done = done_at(turn)
    done = now if done is None else done
    breached = max(due, known_since(turn)) if due is not None and done > due else None
    return TurnClock(
        number=turn.number,
        start=turn.start,
        clause=policy.turn_starts[turn.start],
        cause=turn.cause,
        started_at=moment(turn.started_at),
        ended_at=_moment(turn.ended_at),
        answered_at=_moment(_answered(turn)),
        priority=turn.marks[-1].priority,
        budget_s=budget if turn.individual is None else None,
        consumed_s=sum(tile.counted_s for tile in tiles),
        due_at=_moment(due),
        breached_at=_moment(breached),
        void=turn.void,
        spans=tuple(_span(tile, policy) for tile in tiles if tile.start < tile.end),
    )


def known_since(turn: Turn) -> int:
    """Return since when the turn has its priority: its deadline was not known before (C-09).

    A turn that counts from an earlier instant than the event that opened it has no deadline before
    that event (C-08).
    """
    priority = turn.marks[-1].priority
    since = max(turn.started_at, seconds(turn.cause.occurred_at))
    for earlier, later in zip(turn.marks, turn.marks[1:], strict=False):
        if earlier.priority != priority == later.priority:
            since = later.at
    return since


def done_at(turn: Turn) -> int | None:
    """Return when the provider did its duty in a turn, None while it has not."""
    answered = _answered(turn)
    return turn.ended_at if answered is None else answered


def state_clause(
    state: ClockState, priority: Priority, name: TeamName | None, policy: Policy
) -> str:
    """Return the clause by which the clock runs or is paused."""
    if state != "running":
        return policy.states[state]
    ours = name is None or policy.readings.pt == "ignore"
    hours = None if ours else policy.hours_of(name, priority)
    return policy.targets[priority].clause if hours is None else hours.clause


def _answered(turn: Turn) -> int | None:
    if turn.settled is not None:
        return turn.settled.at
    if turn.answered is not None:
        return seconds(turn.answered.occurred_at)
    last = turn.marks[-1]
    return last.at if last.state == "waiting_user" else None


def _moment(second: int | None) -> datetime | None:
    return None if second is None else moment(second)


def _span(tile: Stretch, policy: Policy) -> Span:
    mark = tile.mark
    return Span(
        from_=moment(tile.start),
        to=moment(tile.end),
        state=mark.state,
        counted_s=tile.counted_s,
        calendar=tile.calendar.name if mark.state == "running" else None,
        cause=mark.cause,
        clause=state_clause(mark.state, mark.priority, mark.team, policy),
    )
