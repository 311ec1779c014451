"""The shapes of answers about the past."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from ticket_api.http.fields import Schema
from ticket_api.tickets.event_schemas import EventTold
from ticket_api.tickets.schemas import TicketState


class PointState(Schema):
    """A point, and the events that it leaves out or that were written down late.

    `ahead` were known and had not happened, `unknown` were written down later.
    """

    as_of: int | datetime | None
    known_at: datetime | None
    at: datetime = Field(description="the instant at which clocks are asked")
    counted: int
    caveats: list[str] = Field(description="where the answer is not of all that was asked for")
    late: list[EventTold]
    ahead: list[EventTold]
    unknown: list[EventTold]


class Right(Schema):
    """Whether a side might have given a command at a point, and by which clause."""

    verb: str
    allowed: bool
    code: str
    clause: str
    detail: str | None
    changes: bool
    choices: dict[str, list[str | int]]


class ReplayAnswer(Schema):
    """All that was true of a ticket at a point, under the terms pinned at its creation."""

    point: PointState
    ticket: TicketState
    work: dict[str, Any]
    response_clock: dict[str, Any]
    addressing_time: dict[str, Any]
    deadlines: list[dict[str, Any]]
    rights: dict[str, list[Right]] = Field(description="by side: customer, agent, product_team")
    terms: dict[str, Any]


class FieldChangeState(Schema):
    """A field (a JSON pointer) that differs, and the event that set it last."""

    field: str
    before: Any
    after: Any
    event: EventTold


class DiffAnswer(Schema):
    """What differs between two points."""

    from_: PointState = Field(alias="from")
    to: PointState
    changes: list[FieldChangeState]


class FieldAnswer(Schema):
    """The value of a field at a point, and the event that set it last."""

    point: PointState
    field: str
    value: Any
    event: EventTold


class CausingEvent(EventTold):
    """An event with those that it caused."""

    event_id: UUID
    caused_by: UUID | None
    caused: list["CausingEvent"]


class Correlation(Schema):
    """The events of one correlation, as trees of causes."""

    correlation_id: UUID
    events: list[CausingEvent]


class WhyAnswer(Schema):
    """Every deadline, pause, refusal and closing with its event, its actor and its clause."""

    point: PointState
    sum: str
    deadlines: list[dict[str, Any]]
    ahead: list[dict[str, Any]]
    breaches: list[dict[str, Any]]
    pauses: list[dict[str, Any]]
    refusals: list[dict[str, Any]]
    closings: list[dict[str, Any]]
    causes: list[Correlation]
