"""What divides, combines or ends a ticket, and what it means for the clock (R-6.3-b, R-6.10-c)."""

from typing import assert_never

from docket_events.clock import (
    TicketAutoClosed,
)
from docket_events.combining import MergedInto, SplitChildCreated, TicketsMerged, TicketSplit
from docket_events.desk import (
    TicketRejected,
)
from docket_events.notice import (
    ClosureNoticeSent,
)
from docket_events.recorded import Happened
from docket_events.ticket import (
    ClosureDecided,
    ObjectionRefused,
    TicketRevoked,
)
from docket_policies.clock.progress import ClockProgress
from docket_policies.clock.turn_base import base_of
from docket_policies.terms.policy import Policy

StepEvent = (
    TicketSplit
    | SplitChildCreated
    | TicketsMerged
    | TicketRevoked
    | TicketRejected
    | TicketAutoClosed
    | MergedInto
    | ClosureDecided
    | ClosureNoticeSent
    | ObjectionRefused
)
"""The events that divide, combine or end a ticket."""


def take_step(
    progress: ClockProgress,
    policy: Policy,
    at: int,
    happened: Happened,
    event: StepEvent,
) -> None:
    """Note what a division, a combination or an end at `at` (seconds since 1970) does."""
    readings, waits = policy.readings, progress.waits
    match event:
        case TicketSplit():
            base = base_of(event, at, readings)
            if base is not None and progress.turn is not None and progress.turn.answered is None:
                progress.rebase("split", base, at, happened)
        case SplitChildCreated(priority=priority):
            progress.priority, base = priority, base_of(event, at, readings)
            waits.take_over(event, happened)
            if base is not None:
                progress.rebase("split", base, at, happened)
        case TicketsMerged(priority=priority, answered=answered):
            progress.priority, base = priority, base_of(event, at, readings)
            waits.take_over(event, happened)
            if base is not None and not answered:
                progress.rebase("merge", base, at, happened)
        case TicketRevoked():
            progress.revoke(at, happened)
        case TicketRejected() | TicketAutoClosed() | MergedInto():
            progress.conclude(at, happened)
        case ClosureDecided():
            progress.reopened = None
        case ClosureNoticeSent():
            progress.close(event, happened)
        case ObjectionRefused():
            progress.refuse_objection(at, happened)
        case _:
            assert_never(event)
