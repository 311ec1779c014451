"""The clock and its timers as plain values, by the names of the public contract.

The API and the simulation show the same values.
"""

from datetime import datetime
from typing import Any

from docket_events.codec import type_of
from docket_events.recorded import Happened, Recorded
from docket_policies.clock.addressing_time import AddressingTime
from docket_policies.clock.response_clock import ResponseClock, Span, TurnClock
from docket_policies.deadlines.timers import Timer


def clock_answer(clock: ResponseClock) -> dict[str, Any]:
    """Return the response clock with its turns and the spans of the turn that counts."""
    answer = {
        "clock_state": clock.state,
        "priority": clock.priority,
        "deadline": clock.deadline,
        "budget_s": clock.budget_s,
        "consumed_s": clock.consumed_s,
        "remaining_s": clock.remaining_s,
        "overdue": clock.overdue,
        "clause": clock.clause,
        "turn": clock.turn,
        "turns": [_turn(turn) for turn in clock.turns],
        "spans": [_span(span) for span in clock.spans],
    }
    if clock.ended_at is not None:
        answer["ended_at"] = clock.ended_at
    return answer


def addressing_answer(time: AddressingTime) -> dict[str, Any]:
    """Return the addressing time in wall and working seconds (R-6.1-c)."""
    return {"wall_s": time.wall_s, "working_s": time.working_s}


def timer_answer(timer: Timer) -> dict[str, Any]:
    """Return a timer: what will be true at `fires_at`, and by which clause."""
    return {
        "name": timer.name,
        "key": timer.key,
        "fires_at": timer.fires_at,
        "due_at": timer.due_at,
        "clause": timer.clause,
    }


def _turn(turn: TurnClock) -> dict[str, Any]:
    return {
        "number": turn.number,
        "start": turn.start,
        "clause": turn.clause,
        "cause": _cause(turn.cause),
        "started_at": turn.started_at,
        "ended_at": turn.ended_at,
        "answered_at": turn.answered_at,
        "priority": turn.priority,
        "budget_s": turn.budget_s,
        "consumed_s": turn.consumed_s,
        "due_at": turn.due_at,
        "breached_at": turn.breached_at,
        "void": turn.void,
    }


def _span(span: Span) -> dict[str, Any]:
    return {
        "from": span.from_,
        "to": span.to,
        "state": span.state,
        "counted_s": span.counted_s,
        "calendar": span.calendar,
        "cause": _cause(span.cause),
        "clause": span.clause,
    }


def _cause(cause: Happened) -> dict[str, str | int | datetime]:
    said: dict[str, str | int | datetime] = {
        "type": type_of(cause.event),
        "at": cause.occurred_at,
    }
    if isinstance(cause, Recorded):
        said["version"] = cause.version
    return said
