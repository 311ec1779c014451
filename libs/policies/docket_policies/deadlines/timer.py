"""A timer: the instant at which a service acts because a deadline passes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

TimerName = Literal[
    "ResponseDueSoon",
    "ResponseOverdue",
    "BreachWithdrawn",
    "InformationDeadlinePassed",
    "ClosureBecameFinal",
    "TicketAutoClosed",
    "AttachmentErasureDue",
]

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Timer:
    """An instant at which to act, after `due_at`; `key` tells timers of one name apart."""

    name: TimerName
    key: str
    fires_at: datetime
    clause: str
    due_at: datetime
