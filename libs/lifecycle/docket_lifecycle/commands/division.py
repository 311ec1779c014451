"""Commands that divide a ticket and combine several."""

from dataclasses import dataclass
from uuid import UUID

from docket_events.ticket import ContentRef, Priority


@dataclass(frozen=True, slots=True)
class Part:
    """A ticket to be made of a part; its priority is the parent's unless it has its own.

    `reason` is why it was made, as the ticket that is divided says it, for its own history.
    """

    id: UUID
    number: str
    priority: Priority | None = None
    subject: ContentRef | None = None
    description: ContentRef | None = None
    reason: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """Divide a ticket; what no part takes stays in it."""

    parts: tuple[Part, ...]
    reason: ContentRef


@dataclass(frozen=True, slots=True)
class Merge:
    """Combine other tickets into this one; the most urgent priority unless another is named."""

    reason: ContentRef | None = None
    priority: Priority | None = None
