"""What somebody may ask for: the commands, one value each.

Texts and files stand in the content store; a command carries references to them, so that the rules
never see personal data. The verb of a command in the API, in the packs and in the documents is its
name in kebab-case.
"""

from dataclasses import dataclass

from docket_events.codec import kebab
from docket_events.ticket import Channel, ContentRef, Priority, RequestKind


@dataclass(frozen=True, slots=True)
class Create:
    number: str
    account_id: str
    requester_id: str
    channel: Channel
    product: str
    product_version: str | None = None
    edition: str | None = None
    environment: str | None = None
    kind: str | None = None
    requested_priority: Priority | None = None
    justification: ContentRef | None = None
    service_level: str | None = None
    subject: ContentRef | None = None
    description: ContentRef | None = None
    contact: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """Register a ticket of another channel in the Client Area on the user's behalf (R-4.2-b)."""


@dataclass(frozen=True, slots=True)
class Prioritize:
    priority: Priority
    reason: str
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Respond:
    content: ContentRef
    proposes_solution: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    content: ContentRef


@dataclass(frozen=True, slots=True)
class Comment:
    content: ContentRef


@dataclass(frozen=True, slots=True)
class RequestInformation:
    items: ContentRef
    kind: RequestKind = "information"


@dataclass(frozen=True, slots=True)
class ProvideInformation:
    request: str
    content: ContentRef | None = None
    upload_pending: bool = False


@dataclass(frozen=True, slots=True)
class CompleteUpload:
    request: str


@dataclass(frozen=True, slots=True)
class RejectInformation:
    request: str
    reason: ContentRef


@dataclass(frozen=True, slots=True)
class Suspend:
    pass


@dataclass(frozen=True, slots=True)
class Resume:
    pass


@dataclass(frozen=True, slots=True)
class Revoke:
    pass


@dataclass(frozen=True, slots=True)
class Close:
    reason: str
    plan_reference: str | None = None
    reference: str | None = None
    content: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class Object:
    """Object to a closing; motivated means that description and consequences are both there."""

    description: ContentRef | None = None
    consequences: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class RefuseObjection:
    reason: ContentRef


TicketCommand = (
    Register
    | Prioritize
    | Respond
    | Reply
    | Comment
    | RequestInformation
    | ProvideInformation
    | CompleteUpload
    | RejectInformation
    | Suspend
    | Resume
    | Revoke
    | Close
    | Object
    | RefuseObjection
)
"""The commands on a ticket that exists."""

Command = Create | TicketCommand


def verb_of(command: Command | type[Command]) -> str:
    """Return the command's verb, as in `POST /v1/tickets/{id}/<verb>` and in the packs."""
    kind = command if isinstance(command, type) else type(command)
    return kebab(kind.__name__)
