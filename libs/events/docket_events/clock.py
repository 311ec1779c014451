"""What passing time does to a ticket: the events that sla-clock writes when an instant comes."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class InformationDeadlinePassed:
    """The request went unanswered beyond `deadline`, the last valid instant (R-6.9-b)."""

    request: str
    deadline: datetime
    clause: str


@dataclass(frozen=True, slots=True)
class ResponseDueSoon:
    turn: int
    due_at: datetime
    clause: str


@dataclass(frozen=True, slots=True)
class ResponseOverdue:
    turn: int
    due_at: datetime
    clause: str


@dataclass(frozen=True, slots=True)
class BreachWithdrawn:
    """What was told as overdue is not: a later event moved the deadline of that turn (C-09)."""

    turn: int
    due_at: datetime
    clause: str


@dataclass(frozen=True, slots=True)
class TicketAutoClosed:
    """The user was silent for so long that the terms close the ticket (I-3.6).

    `due_at` is the exclusive end of the silence that the terms bear.
    """

    reason: str | None = None
    clause: str | None = None
    due_at: datetime | None = None


ClockEvent = (
    InformationDeadlinePassed
    | ResponseDueSoon
    | ResponseOverdue
    | BreachWithdrawn
    | TicketAutoClosed
)
