"""The shapes of answers about clocks: turns, spans, deadlines."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from docket_events.ticket import Priority
from docket_policies.deadlines.timer import TimerName
from docket_policies.terms.clock_states import ClockState
from docket_policies.terms.policy import TurnStart
from ticket_api.http.fields import Schema

Seconds = Annotated[int, Field(description="working seconds of the calendar in force")]


class ClockCause(Schema):
    """The event that began or ended a stretch of time."""

    type: str
    at: datetime
    version: int | None = None


class Turn(Schema):
    """The time the ball is with the provider (R-1.14); `due_at` is the last instant in time."""

    number: int
    start: TurnStart
    clause: str
    cause: ClockCause
    started_at: datetime
    ended_at: datetime | None
    answered_at: datetime | None
    priority: Priority
    budget_s: Seconds | None
    consumed_s: Seconds
    due_at: datetime | None
    breached_at: datetime | None
    void: bool


class Span(Schema):
    """A stretch in which the clock ran, or stood for one cause with one clause (R-6.8)."""

    from_: datetime = Field(alias="from")
    to: datetime
    state: ClockState
    counted_s: Seconds
    calendar: str | None
    cause: ClockCause
    clause: str


class ResponseClockState(Schema):
    """The response clock: what was counted of which turn, and why."""

    clock_state: ClockState
    priority: Priority
    deadline: datetime | None = Field(description="the last instant in time (C-54)")
    budget_s: Seconds | None
    consumed_s: Seconds | None
    remaining_s: Seconds | None
    overdue: bool
    clause: str
    turn: int = Field(description="the number of the turn that counts, 0 before the first")
    turns: list[Turn]
    spans: list[Span]
    ended_at: datetime | None = None


class AddressingTimeState(Schema):
    """The time since the first message less the waits (R-6.1-c)."""

    wall_s: int
    working_s: int | None = Field(description="null before the first year of its calendar")


class DeadlineState(Schema):
    """What will be true at `fires_at`, if nothing happens before."""

    name: TimerName
    key: str
    fires_at: datetime
    due_at: datetime
    clause: str


class ClockAnswer(Schema):
    """The response clock at an instant, the addressing time, and the deadlines ahead."""

    at: datetime
    response_clock: ResponseClockState
    addressing_time: AddressingTimeState
    deadlines: list[DeadlineState]
