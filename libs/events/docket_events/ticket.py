"""What people do to a ticket: the events caused by customers and agents.

Names, fields and meanings are storage format and public contract. Texts, addresses and files never
stand here: a `ContentRef` points into the erasable content store beside the log.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from docket_events.opening import AgreedTarget, Classification, EnvironmentKind, Support
from docket_events.waits import ProviderWaitEvent
from docket_events.written import ContentRef as ContentRef
from docket_events.written import Written

Channel = Literal["client_area", "email", "phone", "chat", "telegram", "api"]
Priority = Literal["Emergency", "High", "Medium", "Low"]
RequestKind = Literal["information", "access", "backup_space", "test_bench"]


@dataclass(frozen=True, slots=True)
class TicketCreated:
    """`special_conditions` were in force at creation; a part was `split_from` another ticket.

    The rules know the `environment` by its `environment_kind` only.
    `readings_version` says how the edition was read then, None for 1; `plan` and `classification`
    are there under terms that know them (H-plan, H-policy-4).
    """

    number: str
    account_id: str
    requester_id: str
    channel: Channel
    product: str
    priority: Priority
    pack: str
    revision: str
    product_version: str | None = None
    edition: str | None = None
    environment: Written | None = None
    kind: str | None = None
    requested_priority: Priority | None = None
    justification: ContentRef | None = None
    service_level: str | None = None
    subject: ContentRef | None = None
    description: ContentRef | None = None
    contact: ContentRef | None = None
    special_conditions: Mapping[Priority, AgreedTarget] | None = None
    split_from: str | None = None
    readings_version: int | None = None
    attachments: tuple[ContentRef, ...] = ()
    os: Written | None = None
    plan: str | None = None
    classification: Classification | None = None
    support: Support | None = None
    environment_kind: EnvironmentKind | None = None


@dataclass(frozen=True, slots=True)
class TicketImported:
    """Mark a history taken over from another system: what it owed before is settled there."""

    source: str
    source_id: str


@dataclass(frozen=True, slots=True)
class TicketCorrected:
    """What is named replaces what was said before, and the rest stays: it moves no clock."""

    reason: Written
    subject: ContentRef | None = None
    contact: ContentRef | None = None
    product_version: str | None = None
    edition: str | None = None


@dataclass(frozen=True, slots=True)
class TicketRegisteredInClientArea:
    on_behalf_of: str


@dataclass(frozen=True, slots=True)
class PriorityChanged:
    """`from_` is `from` on the wire; equal to `to` where only the criteria are others (C-66)."""

    to: Priority
    from_: Priority | None = None
    reason: Written | None = None
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResponseSent:
    content: ContentRef | None = None
    proposes_solution: bool = False
    attachments: tuple[ContentRef, ...] = ()


@dataclass(frozen=True, slots=True)
class UserReplied:
    """A message of the user while the ball was with the user: it opens a new turn."""

    content: ContentRef | None = None
    attachments: tuple[ContentRef, ...] = ()


@dataclass(frozen=True, slots=True)
class UserCommented:
    """A message of the user while the provider was working: it moves no clock (C-06)."""

    content: ContentRef | None = None
    attachments: tuple[ContentRef, ...] = ()


@dataclass(frozen=True, slots=True)
class InformationRequested:
    request: str
    kind: RequestKind = "information"
    items: ContentRef | None = None
    deadline: datetime | None = None
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class InformationProvided:
    request: str
    upload_pending: bool = False
    content: ContentRef | None = None
    attachments: tuple[ContentRef, ...] = ()


@dataclass(frozen=True, slots=True)
class UploadCompleted:
    request: str


@dataclass(frozen=True, slots=True)
class InformationRejected:
    """The answer was not enough: the same request is open again since its first moment (C-05).

    `deadline` is the last valid instant now, None where it is as before (C-56).
    """

    request: str
    reason: ContentRef | None = None
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class TicketSuspended:
    by: str


@dataclass(frozen=True, slots=True)
class TicketResumed:
    by: str


@dataclass(frozen=True, slots=True)
class TicketRevoked:
    by: str


@dataclass(frozen=True, slots=True)
class ProductTeamEscalated:
    reason: Written | None = None


@dataclass(frozen=True, slots=True)
class ProductTeamReturned:
    reason: Written | None = None


@dataclass(frozen=True, slots=True)
class UncoordinatedChangeRecorded:
    what: Written | None = None


@dataclass(frozen=True, slots=True)
class IndividualDeadlineSet:
    deadline: datetime
    why: Written | None = None


@dataclass(frozen=True, slots=True)
class ClosureDecided:
    reason: str
    clause: str
    plan_reference: str | None = None
    reference: Written | None = None
    content: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class ObjectionAccepted:
    """A motivated objection came in time: the ticket is open again with a new turn (C-22)."""

    description: ContentRef | None = None
    consequences: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class ObjectionRefused:
    """The provider does not accept the objection: the closing it objected to stands again."""

    reason: ContentRef | None = None


TicketEvent = (
    TicketCreated
    | TicketImported
    | TicketCorrected
    | TicketRegisteredInClientArea
    | PriorityChanged
    | ResponseSent
    | UserReplied
    | UserCommented
    | InformationRequested
    | InformationProvided
    | UploadCompleted
    | InformationRejected
    | TicketSuspended
    | TicketResumed
    | TicketRevoked
    | ProviderWaitEvent
    | ProductTeamEscalated
    | ProductTeamReturned
    | UncoordinatedChangeRecorded
    | IndividualDeadlineSet
    | ClosureDecided
    | ObjectionAccepted
    | ObjectionRefused
)
