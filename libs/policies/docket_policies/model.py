"""The terms of one edition as values: numbers, calendars, rights and reasons, each with its clause.

A policy is what `loader` makes of a pack's data; the clock, the deadlines and the rules of the
lifecycle read it and know no pack by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from docket_events.recorded import ActorKind
from docket_events.ticket import Priority
from docket_policies.calendar import Calendar
from docket_policies.readings import Readings

ClockState = Literal[
    "not_started",
    "running",
    "waiting_user",
    "suspended",
    "waiting_third_party",
    "cause_unknown",
    "scheduled_operation",
    "satisfied",
    "individual_deadline",
    "void",
    "no_target",
    "closed",
    "revoked",
]

Phase = Literal["suspended", "closing", "closed", "revoked"]

TurnStart = Literal["registration", "information", "resumption", "reply", "comment", "objection"]

Example = Mapping[str, datetime]
"""Instants that show a rule at work: `from` and what follows from it (`until` or `ends`)."""


@dataclass(frozen=True, slots=True)
class Target:
    """How long the provider may keep a ticket of a priority, in seconds of a calendar."""

    budget_s: int
    calendar: Calendar
    clause: str
    says: str = ""
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class HourWindow:
    """So many elapsed hours from a moment; the instant at their end is still inside."""

    hours: int
    clause: str
    says: str = ""
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class DayWindow:
    """So many days from the date of a notice; `motivation_clause` says what an objection needs."""

    days: int
    clause: str
    motivation_clause: str
    says: str = ""
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductTeam:
    """The calendar that counts while the product team has the ticket."""

    calendar: Calendar
    clause: str


@dataclass(frozen=True, slots=True)
class Capability:
    """A command that the pack grants, and to whom."""

    actors: tuple[ActorKind, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class ClosingReason:
    """A reason for which a ticket may be closed, and what the closing must name."""

    clause: str
    says: str
    requires: tuple[str, ...] = ()
    awaits_information_deadline: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """One edition of one issuer's terms.

    `states` names the states its clock can have, each with its clause; what leads to another state
    moves no clock under these terms. `turn_starts` names what gives the ball to the provider.
    `phases` says by which clause a ticket in that phase refuses what an open one takes.
    `business` measures the addressing time.
    """

    pack: str
    letter: str
    revision: str
    title: str
    clause: str
    effective_from: datetime
    initial_priority: Priority
    initial_priority_clause: str
    due_soon_percent: int
    business: Calendar
    targets: Mapping[Priority, Target]
    readings: Readings
    states: Mapping[ClockState, str]
    turn_starts: Mapping[TurnStart, str]
    phases: Mapping[Phase, str]
    capabilities: Mapping[str, Capability]
    closing_reasons: Mapping[str, ClosingReason]
    product_team: ProductTeam | None
    information_window: HourWindow | None
    objection_window: DayWindow | None
