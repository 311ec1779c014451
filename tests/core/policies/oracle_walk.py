"""A ticket on its way through the minutes, and what each event does to it."""

from dataclasses import dataclass, field
from datetime import datetime

from calendar_oracle import minutes
from oracle_rules import Rules

from docket_events.combining import SplitChildCreated, TicketsMerged, TicketSplit
from docket_events.desk import PeriodExtended
from docket_events.notice import RegistrationNoticeSent
from docket_events.recorded import Fact
from docket_events.teams import (
    DeveloperConsultationEnded,
    DeveloperConsultationStarted,
    ForwardedToRelevantTeam,
    ReturnedFromRelevantTeam,
)
from docket_events.ticket import (
    InformationProvided,
    InformationRequested,
    PriorityChanged,
    ProductTeamEscalated,
    ProductTeamReturned,
    ResponseSent,
    TicketCreated,
    TicketResumed,
    TicketSuspended,
    UploadCompleted,
    UserReplied,
)
from docket_events.waits import (
    CauseEstablished,
    CauseUnknownDeclared,
    OperationCancelled,
    OperationScheduled,
    ThirdPartyResponseReceived,
    ThirdPartyWaitStarted,
)


@dataclass
class Walk:
    """A ticket on its way through the minutes; `turn` is the states of the turn so far.

    `first` says that the turn is the one the registration opened; `extra` is what was added to its
    budget, and when.
    """

    rules: Rules
    priority: str = "Low"
    team: str | None = None
    created: datetime | None = None
    started: bool = False
    first: bool = True
    forwarded: bool = False
    extra: list[tuple[datetime, int]] = field(default_factory=list)
    suspended: bool = False
    answered_at: datetime | None = None
    when_answered: tuple[str, str | None, datetime | None] = ("running", None, None)
    open_requests: set[str] = field(default_factory=set)
    parties: set[str] = field(default_factory=set)
    cause_unknown: bool = False
    agreed_for: datetime | None = None
    turn: list[tuple[datetime, str, str | None]] = field(default_factory=list)

    def state(self) -> str:
        if self.forwarded:
            return "no_target"
        if self.suspended:
            return "suspended"
        if self.open_requests:
            return "waiting_user"
        if self.answered_at:
            return "satisfied"
        if not self.rules.pauses:
            return "running"
        if self.parties:
            return "waiting_third_party"
        if self.cause_unknown:
            return "cause_unknown"
        return "scheduled_operation" if self.agreed_for else "running"

    def renew(self, base: datetime | None = None, at: datetime | None = None) -> None:
        """Begin a turn, counted from a base that may lie in the past."""
        self.answered_at, self.first, self.extra, self.turn = None, False, [], []
        if base is not None and at is not None:
            self.turn = [(minute, "running", None) for minute in minutes(base, at)]


def happen(walk: Walk, fact: Fact) -> None:
    match fact.event:
        case TicketCreated(priority=priority):
            walk.priority, walk.created = priority, fact.occurred_at
        case RegistrationNoticeSent():
            walk.started = True
        case SplitChildCreated(priority=priority, parent_base=base):
            walk.priority, walk.started = priority, True
            walk.renew(fact.occurred_at if walk.rules.anew else base, fact.occurred_at)
        case TicketSplit() if walk.rules.anew and walk.started and walk.answered_at is None:
            walk.renew()
        case TicketsMerged() as merged:
            _merge(walk, merged, fact.occurred_at)
        case PriorityChanged(to=priority):
            walk.priority = priority
        case ResponseSent() if walk.answered_at is None and walk.started:
            walk.when_answered = walk.state(), walk.team, walk.agreed_for
            walk.answered_at = fact.occurred_at
        case UserReplied() if walk.answered_at:
            walk.renew()
        case InformationRequested(request=request):
            walk.open_requests.add(request)
        case (
            InformationProvided(request=request, upload_pending=False)
            | UploadCompleted(request=request)
        ):
            if walk.open_requests == {request}:
                walk.renew()
            walk.open_requests.discard(request)
        case TicketSuspended() if walk.rules.pauses:
            walk.suspended = True
        case TicketResumed() if walk.suspended:
            walk.suspended = False
            walk.renew()
        case ThirdPartyWaitStarted(id=party):
            walk.parties.add(party)
        case ThirdPartyResponseReceived(id=party):
            walk.parties.discard(party)
        case CauseUnknownDeclared():
            walk.cause_unknown = True
        case CauseEstablished():
            walk.cause_unknown = False
        case OperationScheduled(agreed_for=agreed_for):
            walk.agreed_for = agreed_for
        case OperationCancelled():
            walk.agreed_for = None
        case ProductTeamEscalated() | DeveloperConsultationStarted():
            walk.team = "team"
        case ProductTeamReturned() | DeveloperConsultationEnded():
            walk.team = None
        case ForwardedToRelevantTeam():
            walk.forwarded = True
        case ReturnedFromRelevantTeam() if walk.forwarded:
            walk.forwarded = False
            walk.renew()
        case PeriodExtended(seconds=seconds) if walk.started and walk.answered_at is None:
            walk.extra.append((fact.occurred_at, seconds // 60))
        case _:
            pass


def _merge(walk: Walk, merged: TicketsMerged, at: datetime) -> None:
    """Count from the most recent creation; with that of this ticket its own clock goes on."""
    walk.priority = merged.priority
    walk.open_requests |= {str(request) for request in merged.open_requests}
    walk.parties |= set(merged.third_parties)
    walk.cause_unknown |= merged.cause_unknown
    walk.agreed_for = merged.agreed_for or walk.agreed_for
    base = max(merged.created_at)
    if merged.answered:
        return
    if base != walk.created or walk.answered_at is not None:
        walk.renew(base, at)
    elif walk.first:
        own = walk.turn
        registered = own[0][0] if own else at
        walk.renew(base, registered)
        walk.turn += own
