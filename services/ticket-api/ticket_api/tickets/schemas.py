"""The shapes of answers about tickets, for the API documentation and generated clients."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from docket_events.access import ConnectionMethod, ConsentForm
from docket_events.ticket import Channel, Priority, RequestKind
from docket_lifecycle.state.ticket import Answer, Status
from docket_lifecycle.state.work import Team
from ticket_api.http.fields import Schema
from ticket_api.tickets.support_schemas import (
    ClassificationState,
    QueueState,
    SupportState,
    SupportWindowState,
)


class Content(Schema):
    """Text beside the log: `text` is null when it was erased, and absent in command answers."""

    id: UUID
    digest: str = Field(description="SHA-256 of salt and text, hex")
    text: str | None = None


class ContactState(Schema):
    """Where notices go: `email` and `name` are null when erased, and absent in command answers."""

    id: UUID
    digest: str = Field(description="SHA-256 of salt and text, hex")
    email: str | None = None
    name: str | None = None


class InformationRequestState(Schema):
    """A request for information; `deadline` is the last valid instant (R-6.9-b)."""

    request: str
    kind: RequestKind
    requested_at: datetime
    deadline: datetime | None
    answer: Answer
    items: Content | None
    attachments: list[UUID] = Field(description="the files that its answer announced")


class ClosingState(Schema):
    """The closing: decided, then told (`closed_at`, R-6.10-c), then final."""

    reason: str
    clause: str
    decided_at: datetime | None = None
    closed_at: datetime | None = None
    objections_until: datetime | None = Field(None, description="exclusive")
    final_at: datetime | None = None


class ConsentState(Schema):
    """The user's consent to a remote connection, by which method (I-3.5-a)."""

    form: ConsentForm
    method: ConnectionMethod | None


class WorkState(Schema):
    """Where the work stands: with whom, what it waits for, what was agreed about it.

    `team` has the ticket in the desk's place; `third_parties` are the open waits (R-6.8-b),
    `agreed_for` the hour of an agreed operation (R-6.8-d), `deadline` an individual one (R-3.4).
    """

    team: Team | None
    third_parties: list[str]
    cause_unknown: bool
    agreed_for: datetime | None
    deadline: datetime | None
    extended_s: int
    term_void: bool
    measures: Literal["proposed", "agreed"] | None
    consent: ConsentState | None
    connected: bool
    defects: list[str]
    released: list[str] = Field(description="the plan references whose update is out (I-3.9.1-c)")
    tags: list[str]


class CriterionState(Schema):
    """A criterion of a priority, by its clause (R-5.2, I-2.6); no product is any product.

    `says` is null where an older ticket names one that its terms do not have.
    """

    criterion: str
    priority: Priority
    product: str | None
    says: str | None


class AgreedTargetState(Schema):
    """A response time agreed apart: hours of a calendar, or of the one of the terms (R-2.3)."""

    hours: float
    calendar: str | None
    team_hours: bool | None


class ImportedState(Schema):
    source: str
    source_id: str


class WarningState(Schema):
    """What was taken and may yet go wrong: `code` is stable, `clause` is what it rests on."""

    code: Literal["no_contact"]
    clause: str
    detail: str


class TicketState(Schema):
    """A ticket at a version; the version is also the ETag."""

    id: UUID
    number: str
    version: int
    status: Status
    waiting_for: Literal["provider", "user"] | None = Field(description="null once it has ended")
    priority: Priority
    requested_priority: Priority | None
    justification: Content | None = Field(description="why that priority was requested (R-6.5)")
    criteria: list[CriterionState] = Field(description="on which the present priority rests (C-66)")
    account_id: str
    requester_id: str
    assignee: str | None
    channel: Channel
    product: str
    product_version: str | None
    edition: str | None
    environment: str | None
    kind: str | None
    pack: str
    revision: str
    service_level: str | None
    special_conditions: dict[Priority, AgreedTargetState] | None
    support: SupportState | None = Field(description="null for a ticket opened before it was told")
    plan: str | None
    classification: ClassificationState | None
    queue: QueueState | None = Field(description="null once the ticket has ended")
    support_window: SupportWindowState | None = Field(
        None, description="under terms with plans, in answers to GET of a ticket that goes on"
    )
    created_at: datetime
    updated_at: datetime
    registered_at: datetime | None
    subject: Content | None
    description: Content | None
    contact: ContactState | None
    undelivered_notices: int = Field(
        description="notices to the user whose mail was refused, withheld or came back (C-51)"
    )
    open_requests: list[str] = Field(
        description="the requests that still wait for the user, whatever else was written"
    )
    information_requests: list[InformationRequestState]
    suspended_since: datetime | None
    revoked_at: datetime | None
    closing: ClosingState | None
    work: WorkState
    split_from: UUID | None = Field(description="the ticket that this is a part of")
    parts: list[UUID] = Field(description="the tickets that were made of this one")
    merged_into: UUID | None = Field(description="the ticket in which this one lives on")
    sources: list[UUID] = Field(description="the tickets that were combined into this one")
    imported: ImportedState | None
    masked: bool = Field(False, description="texts are not shown: say why in X-Reveal-Reason")
    warnings: list[WarningState] = Field(
        default_factory=list, description="in the answer to its creation only"
    )


class TicketRow(Schema):
    """A ticket in a list, with its response deadline as sla-clock last computed it."""

    id: UUID
    number: str
    version: int
    status: Status
    waiting_for: Literal["provider", "user"] | None = Field(description="null once it has ended")
    priority: Priority
    account_id: str
    requester_id: str
    assignee: str | None
    channel: Channel
    product: str
    pack: str
    revision: str
    imported: bool
    created_at: datetime
    updated_at: datetime
    registered_at: datetime | None
    closed_at: datetime | None
    objections_until: datetime | None
    supported: Literal["true", "false", "unknown"] | None
    clock_state: str | None
    due_at: datetime | None = Field(description="null once the ticket has ended")


class TicketPage(Schema):
    """A page of tickets; `next_cursor` is null on the last one."""

    items: list[TicketRow]
    next_cursor: str | None
