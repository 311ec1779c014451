"""The commands that end a ticket, and those that object to the end."""

from dataclasses import dataclass

from docket_events.ticket import ContentRef


@dataclass(frozen=True, slots=True)
class Reject:
    reason: str
    reference: ContentRef | None = None
    content: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class Close:
    reason: str
    plan_reference: str | None = None
    reference: ContentRef | None = None
    content: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class Object:
    """Object to a closing; it is motivated if it has a description and consequences."""

    description: ContentRef | None = None
    consequences: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class RefuseObjection:
    reason: ContentRef


ClosingCommand = Reject | Close | Object | RefuseObjection
