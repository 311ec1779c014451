"""The response clock: how long the provider has had a ticket, by when it must answer, and why.

A pure fold of history and policy at an instant. Deadlines are derived here; stored ones are only
copies. A deadline is the instant at which the last budgeted second ends; overdue is strictly later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from docket_events.clock import TicketAutoClosed
from docket_events.combining import MergedInto
from docket_events.desk import TicketRejected
from docket_events.recorded import Happened
from docket_events.ticket import Priority
from docket_policies.calendars.epoch import seconds
from docket_policies.clock.addressing_time import AddressingTime, addressing_time
from docket_policies.clock.fold import fold_clock
from docket_policies.clock.progress import ClockProgress
from docket_policies.clock.turn_clock import Span, TurnClock, state_clause, turn_clock
from docket_policies.clock.turns import Turn
from docket_policies.terms.clock_states import OVER, WITHOUT_TERM, ClockState
from docket_policies.terms.policy import Policy

__all__ = [
    "AddressingTime",
    "ResponseClock",
    "Span",
    "TurnClock",
    "addressing_time",
    "response_clock",
    "state_of",
]


@dataclass(frozen=True, slots=True)
class ResponseClock:
    """The clock of a ticket at an instant.

    `deadline` is None where none runs or nobody can know it; `consumed_s` is not capped at the
    budget. `turn` counts from 1, 0 before the clock has started. `ended_at` is when a response or
    the ticket's end ended the turn.
    """

    state: ClockState
    priority: Priority
    deadline: datetime | None
    budget_s: int | None
    consumed_s: int | None
    remaining_s: int | None
    overdue: bool
    ended_at: datetime | None
    clause: str
    turn: int
    turns: tuple[TurnClock, ...]

    @property
    def spans(self) -> tuple[Span, ...]:
        """Return the spans of the turn that counts."""
        return self.turns[self.turn - 1].spans if self.turn else ()


def response_clock(history: Sequence[Happened], policy: Policy, at: datetime) -> ResponseClock:
    """Return the response clock of a history as it stood at an instant (R-1.14, R-6.7).

    Events that happened later than `at` do not count. Raises OutsideCoverage.
    """
    now = seconds(at)
    progress = fold_clock(history, policy, now)
    turns = tuple(turn_clock(turn, policy, now) for turn in progress.turns)
    state = state_of(progress)
    if progress.turn is None:
        untimed = state in WITHOUT_TERM or not progress.timed
        target = None if untimed else policy.targets.get(progress.priority)
        budget = None if target is None else target.budget_s
        return ResponseClock(
            state,
            progress.priority,
            None,
            budget,
            None if budget is None else 0,
            budget,
            False,
            None,
            _clause(progress, state, policy),
            0,
            turns,
        )
    turn = turns[progress.turn.number - 1]
    unknown = state in WITHOUT_TERM or _agreed_since(progress.turn, turn)
    deadline = None if unknown else _deadline(progress.turn, turn)
    budget = None if unknown else turn.budget_s
    ended = progress.turn.answered.occurred_at if progress.turn.answered else turn.ended_at
    return ResponseClock(
        state=state,
        priority=progress.priority,
        deadline=deadline,
        budget_s=budget,
        consumed_s=None if budget is None else turn.consumed_s,
        remaining_s=None if budget is None else max(0, budget - turn.consumed_s),
        overdue=deadline is not None and (ended or at) > deadline,
        ended_at=ended if state in OVER else None,
        clause=_clause(progress, state, policy),
        turn=turn.number,
        turns=turns,
    )


def _agreed_since(turn: Turn, clock: TurnClock) -> bool:
    """Say whether a deadline was agreed while the user owes information: it waits (C-58).

    A breach of the turn stands, whatever was agreed after it.
    """
    return turn.agreed_since and not _had_passed(turn, clock)


def _clause(progress: ClockProgress, state: ClockState, policy: Policy) -> str:
    """Return the clause by which the clock is in its state, after an end that of the end (C-61)."""
    if progress.concluded is not None and policy.readings.ended == "everything":
        match progress.concluded.event:
            case MergedInto():
                return policy.phases["merged_into"]
            case TicketRejected(clause=clause) | TicketAutoClosed(clause=str(clause)):
                return clause
            case _:
                pass
    return state_clause(state, progress.priority, progress.team, policy)


def _deadline(turn: Turn, clock: TurnClock) -> datetime | None:
    """Return the deadline to show: none while a request is open, unless it had passed (C-55)."""
    held = turn.settled is not None and not turn.settled.responded
    return None if held and not _had_passed(turn, clock) else clock.due_at


def _had_passed(turn: Turn, clock: TurnClock) -> bool:
    """Say whether the deadline had passed when the provider's duty ended."""
    ended = turn.settled
    return ended is not None and clock.due_at is not None and seconds(clock.due_at) < ended.at


def state_of(progress: ClockProgress) -> ClockState:
    """Return the state of the clock at this point of its progress."""
    if progress.revoked is not None:
        return "revoked"
    if progress.closed is not None or progress.concluded is not None:
        return "closed"
    if progress.turn is not None and progress.void_for_good:
        return "void"
    if progress.turn is not None:
        return progress.turn.marks[-1].state
    untimed = progress.forwarded is not None or not progress.timed
    return "no_target" if untimed else "not_started"
