"""What passing time does to a ticket: the events sla-clock writes when an instant has come."""

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


ClockEvent = InformationDeadlinePassed | ResponseDueSoon | ResponseOverdue
