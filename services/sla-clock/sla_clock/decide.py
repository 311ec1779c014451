"""What passing time owes to a ticket: which instants are ahead, and which have come."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from docket_events.clock import (
    BreachWithdrawn,
    ClockEvent,
    InformationDeadlinePassed,
    ResponseDueSoon,
    ResponseOverdue,
    TicketAutoClosed,
)
from docket_events.recorded import Recorded
from docket_lifecycle.imported import settled_until
from docket_policies.deadlines import Timer, timers
from docket_policies.model import Policy

_BY_OTHERS = frozenset({"ClosureBecameFinal", "AttachmentErasureDue"})
"""Timers of notifier's windows, and of whoever erases content."""


def armed(history: Sequence[Recorded], policy: Policy) -> tuple[Timer, ...]:
    """Return the timers of the clock that stand after a history, in time order.

    What fell due before an import was written down is settled where it came from.
    """
    settled = settled_until(history)
    return tuple(
        timer
        for timer in timers(history, policy)
        if timer.name not in _BY_OTHERS and (settled is None or timer.fires_at > settled)
    )


def due(history: Sequence[Recorded], policy: Policy, at: datetime) -> tuple[ClockEvent, ...]:
    """Return what has become true by `at` and is not recorded yet, in time order."""
    return tuple(_event(timer) for timer in armed(history, policy) if timer.fires_at <= at)


def _event(timer: Timer) -> ClockEvent:
    match timer.name:
        case "InformationDeadlinePassed":
            return InformationDeadlinePassed(timer.key, timer.due_at, timer.clause)
        case "ResponseDueSoon":
            return ResponseDueSoon(int(timer.key), timer.due_at, timer.clause)
        case "ResponseOverdue":
            return ResponseOverdue(int(timer.key), timer.due_at, timer.clause)
        case "BreachWithdrawn":
            return BreachWithdrawn(int(timer.key), timer.due_at, timer.clause)
        case "TicketAutoClosed":
            return TicketAutoClosed(timer.key, timer.clause, timer.due_at)
        case "ClosureBecameFinal" | "AttachmentErasureDue":
            raise ValueError(f"{timer.name} is not ours to write")
        case _:
            assert_never(timer.name)
