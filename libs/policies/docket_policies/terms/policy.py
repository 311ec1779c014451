"""The terms of one edition as values: numbers, calendars, rights and reasons, each with its clause.

A policy is what `loader` makes of a pack's data; the clock, the deadlines and the rules of the
lifecycle read it and know no pack by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from docket_events.opening import EnvironmentKind
from docket_events.recorded import ActorKind
from docket_events.ticket import Priority, RequestKind
from docket_policies.calendars.calendar import Calendar
from docket_policies.terms.clock_states import ClockState
from docket_policies.terms.readings import Readings

Phase = Literal["suspended", "closing", "closed", "revoked", "merged_into"]

TurnStart = Literal[
    "registration",
    "information",
    "resumption",
    "reply",
    "comment",
    "objection",
    "split",
    "merge",
    "return",
]

TeamName = Literal["product_team", "developers"]

_GIVES_TO: Mapping[str, TeamName] = {
    "escalate": "product_team",
    "consult-developers": "developers",
}
"""The commands that give a ticket to a team."""

Effect = Literal["product_team", "relevant_team"]
"""Whom an escalation hands the ticket to: its hours count, or no term runs (C-34)."""

Example = Mapping[str, datetime]
"""Instants that show a rule at work: `from` and what follows from it (`until` or `ends`)."""


@dataclass(frozen=True, slots=True)
class Target:
    """How long the provider may keep a ticket of a priority, in seconds of a calendar.

    `agreed` apart, its calendar is not replaced by the hours of a team that has the ticket (R-2.3).
    """

    budget_s: int
    calendar: Calendar
    clause: str
    agreed: bool = False
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
class AutoClose:
    """So many days of silence of the user, from the date of the provider's last response."""

    days: int
    reason: str
    clause: str
    says: str = ""
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was copied for a ticket goes once it is resolved, or once the update is out."""

    clause: str
    held_clause: str
    says: str


@dataclass(frozen=True, slots=True)
class TeamHours:
    """Whose hours count while it works on a ticket of one of these priorities."""

    calendar: Calendar
    priorities: tuple[Priority, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Capability:
    """A command that the pack grants, and to whom; `effect` tells one of several apart (C-34)."""

    actors: tuple[ActorKind, ...]
    clause: str
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class ClosingReason:
    """A reason for which a ticket may be closed or rejected, and what must come before.

    `requires` maps what must be named to the refusal of a command that does not; `after_request`
    is the kind of information that must have been asked for, `after_any_request` says that
    something must.
    """

    clause: str
    says: str
    requires: Mapping[str, str] = field(default_factory=dict)
    awaits_information_deadline: bool = False
    after_request: RequestKind | None = None
    after_any_request: bool = False


@dataclass(frozen=True, slots=True)
class ExcuseReason:
    """A cause for which the terms do not hold the provider liable for a breach (R-7.2, I-7.9)."""

    clause: str
    says: str


@dataclass(frozen=True, slots=True)
class ExtensionGround:
    """Why a turn may take longer: nobody answers what was asked, but not in one environment."""

    after_unanswered: RequestKind
    except_environment: EnvironmentKind
    clause: str
    says: str


@dataclass(frozen=True, slots=True)
class AfterAccess:
    """What a user who had let the provider in is told when the ticket ends."""

    clause: str
    says: str


@dataclass(frozen=True, slots=True)
class Policy:
    """One edition of one issuer's terms, as it is offered for a product and a service level.

    `products` is empty where the terms are the same for all of them, `service_level` None where
    they know no levels. `initial_by` says who sets the first priority; where it is the user,
    `initial_priority` stands for what nobody has set yet.
    `states` names the states its clock can have, each with its clause; what leads to another state
    moves no clock under these terms. `turn_starts` names what gives the ball to the provider.
    `readings` are those of `readings_version`; a ticket keeps the version it was created under.
    `phases` says by which clause a ticket in that phase refuses what an open one takes, `refusals`
    by which one a command is refused for a reason that several share (code to clause), `absent` by
    which one a command is not granted, `tags` by which one a ticket is taken with such a tag.
    `business` measures the addressing time. `no_target` is the clause by which the terms promise no
    time to answer: they have no targets then and their tickets no clock; None elsewhere.
    """

    pack: str
    letter: str
    revision: str
    title: str
    clause: str
    effective_from: datetime
    products: tuple[str, ...]
    service_level: str | None
    initial_priority: Priority
    initial_by: Literal["provider", "user"]
    initial_priority_clause: str
    due_soon_percent: int
    business: Calendar
    targets: Mapping[Priority, Target]
    readings: Readings
    readings_version: int
    earlier_readings: Mapping[int, Readings]
    states: Mapping[ClockState, str]
    turn_starts: Mapping[TurnStart, str]
    phases: Mapping[Phase, str]
    capabilities: Mapping[str, Capability]
    closing_reasons: Mapping[str, ClosingReason]
    rejection_reasons: Mapping[str, ClosingReason]
    excuses: Mapping[str, ExcuseReason]
    teams: Mapping[TeamName, TeamHours]
    information_window: HourWindow | None
    objection_window: DayWindow | None
    auto_close: AutoClose | None
    erasure: Erasure | None
    extensions: Mapping[str, ExtensionGround]
    after_access: AfterAccess | None
    refusals: Mapping[str, str]
    tags: Mapping[str, str]
    absent: Mapping[str, str]
    absent_clause: str
    no_target: str | None = None

    def absence(self, verb: str) -> str:
        """Return the clause by which these terms do not grant a command (C-35)."""
        return self.absent.get(verb, self.absent_clause)

    def as_read(self, version: int) -> "Policy":
        """Return the terms under a version of their readings; raise KeyError for an unknown one."""
        if version == self.readings_version:
            return self
        return replace(self, readings=self.earlier_readings[version], readings_version=version)

    @property
    def only_team(self) -> TeamName | None:
        """Return the team that is meant where nothing names one, None where none is known."""
        granted = (team for verb, team in _GIVES_TO.items() if verb in self.capabilities)
        return next(iter(self.teams), None) or next(granted, None)

    def hours_of(self, team: TeamName | None, priority: Priority) -> TeamHours | None:
        """Return whose hours count while a team has a ticket, None where they are its target's.

        What was agreed with the user prevails over a team's hours (R-2.3, C-11).
        """
        hours = None if team is None else self.teams.get(team)
        if hours is None or priority not in hours.priorities:
            return None
        kept = self.targets[priority].agreed and self.readings.agreed == "prevails"
        return None if kept else hours
