"""The commands of the conversation between the two sides."""

from dataclasses import dataclass

from docket_events.ticket import ContentRef, RequestKind


@dataclass(frozen=True, slots=True)
class Respond:
    content: ContentRef
    proposes_solution: bool = False
    attachments: tuple[ContentRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    content: ContentRef
    attachments: tuple[ContentRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    content: ContentRef
    attachments: tuple[ContentRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Add a note that the user never sees."""

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
    attachments: tuple[ContentRef, ...] = ()


@dataclass(frozen=True, slots=True)
class CompleteUpload:
    request: str


@dataclass(frozen=True, slots=True)
class RejectInformation:
    request: str
    reason: ContentRef


ConversationCommand = (
    Respond
    | Reply
    | Comment
    | Note
    | RequestInformation
    | ProvideInformation
    | CompleteUpload
    | RejectInformation
)
