"""A timer: the instant at which a service acts because a deadline passes."""

from collections.abc import Mapping
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

Owner = Literal["sla-clock", "notifier"]

OWNERS: Mapping[TimerName, Owner] = {
    "ResponseDueSoon": "sla-clock",
    "ResponseOverdue": "sla-clock",
    "BreachWithdrawn": "sla-clock",
    "InformationDeadlinePassed": "sla-clock",
    "ClosureBecameFinal": "notifier",
    "TicketAutoClosed": "sla-clock",
    "AttachmentErasureDue": "sla-clock",
}
"""Which service keeps a timer and writes the event when it fires."""

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Timer:
    """An instant at which to act, after `due_at`; `key` tells timers of one name apart."""

    name: TimerName
    key: str
    fires_at: datetime
    clause: str
    due_at: datetime

    @property
    def owner(self) -> Owner:
        """Return the service that keeps the timer."""
        return OWNERS[self.name]
