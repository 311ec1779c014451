"""What passing time does to a ticket: the events that are due when its timers fire."""

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
from docket_events.contents import attachments_left
from docket_events.erasure import AttachmentErased
from docket_events.recorded import Recorded
from docket_policies.deadlines.timer import Timer
from docket_policies.terms.policy import Policy
from docket_runtime.projections.clock_timers import OWNER as OWNER  # the loops ask this module
from docket_runtime.projections.clock_timers import armed as armed


def due(
    history: Sequence[Recorded], policy: Policy, at: datetime
) -> tuple[ClockEvent | AttachmentErased, ...]:
    """Return the events that have become true by `at` and are not recorded yet, in time order."""
    return tuple(_event(timer, history) for timer in armed(history, policy) if timer.fires_at <= at)


def happens_at(event: ClockEvent | AttachmentErased, present: datetime) -> datetime:
    """Return when an event that is due happens: a closing for silence when the silence ends."""
    if isinstance(event, TicketAutoClosed) and event.due_at is not None:
        return event.due_at
    return present


def _event(timer: Timer, history: Sequence[Recorded]) -> ClockEvent | AttachmentErased:
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
        case "AttachmentErasureDue":
            return AttachmentErased(attachments_left(history), "resolved", timer.clause)
        case "ClosureBecameFinal":
            raise ValueError(f"{timer.name} is not ours to write")
        case _:
            assert_never(timer.name)
