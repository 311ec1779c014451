"""The shapes of the answers about other terms and about what comes due."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from docket_events.ticket import Priority
from ticket_api.http.fields import Schema


class LateTurnState(Schema):
    """A turn that was answered too late, or not at all by the instant of the question."""

    cause: str
    started_at: datetime
    priority: Priority
    budget_s: int | None
    consumed_s: int
    due_at: datetime
    breached_at: datetime
    clause: str


class BreachChangeState(Schema):
    """One breach that the supposed terms make or undo."""

    ticket: str
    priority: Priority
    breach: LateTurnState
    why: str


class WhatIfAnswer(Schema):
    """What a supposition changes: counts of all tickets, and the first changes of each kind."""

    supposed: str
    at: datetime
    sum: str
    most: int
    tickets: int
    changed: int
    turns: int
    breaches: int
    supposed_turns: int
    supposed_breaches: int
    appeared: dict[Priority, int]
    vanished: dict[Priority, int]
    appearing: list[BreachChangeState]
    vanishing: list[BreachChangeState]
    set_aside: list[UUID] = Field(description="tickets that cannot be read or judged")


class DueState(Schema):
    """A deadline of a ticket: `what` will be recorded if it passes."""

    ticket: str
    priority: Priority
    team: str
    assignee: str | None
    what: str
    due_at: datetime
    clause: str


class HourState(Schema):
    """The tickets of a team and priority that are due in one hour."""

    from_: datetime = Field(alias="from")
    team: str
    priority: Priority
    tickets: list[str]


class ForecastAnswer(Schema):
    """The deadlines ahead in [at, until), by hour too, and those that had passed."""

    at: datetime
    until: datetime
    late: list[DueState]
    ahead: list[DueState]
    hours: list[HourState]
    set_aside: list[UUID] = Field(description="tickets that cannot be read or judged")
