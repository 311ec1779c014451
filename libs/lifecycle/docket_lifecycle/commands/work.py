"""The commands about the work: waits, teams, what is agreed, access to the user's systems."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from docket_events.access import ConnectionMethod, ConsentForm
from docket_events.teams import TaskKind
from docket_events.ticket import ContentRef


@dataclass(frozen=True, slots=True)
class AwaitThirdParty:
    party: ContentRef


@dataclass(frozen=True, slots=True)
class ThirdPartyResponded:
    """`wait` is the id of the wait."""

    wait: str


@dataclass(frozen=True, slots=True)
class DeclareCauseUnknown:
    reason: Literal["cause_not_established", "solution_did_not_work"] = "cause_not_established"


@dataclass(frozen=True, slots=True)
class CauseEstablished:
    reason: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class ScheduleOperation:
    agreed_for: datetime


@dataclass(frozen=True, slots=True)
class CancelOperation:
    reason: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class Escalate:
    """Escalate the ticket; the terms say to whom and with what effect (C-34)."""

    reason: ContentRef
    kind: TaskKind | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Return:
    """Give the ticket back to the support desk."""

    reason: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class ConsultDevelopers:
    reason: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class EndConsultation:
    reason: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class Forward:
    """Forward the ticket to the relevant team; `confirmed` says that the issue is real (I-3.4)."""

    kind: TaskKind | None = None
    confirmed: bool = False
    reason: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class TeamUpdate:
    """Tell the user the news of the team that has the ticket (I-3.4)."""

    content: ContentRef
    kind: TaskKind | None = None


@dataclass(frozen=True, slots=True)
class RecordChange:
    """Record that the user changed something without coordination (R-6.6-d)."""

    what: ContentRef


@dataclass(frozen=True, slots=True)
class ProposeMeasures:
    content: ContentRef


@dataclass(frozen=True, slots=True)
class AgreeMeasures:
    content: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class SetDeadline:
    deadline: datetime
    why: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class ExtendPeriod:
    seconds: int
    why: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class GrantAccess:
    form: ConsentForm
    method: ConnectionMethod = "documented"


@dataclass(frozen=True, slots=True)
class WithdrawAccess:
    reason: ContentRef | None = None


@dataclass(frozen=True, slots=True)
class OpenConnection:
    method: ConnectionMethod = "documented"


@dataclass(frozen=True, slots=True)
class LinkDefect:
    plan_reference: str


WaitCommand = (
    AwaitThirdParty
    | ThirdPartyResponded
    | DeclareCauseUnknown
    | CauseEstablished
    | ScheduleOperation
    | CancelOperation
)

WorkCommand = (
    WaitCommand
    | Escalate
    | Return
    | ConsultDevelopers
    | EndConsultation
    | Forward
    | TeamUpdate
    | RecordChange
    | ProposeMeasures
    | AgreeMeasures
    | SetDeadline
    | ExtendPeriod
    | GrantAccess
    | WithdrawAccess
    | OpenConnection
    | LinkDefect
)
