"""The shapes of the auditor's answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from ticket_api.http.fields import Schema
from ticket_api.tickets.event_schemas import ActorState, EventTold


class LogEvent(Schema):
    """An event as the log holds it; `hash` chains its partition (hex)."""

    partition: int
    position: int
    ticket_id: UUID
    version: int
    event_id: UUID
    type: str
    schema_version: int
    at: datetime
    recorded_at: datetime
    actor: ActorState
    correlation_id: UUID
    causation_id: UUID | None
    hash: str
    data: dict[str, Any] | None = Field(description="null where what is stored is no JSON")


class LogEvents(Schema):
    """A page of the log; `next_after` is the place behind it, also at the end of the log."""

    items: list[LogEvent]
    next_after: str
    more: bool


class Report(Schema):
    """What a report is about, and the tickets that it leaves out.

    `uncounted` are those in years that no calendar knows, `set_aside` those that cannot be read.
    """

    from_: datetime = Field(alias="from")
    to: datetime = Field(description="exclusive")
    tickets: int
    uncounted: list[UUID]
    set_aside: list[UUID]


class PauseState(Schema):
    """One pause; `to` is null while it lasts."""

    ticket_id: UUID
    number: str
    account_id: str
    turn: int
    state: str
    from_: datetime = Field(alias="from")
    to: datetime | None
    expected_until: datetime | None
    reason: str | None
    by: ActorState | None
    team: str
    held_s: int
    gained_s: int
    forgiven_s: int
    user_messages: int
    event: EventTold
    clause: str
    says: str


class PauseSum(Schema):
    """The pauses of one agent (`kind:id`) or one team added up."""

    who: str
    pauses: int
    open: int
    held_s: int
    gained_s: int
    forgiven_s: int
    user_messages: int


class PauseReport(Report):
    """Who stopped the clock, for how long, and what it gained."""

    by_agent: list[PauseSum] | None = None
    by_team: list[PauseSum] | None = None
    pauses: list[PauseState]


class ExcuseState(Schema):
    """The event that excuses a breach, its reason, who answers for it, and the reason's clause."""

    event: EventTold
    reason: str | None
    approver: ActorState
    clause: str | None


class ReportedBreach(Schema):
    """A breach: what was told, what stands now, and what excuses it."""

    ticket_id: UUID
    number: str
    account_id: str
    turn: int
    priority: str
    told: EventTold | None
    told_due_at: datetime | None
    due_at: datetime | None
    breached_at: datetime | None
    stands: bool
    withdrawn: EventTold | None
    excuse: ExcuseState | None


class BreachFigures(Schema):
    """Both figures: all breaches, and those that stand with excuses taken into account."""

    breaches: int
    told: int
    standing: int
    excused: int
    untold: int


class BreachReport(Report):
    """The breaches of a period with their excuses beside them."""

    figures: BreachFigures
    breaches: list[ReportedBreach]


class ArmedTimer(Schema):
    """A timer that is armed; `version` is the ticket's when it was decided."""

    partition: int
    ticket_id: UUID
    number: str | None
    owner: str
    name: str
    key: str
    fires_at: datetime
    due_at: datetime | None
    clause: str | None
    version: int


class TimerList(Schema):
    """The next timers to fire, and how many there are in all."""

    items: list[ArmedTimer]
    total: int


class AccessState(Schema):
    """Somebody's look at something; `outcome` is a status, or that it was denied."""

    access_id: UUID
    at: datetime
    role: str
    subject: str
    operation: str
    ticket_id: UUID | None = Field(
        description="the ticket; where the texts of an account were revealed, its stream"
    )
    account_id: str | None
    asked: str
    outcome: str
    reason: str | None = Field(description="why texts were revealed, null once it is erased")
    trace_id: str


class AccessPage(Schema):
    """A page of access events in the order of their writing; `next_after` goes on behind it."""

    items: list[AccessState]
    next_after: UUID | None


class CheckpointState(Schema):
    """A signed checkpoint: the note is a C2SP tlog-checkpoint over `size` events."""

    size: int
    signed_at: datetime
    note: str


class ChainVerification(Schema):
    """How far one chain was read again in the round under way, and what was found."""

    head_position: int
    verified_to: int
    rounds: int = Field(description="rounds that have ended")
    verified_at: datetime | None
    fault: str | None
    fault_position: int | None
    fork: str | None = Field(
        description="why nothing more is signed: the log is not what its copied checkpoints say"
    )
    checkpoint: CheckpointState | None


class PartitionVerification(ChainVerification):
    """How far one partition of the log was read again."""

    partition: int


class VerificationAnswer(Schema):
    """Whether log and accesses are as they were written, as far as they have been read again."""

    ok: bool
    partitions: list[PartitionVerification]
    access: ChainVerification = Field(description="who looked at what, chained like a partition")
