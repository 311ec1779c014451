"""Commands that register, prioritize, assign and correct a ticket."""

from dataclasses import dataclass

from docket_events.ticket import ContentRef, Priority


@dataclass(frozen=True, slots=True)
class Register:
    """Register a ticket of another channel in the Client Area on the user's behalf (R-4.2-b)."""


@dataclass(frozen=True, slots=True)
class Prioritize:
    priority: Priority
    reason: ContentRef
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assign:
    """Give the ticket to an agent, or to nobody."""

    to: str | None = None


@dataclass(frozen=True, slots=True)
class Correct:
    """Correct what the ticket says of itself: what is named replaces, the rest stays."""

    reason: ContentRef
    subject: ContentRef | None = None
    contact: ContentRef | None = None
    product_version: str | None = None
    edition: str | None = None


TriageCommand = Register | Prioritize | Assign | Correct
