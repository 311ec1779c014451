"""What divides or combines tickets, and what it means for the clock (R-6.3-b, I-3.3, C-08)."""

from typing import assert_never

from docket_events.combining import SplitChildCreated, TicketsMerged, TicketSplit
from docket_events.recorded import Happened
from docket_policies.clock.handing_on.adoption import adopt
from docket_policies.clock.handing_on.turn_base import base_of
from docket_policies.clock.mark import Mark
from docket_policies.clock.progress import ClockProgress
from docket_policies.terms.policy import Policy, TurnStart

DivisionEvent = TicketSplit | SplitChildCreated | TicketsMerged
"""The events that divide or combine a ticket."""


def take_division(
    progress: ClockProgress, policy: Policy, at: int, happened: Happened, event: DivisionEvent
) -> None:
    """Note what a division or a combination at `at` (seconds since 1970) does to the clock."""
    readings, waits = policy.readings, progress.waits
    base = base_of(event, at, readings)
    if readings.refused == "same_ticket":
        progress.reopened = None  # it is another ticket now (C-57)
    match event:
        case TicketSplit():
            if base is not None and progress.turn is not None and progress.turn.answered is None:
                _rebase(progress, policy, "split", base, at, happened)
        case SplitChildCreated(priority=priority, adopted=adopted):
            progress.priority = priority
            waits.take_over(event, happened)
            if adopted is not None and readings.split == "parent":
                adopt(progress, policy, "split", adopted, at, happened)
            elif base is not None:
                _rebase(progress, policy, "split", base, at, happened)
        case TicketsMerged(priority=priority, answered=answered, adopted=adopted):
            progress.priority = priority
            waits.take_over(event, happened)
            if adopted is not None:
                adopt(progress, policy, "merge", adopted, at, happened)
            elif base is not None and not answered:
                _rebase(progress, policy, "merge", base, at, happened)
        case _:
            assert_never(event)


def _rebase(
    progress: ClockProgress, policy: Policy, start: TurnStart, base: int, at: int, by: Happened
) -> None:
    """Count anew from `base`, which may lie before `at`, the instant of the event (R-6.3-b).

    Where the base is this ticket's own creation, this ticket is the most recent one: what paused
    its first turn is kept, and a later turn goes on unchanged (C-08).
    """
    if start not in policy.turn_starts or progress.voided is not None:
        return
    own = progress.turn if base == progress.created_at else None
    kept: list[Mark] = []
    if own is not None and own.answered is None:
        if own.start != "registration":
            return
        kept = own.marks
    turn = progress.begin(start, base, at, by)
    if base < at:
        turn.marks = [Mark(base, "running", progress.priority, None, 0, None, by)]
        turn.marks += [mark for mark in kept if mark.at >= base]
    progress.settle_if_asked(at)
