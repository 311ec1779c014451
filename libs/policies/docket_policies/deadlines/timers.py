"""Deadlines and the timers that watch them, each kind by its own arithmetic.

Three kinds that share no code: budgets of the response clock, windows of elapsed hours whose last
instant is inside, windows of days whose end is outside. A timer fires at the first whole second at
which the thing it tells is true.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from docket_events.clock import InformationDeadlinePassed
from docket_events.recorded import Happened
from docket_policies.calendars.epoch import seconds
from docket_policies.calendars.time_arithmetic import hours_later
from docket_policies.clock.fold import fold_clock
from docket_policies.clock.progress import ClockProgress
from docket_policies.deadlines.endings import (
    closing_timers,
    erasure_timers,
    objections_until,
    silence_timers,
    silent_until,
)
from docket_policies.deadlines.response_timers import response_timers
from docket_policies.deadlines.timer import SECOND, Timer, TimerName
from docket_policies.terms.policy import Policy

__all__ = [
    "Timer",
    "TimerName",
    "information_deadline",
    "objections_until",
    "silent_until",
    "timers",
]


def information_deadline(policy: Policy, requested_at: datetime) -> datetime | None:
    """Return the last instant at which requested information is in time (R-6.9-b).

    None where the terms know no such window.
    """
    window = policy.information_window
    return None if window is None else hours_later(requested_at, window.hours)


def timers(history: Sequence[Happened], policy: Policy) -> tuple[Timer, ...]:
    """Return the timers that are armed after the last event of a history, in time order.

    What was recorded already is not armed again; an instant that has passed unrecorded fires at
    once. Raises OutsideCoverage.
    """
    if not history:
        return ()
    now = max(seconds(happened.occurred_at) for happened in history)
    progress = fold_clock(history, policy, now)
    armed = [
        *response_timers(progress, history, policy, now),
        *_information(progress, history, policy),
        *closing_timers(progress, policy),
        *silence_timers(progress, policy),
        *erasure_timers(progress, history, policy),
    ]
    return tuple(sorted(armed, key=lambda timer: (timer.fires_at, timer.name, timer.key)))


def _information(
    progress: ClockProgress, history: Sequence[Happened], policy: Policy
) -> Iterator[Timer]:
    """Watch every request that nobody has answered; neither suspension nor void stops it (C-07)."""
    window = policy.information_window
    if window is None or progress.ended:
        return
    told = {
        happened.event.request
        for happened in history
        if isinstance(happened.event, InformationDeadlinePassed)
    }
    for request, deadline in progress.waits.unanswered():
        if request not in told and deadline is not None:
            yield Timer(
                "InformationDeadlinePassed", request, deadline + SECOND, window.clause, deadline
            )
