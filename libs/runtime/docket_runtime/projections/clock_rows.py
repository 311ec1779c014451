"""The rows of the table `clocks`: a ticket's response clock as of its last event."""

from collections.abc import Sequence
from datetime import datetime

from docket_events.recorded import Recorded
from docket_events.ticket import TicketCreated
from docket_policies.clock.response_clock import ResponseClock, response_clock
from docket_policies.terms.loader import policy_of

PARKED = "parked"

CLOCK_COLUMNS = (
    "version",
    "turn",
    "state",
    "priority",
    "clause",
    "due_at",
    "budget_s",
    "consumed_s",
    "overdue",
    "ended_at",
    "counted_at",
)


def clock_row(version: int, at: datetime, clock: ResponseClock | None) -> tuple[object, ...]:
    """Return the row in the order of CLOCK_COLUMNS; without a clock the ticket is parked."""
    if clock is None:
        return version, 0, PARKED, *([None] * 5), False, None, at
    return (
        version,
        clock.turn,
        clock.state,
        clock.priority,
        clock.clause,
        clock.deadline,
        clock.budget_s,
        clock.consumed_s,
        clock.overdue,
        clock.ended_at,
        at,
    )


def counted(history: Sequence[Recorded]) -> tuple[object, ...]:
    """Return the row of a history, counted at its latest event."""
    at = max(recorded.occurred_at for recorded in history)
    try:
        created = history[0].event
        if not isinstance(created, TicketCreated):
            raise ValueError(f"a ticket begins with TicketCreated, not {history[0].type}")
        clock = response_clock(history, policy_of(created), at)
    except Exception:  # sla-clock has parked and logged a ticket that it could not count either
        clock = None
    return clock_row(history[-1].version, at, clock)
