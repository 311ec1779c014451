"""An instant to wake up at: what a deadline becomes for those who wait for it."""

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
    """An instant to wake up at; `key` tells timers of one name apart, `due_at` is the deadline."""

    name: TimerName
    key: str
    fires_at: datetime
    clause: str
    due_at: datetime
