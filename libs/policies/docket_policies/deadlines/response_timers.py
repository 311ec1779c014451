"""The timers of the response clock: a warning, a breach, and the withdrawal of a breach.

Whether a turn is a breach is judged by the deadline as it is known now. Where a later event moves
that deadline, or shows that the provider did its duty before it, the recorded breach is withdrawn
(C-09).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from docket_events.clock import BreachWithdrawn, ResponseDueSoon, ResponseOverdue
from docket_events.recorded import Happened
from docket_policies.calendars.epoch import moment
from docket_policies.clock.progress import ClockProgress
from docket_policies.clock.response_clock import state_of
from docket_policies.clock.turn_clock import done_at, known_since, state_clause
from docket_policies.clock.turn_time import due_of, spent_at, stretches, term_of
from docket_policies.clock.turns import Turn
from docket_policies.deadlines.timer import Timer
from docket_policies.terms.clock_states import PROVIDER_OWES, ClockState
from docket_policies.terms.policy import Policy


def response_timers(
    progress: ClockProgress, history: Sequence[Happened], policy: Policy, now: int
) -> Iterator[Timer]:
    """Yield the timers of the current turn: at a share of its budget, and after its deadline.

    A deadline that became known too late for a warning gets none; a later deadline of the same turn
    gets timers again (C-09).
    """
    told = _told(history)
    yield from _withdrawn(progress, told, policy, now)
    state, turn = state_of(progress), progress.turn
    if turn is None or state not in PROVIDER_OWES:
        return
    tiles = stretches(turn, policy, now)
    due = due_of(turn, tiles, policy)
    if due is None:
        return
    known = known_since(turn)
    key, due_at = str(turn.number), moment(due)
    clause = _clause(turn, state, policy)
    overdue = told.get(turn.number)
    if overdue is None or overdue < due_at:
        yield Timer("ResponseOverdue", key, moment(max(due + 1, known)), clause, due_at)
    if turn.individual is not None or due <= known or _was_warned(turn, history):
        return
    budget, _ = term_of(turn, tiles, policy)
    soon = spent_at(tiles, policy, -(-budget * policy.due_soon_percent // 100))
    if soon is not None:
        yield Timer("ResponseDueSoon", key, moment(max(soon, known)), clause, due_at)


def _withdrawn(
    progress: ClockProgress, told: Mapping[int, datetime], policy: Policy, now: int
) -> Iterator[Timer]:
    """Yield a withdrawal of each recorded breach whose turn is void or has a later deadline now.

    Also where evidence came late: what ended the provider's duty had happened in time.
    """
    for number, overdue in told.items():
        turn = progress.turns[number - 1] if number <= len(progress.turns) else None
        if turn is None:
            continue
        due = due_of(turn, stretches(turn, policy, now), policy)
        done = done_at(turn)
        moved = due is not None and moment(due) > overdue
        in_time = due is not None and done is not None and done <= due
        if turn.void or moved or in_time:
            clause = _clause(turn, turn.marks[-1].state, policy)
            yield Timer("BreachWithdrawn", str(number), moment(now), clause, overdue)


def _told(history: Sequence[Happened]) -> dict[int, datetime]:
    """Return for each turn the latest deadline that is recorded as passed and not withdrawn."""
    told: dict[int, datetime] = {}
    for happened in history:
        match happened.event:
            case ResponseOverdue(turn=turn, due_at=due_at):
                told[turn] = max(due_at, told.get(turn, due_at))
            case BreachWithdrawn(turn=turn):
                told.pop(turn, None)
            case _:
                pass
    return told


def _was_warned(turn: Turn, history: Sequence[Happened]) -> bool:
    return any(
        happened.event.turn == turn.number
        for happened in history
        if isinstance(happened.event, ResponseDueSoon | ResponseOverdue)
    )


def _clause(turn: Turn, state: ClockState, policy: Policy) -> str:
    if state == "individual_deadline":
        return policy.states[state]
    last = turn.marks[-1]
    return state_clause("running", last.priority, last.team, policy)
