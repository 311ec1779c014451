"""Second opinions by brute force: calendars and clocks stepped minute by minute.

They share no code with the terms: whether a minute is open is asked of the wall clock, the course
of a ticket is walked one minute after the other. Everything they are asked lies on whole minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from calendar_oracle import MINUTE, minutes
from oracle_rules import RULES_OF_R, Rules

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
    InformationRejected,
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
class _Walk:
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


def walked_clock(
    history: Sequence[Fact], at: datetime, rules: Rules = RULES_OF_R
) -> dict[str, Any]:
    """Return the response clock by walking every minute from the first event to `at`."""
    effective = _without_insufficient([fact for fact in history if fact.occurred_at <= at])
    walk = _Walk(rules)
    due: datetime | None = None
    pending = list(effective)
    minute = effective[0].occurred_at
    while True:
        if walk.agreed_for is not None and walk.agreed_for <= minute:
            walk.agreed_for = None
        while pending and pending[0].occurred_at == minute:
            _happen(walk, pending.pop(0))
        if minute == at:
            break
        if walk.started:
            walk.turn.append((minute, walk.state(), walk.team))
        minute += MINUTE
    if not walk.started:
        state = "no_target" if walk.forwarded else "not_started"
        return _told(state, walk, None, rules.budget[walk.priority], 0, at)
    budget, spent = rules.budget[walk.priority], 0
    extra = list(walk.extra)
    for passed, state, team in walk.turn:
        while extra and extra[0][0] <= passed:
            budget, due = _extended(budget, due, extra.pop(0))
        if state == "running" and rules.counts(walk.priority, team, passed):
            spent += 1
            if spent == budget:
                due = passed + MINUTE
    while extra:
        budget, due = _extended(budget, due, extra.pop(0))
    if due is None:
        due = _ahead(walk, at, budget - spent)
    return _told(walk.state(), walk, due, budget, spent, at)


def _extended(
    budget: int, due: datetime | None, extension: tuple[datetime, int]
) -> tuple[int, datetime | None]:
    """Add to a budget unless it has run out before: then its end stands."""
    at, added = extension
    return (budget, due) if due is not None and due < at else (budget + added, None)


def _ahead(walk: _Walk, at: datetime, left: int) -> datetime | None:
    """Walk on after `at` as things stand: only running and an agreed hour come to an end."""
    state, team, minute, agreed_for = walk.state(), walk.team, at, walk.agreed_for
    if state == "satisfied":  # what would have been: as things stood when the answer came
        assert walk.answered_at is not None
        minute = walk.answered_at
        state, team, agreed_for = walk.when_answered
    if state not in ("running", "scheduled_operation"):
        return None
    if state == "scheduled_operation":
        assert agreed_for is not None
        minute = agreed_for
    while left:
        left -= walk.rules.counts(walk.priority, team, minute)
        minute += MINUTE
    return minute


def _told(
    state: str, walk: _Walk, due: datetime | None, budget: int, spent: int, at: datetime
) -> dict[str, Any]:
    ended = walk.answered_at
    if state == "no_target":
        return {
            "clock_state": state,
            "priority": walk.priority,
            **dict.fromkeys(("deadline", "budget_s", "consumed_s", "remaining_s", "ended_at")),
            "overdue": False,
        }
    return {
        "clock_state": state,
        "priority": walk.priority,
        "deadline": due.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if due else None,
        "budget_s": budget * 60,
        "consumed_s": spent * 60,
        "remaining_s": max(0, budget - spent) * 60,
        "overdue": due is not None and (ended or at) > due,
        "ended_at": ended.strftime("%Y-%m-%dT%H:%M:%SZ")
        if ended and state == "satisfied"
        else None,
    }


def _without_insufficient(history: Sequence[Fact]) -> list[Fact]:
    """Drop every answer that was rejected later: it never was one (C-05)."""
    kept: list[Fact] = []
    for fact in history:
        if isinstance(fact.event, InformationRejected):
            request = fact.event.request
            kept = [
                earlier
                for earlier in kept
                if not (
                    isinstance(earlier.event, InformationProvided | UploadCompleted)
                    and earlier.event.request == request
                )
            ]
        else:
            kept.append(fact)
    return kept


def _happen(walk: _Walk, fact: Fact) -> None:
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


def _merge(walk: _Walk, merged: TicketsMerged, at: datetime) -> None:
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
