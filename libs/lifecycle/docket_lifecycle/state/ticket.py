"""What we know of a ticket: the state that a history folds to.

What exists only in one phase of a ticket's life is a field of that phase, so that an impossible
state cannot be expressed. Transitions between phases are made in `fold`.

States are structs, not dataclasses, because folding is replacing fields (decision 0021).
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from msgspec import Struct, field

from docket_events.opening import AgreedTarget, Classification, EnvironmentKind, Support
from docket_events.ticket import Channel, ContentRef, Priority, RequestKind
from docket_events.written import Written
from docket_lifecycle.state.content_refs import Content, ContentEvent, contents_of
from docket_lifecycle.state.work import Work

Side = Literal["provider", "user"]


class Status(StrEnum):
    """The name of a ticket's phase, as the API, the read model and the documents say it."""

    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSING = "closing"
    CLOSED = "closed"
    FINAL = "final"
    REVOKED = "revoked"
    REJECTED = "rejected"
    MERGED = "merged_into"


UNDER_WAY = (Status.OPEN, Status.SUSPENDED, Status.CLOSING)
"""The statuses of a ticket that has not ended."""


class Answer(StrEnum):
    """How far the answer to an information request has come (C-05).

    A request that has ENDED can be neither answered nor rejected: the ticket was closed (C-61).
    """

    AWAITED = "awaited"
    UPLOADING = "uploading"
    GIVEN = "given"
    ENDED = "ended"


OPEN_ANSWERS = frozenset({Answer.AWAITED, Answer.UPLOADING})
"""The answers for which the user is waited for."""


class InformationRequest(Struct, frozen=True):
    """One request to the user: `deadline` is the last valid instant, None where none runs.

    `attachments` are the files that its answer announced, `arrived_at` is since when the whole
    answer lies with the provider (C-56).
    """

    id: str
    kind: RequestKind
    requested_at: datetime
    deadline: datetime | None
    answer: Answer = Answer.AWAITED
    items: ContentRef | None = None
    attachments: tuple[UUID, ...] = ()
    arrived_at: datetime | None = None


class Open(Struct, frozen=True):
    """The ticket is being worked on."""


class Suspended(Struct, frozen=True):
    """The user stopped the work (R-6.6-a)."""

    since: datetime


class Closing(Struct, frozen=True):
    """The provider decided to close; the notice is not sent yet, so it is not closed (C-21)."""

    decided_at: datetime
    reason: str
    clause: str
    before: "Open | Suspended"


class Closed(Struct, frozen=True):
    """The closing notice went out at `at`; until `objections_until` (exclusive) one may object."""

    at: datetime
    reason: str
    clause: str
    objections_until: datetime | None


class Final(Struct, frozen=True):
    """Closed without comments (R-6.10-b)."""

    at: datetime
    closed: Closed


class Revoked(Struct, frozen=True):
    """The user took the ticket back (R-6.6-a)."""

    at: datetime


class Rejected(Struct, frozen=True):
    """The provider rejected the ticket (I-3.2)."""

    at: datetime
    reason: str
    clause: str


class Merged(Struct, frozen=True):
    """The ticket was merged into another one: it ended without notice and objection (C-23)."""

    at: datetime
    into: str


Phase = Open | Suspended | Closing | Closed | Final | Revoked | Rejected | Merged


class Imported(Struct, frozen=True):
    """Where an imported history came from."""

    source: str
    source_id: str


class Ticket(Struct, frozen=True):
    """A ticket after `version` events.

    `waiting_for` says with whom the ball is, `counting` whether the response clock ever started;
    `reopened_from` is the closing that an accepted objection undid, for as long as the provider may
    still refuse that objection. `split_from` and `parts` name the other side of a division,
    `sources` the tickets combined into this one. `criteria` are those on which the present priority
    rests (R-5.2, I-2.6), `justification` is why another was requested (R-6.5). `support`, `plan`
    and `classification` are what was found at opening, None for a ticket opened before that was
    told. `undelivered` are the notices to the user whose copy by mail did not arrive (C-51).
    `content_events` refer to content beside the log: the references are needed seldom, so
    they are collected on request (decision 0022).
    """

    id: UUID
    version: int
    number: str
    account_id: str
    requester_id: str
    channel: Channel
    product: str
    pack: str
    revision: str
    priority: Priority
    created_at: datetime
    updated_at: datetime
    phase: Phase = field(default_factory=Open)
    waiting_for: Side = "provider"
    requested_priority: Priority | None = None
    criteria: tuple[str, ...] = ()
    product_version: str | None = None
    edition: str | None = None
    environment: Written | None = None
    environment_kind: EnvironmentKind | None = None
    kind: str | None = None
    justification: ContentRef | None = None
    service_level: str | None = None
    registered_at: datetime | None = None
    counting: bool = False
    in_client_area: bool = False
    requests: Mapping[str, InformationRequest] = field(default_factory=dict)
    reopened_from: Closed | None = None
    subject: ContentRef | None = None
    description: ContentRef | None = None
    contact: ContentRef | None = None
    assignee: str | None = None
    work: Work = field(default_factory=Work)
    special_conditions: Mapping[Priority, AgreedTarget] | None = None
    readings_version: int | None = None
    split_from: str | None = None
    parts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    imported: Imported | None = None
    support: Support | None = None
    plan: str | None = None
    classification: Classification | None = None
    undelivered: tuple[UUID, ...] = ()
    content_events: tuple[ContentEvent, ...] = ()

    def contents(self) -> Mapping[UUID, Content]:
        """Collect what the history refers to beside the log, by its id."""
        return contents_of(self.content_events).beside

    def texts_inside(self) -> Mapping[int, Content]:
        """Collect what events of before have inside, by their versions (decision 0033)."""
        return contents_of(self.content_events).inside

    @property
    def status(self) -> Status:
        """Return the name of the phase."""
        match self.phase:
            case Open():
                return Status.OPEN
            case Suspended():
                return Status.SUSPENDED
            case Closing():
                return Status.CLOSING
            case Closed():
                return Status.CLOSED
            case Final():
                return Status.FINAL
            case Revoked():
                return Status.REVOKED
            case Rejected():
                return Status.REJECTED
            case Merged():
                return Status.MERGED

    @property
    def ended(self) -> bool:
        """Return whether the ticket has ended, even if an objection may open it again."""
        return not isinstance(self.phase, Open | Suspended | Closing)

    @property
    def owing(self) -> Side | None:
        """Return the side that owes the next step, None once the ticket has ended."""
        return None if self.ended else self.waiting_for

    @property
    def open_requests(self) -> tuple[InformationRequest, ...]:
        """Return the requests whose answer has not fully arrived, oldest first."""
        return tuple(r for r in self.requests.values() if r.answer in OPEN_ANSWERS)

    @property
    def closed(self) -> Closed | None:
        """Return the closing in force, None while the ticket is not closed."""
        closing = self.phase.closed if isinstance(self.phase, Final) else self.phase
        return closing if isinstance(closing, Closed) else None
