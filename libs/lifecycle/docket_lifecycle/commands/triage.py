"""Commands that register, prioritize and assign a ticket."""

from dataclasses import dataclass

from docket_events.ticket import Priority


@dataclass(frozen=True, slots=True)
class Register:
    """Register a ticket of another channel in the Client Area on the user's behalf (R-4.2-b)."""


@dataclass(frozen=True, slots=True)
class Prioritize:
    priority: Priority
    reason: str
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assign:
    """Give the ticket to an agent, or to nobody."""

    to: str | None = None


TriageCommand = Register | Prioritize | Assign
