"""Deadlines and the timers that watch them, each kind by its own arithmetic.

Three kinds that share no code: budgets of the response clock, windows of elapsed hours whose last
instant is inside, windows of days whose end is outside. A timer fires at the first whole second at
which the thing it tells is true.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from docket_events.clock import InformationDeadlinePassed, ResponseDueSoon, ResponseOverdue
from docket_events.recorded import Happened
from docket_policies.clock import state_of
from docket_policies.counting import days_after_date, hours_later
from docket_policies.course import Course
from docket_policies.fold import follow
from docket_policies.instants import DAY, moment, seconds
from docket_policies.model import ClockState, Policy
from docket_policies.reckoning import spent_at, stretches, target_of
from docket_policies.turn_clock import due_of, known_since, state_clause

TimerName = Literal[
    "ResponseDueSoon", "ResponseOverdue", "InformationDeadlinePassed", "ClosureBecameFinal"
]

_SECOND = timedelta(seconds=1)

_PROVIDERS_TURN: frozenset[ClockState] = frozenset(
    {
        "running",
        "waiting_third_party",
        "cause_unknown",
        "scheduled_operation",
        "individual_deadline",
    }
)


@dataclass(frozen=True, slots=True)
class Timer:
    """An instant to wake up at; `key` tells timers of one name apart, `due_at` is the deadline."""

    name: TimerName
    key: str
    fires_at: datetime
    clause: str
    due_at: datetime


def information_deadline(policy: Policy, requested_at: datetime) -> datetime | None:
    """Return the last instant at which requested information is in time (R-6.9-b).

    None where the terms know no such window.
    """
    window = policy.information_window
    return None if window is None else hours_later(requested_at, window.hours)


def objections_until(policy: Policy, sent_at: datetime) -> datetime | None:
    """Return the exclusive end of the window in which a closing may be objected to (R-6.10-b).

    None where the terms grant no objection.
    """
    window = policy.objection_window
    if window is None:
        return None
    match policy.readings.days:
        case "from_date":
            return days_after_date(sent_at, window.days)
        case "from_moment":
            return sent_at.astimezone(UTC) + timedelta(days=window.days) + _SECOND
        case "business_days":
            return _after_business_days(policy, sent_at, window.days)


def timers(history: Sequence[Happened], policy: Policy) -> tuple[Timer, ...]:
    """Return the timers that are armed after the last event of a history, in time order.

    What was recorded already is not armed again; an instant that has passed unrecorded fires at
    once. Raises OutsideCoverage.
    """
    if not history:
        return ()
    now = max(seconds(happened.occurred_at) for happened in history)
    course = follow(history, policy, now)
    armed = [
        *_response(course, history, policy, now),
        *_information(course, history, policy),
        *_closing(course, policy),
    ]
    return tuple(sorted(armed, key=lambda timer: (timer.fires_at, timer.name, timer.key)))


def _response(
    course: Course, history: Sequence[Happened], policy: Policy, now: int
) -> Iterator[Timer]:
    """Watch the turn that counts: at a share of its budget, and when its deadline has passed.

    A deadline that became known too late to warn of gives no warning; a later one of the same turn
    is watched again (C-09).
    """
    state, turn = state_of(course), course.turn
    if turn is None or state not in _PROVIDERS_TURN:
        return
    tiles = stretches(turn, policy, now)
    due = due_of(turn, tiles, policy)
    if due is None:
        return
    known = known_since(turn)
    key, due_at = str(turn.number), moment(due)
    clause = state_clause("running", course.priority, course.escalated, policy)
    if state == "individual_deadline":
        clause = policy.states[state]
    told = [
        happened.event
        for happened in history
        if isinstance(happened.event, ResponseDueSoon | ResponseOverdue)
        and happened.event.turn == turn.number
    ]
    if not any(isinstance(event, ResponseOverdue) and event.due_at >= due_at for event in told):
        yield Timer("ResponseOverdue", key, moment(max(due + 1, known)), clause, due_at)
    if told or turn.individual is not None or due <= known:
        return
    share = -(-target_of(turn, policy).budget_s * policy.due_soon_percent // 100)
    soon = spent_at(tiles, policy, share)
    if soon is not None:
        yield Timer("ResponseDueSoon", key, moment(max(soon, known)), clause, due_at)


def _information(course: Course, history: Sequence[Happened], policy: Policy) -> Iterator[Timer]:
    """Watch every request that nobody has answered; neither suspension nor void stops it (C-07)."""
    window = policy.information_window
    if window is None or course.ended:
        return
    told = {
        happened.event.request
        for happened in history
        if isinstance(happened.event, InformationDeadlinePassed)
    }
    for request, asked_at, written in course.waits.unanswered():
        deadline = written or information_deadline(policy, asked_at)
        if request not in told and deadline is not None:
            yield Timer(
                "InformationDeadlinePassed", request, deadline + _SECOND, window.clause, deadline
            )


def _closing(course: Course, policy: Policy) -> Iterator[Timer]:
    """Watch the objection window of the closing in force."""
    window = policy.objection_window
    if window is None or course.closed is None or course.final:
        return
    notice = course.closed
    until = notice.objections_until or objections_until(policy, notice.sent_at)
    if until is not None:
        yield Timer("ClosureBecameFinal", str(notice.notice_id), until, window.clause, until)


def _after_business_days(policy: Policy, sent_at: datetime, days: int) -> datetime:
    """Return the exclusive end of the so-manieth business day after the date of the notice."""
    day = seconds(sent_at) // DAY
    while days > 0:
        day += 1
        days -= policy.business.measure(day * DAY, (day + 1) * DAY) > 0
    return moment((day + 1) * DAY)
