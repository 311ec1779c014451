"""What divides or combines a ticket, and what it means for the clock (R-6.3-b)."""

from typing import assert_never

from docket_events.combining import SplitChildCreated, TicketsMerged, TicketSplit
from docket_events.recorded import Happened
from docket_policies.clock.progress import ClockProgress
from docket_policies.clock.turn_base import base_of
from docket_policies.terms.policy import Policy

DivisionEvent = TicketSplit | SplitChildCreated | TicketsMerged
"""The events that divide or combine a ticket that goes on."""


def take_division(
    progress: ClockProgress, policy: Policy, at: int, happened: Happened, event: DivisionEvent
) -> None:
    """Note what a division or a combination at `at` (seconds since 1970) does to the clock."""
    base = base_of(event, at, policy.readings)
    match event:
        case TicketSplit():
            if base is not None and progress.turn is not None and progress.turn.answered is None:
                progress.rebase("split", base, at, happened)
        case SplitChildCreated(priority=priority):
            progress.priority = priority
            progress.waits.take_over(event, happened)
            if base is not None:
                progress.rebase("split", base, at, happened)
        case TicketsMerged(priority=priority, answered=answered):
            progress.priority = priority
            progress.waits.take_over(event, happened)
            if base is not None and not answered:
                progress.rebase("merge", base, at, happened)
        case _:
            assert_never(event)
