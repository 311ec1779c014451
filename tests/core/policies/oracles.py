"""Second opinions by brute force: calendars and clocks stepped minute by minute.

They share no code with the terms: whether a minute is open is asked of the wall clock, the course
of a ticket is walked one minute after the other. Everything they are asked lies on whole minutes.
What they answer follows the written readings of the terms, C-01 to C-65.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from oracle_events import happen
from oracle_rules import RULES_OF_R, Rules
from oracle_turns import NO_FIGURES, Figures, figures
from oracle_walk import Walk

from docket_events.recorded import Fact
from histories import written

WITHOUT_FIGURES = ("void", "no_target", "revoked")


def walked(history: Sequence[Fact], at: datetime, rules: Rules) -> Walk:
    """Walk a ticket until `at`; at one instant the order recorded decides (C-55)."""
    happened = sorted(
        (fact for fact in history if fact.occurred_at <= at), key=lambda fact: fact.occurred_at
    )
    walk = Walk(rules, happened[0].occurred_at)
    for fact in happened:
        happen(walk, fact)
    walk.go(at)
    return walk


def walked_clock(
    history: Sequence[Fact], at: datetime, rules: Rules = RULES_OF_R
) -> dict[str, Any]:
    """Return the response clock by walking every minute from the first event to `at`."""
    return told(walked(history, at, rules))


def walked_timers(history: Sequence[Fact], rules: Rules) -> set[tuple[str, str, str | None]]:
    """Return the ends of silence and of requests that are armed after the last event.

    Each by its name, its key, and the last instant that is still in time, or the first that is not.
    """
    walk = walked(history, max(fact.occurred_at for fact in history), rules)
    silence = walk.silent_until()
    closing = {("TicketAutoClosed", "auto_no_reply", written(silence))} if silence else set()
    if rules.hours_for_information is None:
        return closing
    return closing | {
        ("InformationDeadlinePassed", name, written(request.last_instant))
        for name, request in walk.requests.items()
        if request.last_instant and request.arrived_at is None and not request.uploading
    }


def told(walk: Walk) -> dict[str, Any]:
    """Say a walk in the words of the shared data; the priority is the ticket's (C-55)."""
    state, turn, ending = walk.state(), walk.turn, walk.ending
    shown = NO_FIGURES
    ended_at = None
    if state not in WITHOUT_FIGURES:
        shown = _figures(walk)
    if turn is not None and state in ("satisfied", "closed", "revoked"):
        ended_at = turn.answered_at or (ending.at if ending else None)
    counted_until = turn.ended_at if turn and turn.ended_at else walk.now
    left = None
    if shown.budget is not None and shown.spent is not None:
        left = 60 * max(0, shown.budget - shown.spent)
    return {
        "clock_state": state,
        "priority": walk.priority,
        "deadline": written(shown.due),
        "budget_s": None if shown.budget is None else 60 * shown.budget,
        "consumed_s": None if shown.spent is None else 60 * shown.spent,
        "remaining_s": left,
        "overdue": shown.due is not None and counted_until > shown.due,
        "ended_at": written(ended_at),
    }


def _figures(walk: Walk) -> Figures:
    if walk.turn is not None:
        return figures(walk.turn, walk.rules, walk.judged())
    if walk.individual is not None:
        return NO_FIGURES
    return Figures(walk.rules.budget[walk.priority], 0, None)
