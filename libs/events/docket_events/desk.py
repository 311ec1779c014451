"""What is agreed, refused and noted about a ticket while the provider works on it."""

from dataclasses import dataclass
from datetime import datetime

from docket_events.written import ContentRef, Written


@dataclass(frozen=True, slots=True)
class TicketAssigned:
    """`to` is the agent who works on the ticket from here, None for nobody."""

    to: str | None = None


@dataclass(frozen=True, slots=True)
class TicketTagged:
    """The tags of the ticket from here, all of them."""

    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InternalNoteAdded:
    """A note that the user never sees."""

    content: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class CommentAdded:
    """A message that is no response and no reply; `by` is the side that wrote it."""

    by: str | None = None
    content: ContentRef | None = None
    attachments: tuple[ContentRef, ...] = ()


@dataclass(frozen=True, slots=True)
class IndependentMeasuresProposed:
    """The user asks to act on the product alone (R-6.6-c)."""

    what: Written | None = None
    content: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class IndependentMeasuresAgreed:
    """The provider agrees: what the user does now moves no clock (R-6.6-c, C-15)."""

    what: Written | None = None
    content: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class PeriodExtended:
    """The provider may take `seconds` longer over the turn under way (I-3.5-c, I-3.7-a)."""

    seconds: int
    why: Written | None = None
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class BreachExcused:
    """A breach for which the terms do not hold the provider liable (R-7.2, I-7.9).

    It stays a breach: no clock counts this. `due_at` is the deadline that had passed, `approver`
    the agent who answers for the excuse, `clause` that of the reason, one of the terms' list.
    """

    turn: int
    reason: str
    clause: str
    approver: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DefectLinked:
    """The ticket is about a defect whose correction is planned under a reference (R-6.11)."""

    plan_reference: str


@dataclass(frozen=True, slots=True)
class UpdateReleased:
    """The correction planned under a reference is out (I-3.9.1-c)."""

    plan_reference: str
    version: str | None = None


@dataclass(frozen=True, slots=True)
class TicketRejected:
    """The provider rejects the ticket for a reason of the terms' closed list (I-3.2)."""

    reason: str
    clause: str
    reference: Written | None = None
    content: ContentRef | None = None


DeskEvent = (
    TicketAssigned
    | TicketTagged
    | InternalNoteAdded
    | CommentAdded
    | IndependentMeasuresProposed
    | IndependentMeasuresAgreed
    | PeriodExtended
    | BreachExcused
    | DefectLinked
    | UpdateReleased
    | TicketRejected
)
