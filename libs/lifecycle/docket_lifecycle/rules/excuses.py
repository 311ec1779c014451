"""Excusing a breach: recorded beside it, and removed from no report (R-7.2, I-7.9, C-14).

Whether a turn is a breach is computed from the clock, not taken from an event: an imported breach,
or one that is not recorded yet, can be excused too (decision 0017).
"""

from collections.abc import Sequence
from datetime import datetime

from docket_events.desk import BreachExcused
from docket_events.recorded import Event, Happened
from docket_lifecycle.commands import ExcuseBreach
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext
from docket_policies.calendars.opentime import OutsideCoverage
from docket_policies.clock.response_clock import response_clock
from docket_policies.terms.policy import Policy


def excuse_breach(
    history: Sequence[Happened], command: ExcuseBreach, context: DecisionContext
) -> tuple[Event, ...]:
    """Excuse the breach of a turn for a reason of the pack's closed list (R-7.2, I-7.9).

    It is allowed in every phase, also after the end. Raises Refused, and OutsideCoverage.
    """
    reason = context.policy.excuses.get(command.reason)
    if reason is None:
        listed = ", ".join(sorted(context.policy.excuses))
        raise Refused(
            "unknown_reason", context.clause, f"no reason {command.reason!r}; known: {listed}"
        )
    turns = response_clock(history, context.policy, context.at).turns
    if not 1 <= command.turn <= len(turns):
        raise Refused(
            "unknown_turn", context.clause, f"no turn {command.turn}; there are {len(turns)}"
        )
    excused = _excuse_of(command.turn, history)
    if excused is not None:
        if (excused.reason, excused.approver) == (command.reason, command.approver):
            return ()
        raise Refused("already_excused", context.clause, f"it is excused for {excused.reason}")
    turn = turns[command.turn - 1]
    if turn.due_at is None or not turn.is_breach:
        raise Refused("not_breached", context.clause, f"turn {command.turn} is no breach")
    return (
        BreachExcused(command.turn, command.reason, reason.clause, command.approver, turn.due_at),
    )


def breached_turns(history: Sequence[Happened], policy: Policy, at: datetime) -> tuple[int, ...]:
    """Return the turns that are breaches at an instant, none where no calendar knows its year."""
    try:
        turns = response_clock(history, policy, at).turns
    except OutsideCoverage:
        return ()
    return tuple(turn.number for turn in turns if turn.is_breach)


def excuses_of(history: Sequence[Happened]) -> tuple[BreachExcused, ...]:
    """Return the recorded excuses, oldest first."""
    events = (happened.event for happened in history)
    return tuple(event for event in events if isinstance(event, BreachExcused))


def _excuse_of(turn: int, history: Sequence[Happened]) -> BreachExcused | None:
    return next((excuse for excuse in excuses_of(history) if excuse.turn == turn), None)
