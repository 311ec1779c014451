"""What passing time does to a ticket: the timers ahead, and the events that are due."""

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
from docket_lifecycle.state.imported import settled_until
from docket_policies.deadlines.timer import Owner, Timer
from docket_policies.deadlines.timers import timers
from docket_policies.terms.policy import Policy

OWNER: Owner = "sla-clock"
"""Whose timers these are, and who acts when they fire."""


def armed(history: Sequence[Recorded], policy: Policy) -> tuple[Timer, ...]:
    """Return the timers that sla-clock keeps after a history, in time order.

    What fell due before an import is settled in the system it came from. If no file is left there
    is nothing to erase.
    """
    settled = settled_until(history)
    has_files = bool(attachments_left(history))
    return tuple(
        timer
        for timer in timers(history, policy)
        if timer.owner == OWNER
        and (has_files or timer.name != "AttachmentErasureDue")
        and (settled is None or timer.fires_at > settled)
    )


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
