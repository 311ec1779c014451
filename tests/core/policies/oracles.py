"""Second opinions by brute force: calendars and clocks stepped minute by minute.

They share no code with the terms: whether a minute is open is asked of the wall clock, the course
of a ticket is walked one minute after the other. Everything they are asked lies on whole minutes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from docket_events.notice import RegistrationNoticeSent
from docket_events.recorded import Fact
from docket_events.ticket import (
    CauseEstablished,
    CauseUnknownDeclared,
    InformationProvided,
    InformationRejected,
    InformationRequested,
    OperationCancelled,
    OperationScheduled,
    PriorityChanged,
    ProductTeamEscalated,
    ProductTeamReturned,
    ResponseSent,
    ThirdPartyResponseReceived,
    ThirdPartyWaitStarted,
    TicketCreated,
    TicketResumed,
    TicketSuspended,
    UploadCompleted,
    UserReplied,
)

MINUTE = timedelta(minutes=1)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

HOLIDAYS = frozenset(holidays.country_holidays("CY", years=range(2016, 2031), observed=False))

BUDGET_MINUTES = {"Emergency": 8 * 60, "High": 16 * 60, "Medium": 24 * 60, "Low": 32 * 60}


def open_minute(calendar: Mapping[str, Any], minute: datetime) -> bool:
    """Say whether a minute is open in a calendar in the format of the shared vectors."""
    local = minute.astimezone(ZoneInfo(calendar["timezone"]))
    day = local.date().isoformat()
    windows = calendar["hours"].get(WEEKDAYS[local.weekday()], [])
    if day in calendar["holidays"]:
        windows = []
    windows = calendar.get("date_overrides", {}).get(day, windows)
    clock = local.strftime("%H:%M")
    return any(start <= clock < end for start, end in windows) and not any(
        start <= clock < end for start, end in calendar.get("breaks", {}).get(day, [])
    )


def minutes(start: datetime, end: datetime) -> Iterable[datetime]:
    """Return the minutes of [start, end)."""
    while start < end:
        yield start
        start += MINUTE


def business_minute(minute: datetime) -> bool:
    """Say whether a minute lies in the business hours of pack R."""
    return (
        minute.weekday() < 5
        and 9 <= minute.hour < 18
        and date(*minute.timetuple()[:3]) not in HOLIDAYS
    )


@dataclass
class _Walk:
    """A ticket on its way through the minutes; `turn` is the states of the turn so far."""

    priority: str = "Low"
    escalated: bool = False
    started: bool = False
    suspended: bool = False
    answered_at: datetime | None = None
    when_answered: tuple[str, bool, datetime | None] = ("running", False, None)
    open_requests: set[str] = field(default_factory=set)
    parties: set[str] = field(default_factory=set)
    cause_unknown: bool = False
    agreed_for: datetime | None = None
    turn: list[tuple[datetime, str, bool]] = field(default_factory=list)

    def state(self) -> str:
        if self.suspended:
            return "suspended"
        if self.open_requests:
            return "waiting_user"
        if self.answered_at:
            return "satisfied"
        if self.parties:
            return "waiting_third_party"
        if self.cause_unknown:
            return "cause_unknown"
        return "scheduled_operation" if self.agreed_for else "running"

    def renew(self) -> None:
        self.answered_at = None
        self.turn = []


def walked_clock(history: Sequence[Fact], at: datetime) -> dict[str, Any]:
    """Return the response clock of pack R by walking every minute from the first event to `at`."""
    effective = _without_insufficient([fact for fact in history if fact.occurred_at <= at])
    walk = _Walk()
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
            walk.turn.append((minute, walk.state(), walk.escalated))
        minute += MINUTE
    if not walk.started:
        budget = BUDGET_MINUTES[walk.priority] * 60
        return _told("not_started", walk, None, budget, 0, at)
    budget = BUDGET_MINUTES[walk.priority]
    spent = 0
    for passed, state, escalated in walk.turn:
        if state == "running" and _counts(walk.priority, escalated, passed):
            spent += 1
            if spent == budget:
                due = passed + MINUTE
    if due is None:
        due = _ahead(walk, at, budget - spent)
    return _told(walk.state(), walk, due, budget * 60, spent * 60, at)


def _ahead(walk: _Walk, at: datetime, left: int) -> datetime | None:
    """Walk on after `at` as things stand: only running and an agreed hour come to an end."""
    state, escalated, minute, agreed_for = walk.state(), walk.escalated, at, walk.agreed_for
    if state == "satisfied":  # what would have been: as things stood when the answer came
        assert walk.answered_at is not None
        minute = walk.answered_at
        state, escalated, agreed_for = walk.when_answered
    if state not in ("running", "scheduled_operation"):
        return None
    if state == "scheduled_operation":
        assert agreed_for is not None
        minute = agreed_for
    while left:
        left -= _counts(walk.priority, escalated, minute)
        minute += MINUTE
    return minute


def _counts(priority: str, escalated: bool, minute: datetime) -> bool:
    return (priority == "Emergency" and not escalated) or business_minute(minute)


def _told(
    state: str, walk: _Walk, due: datetime | None, budget: int, spent: int, at: datetime
) -> dict[str, Any]:
    ended = walk.answered_at
    return {
        "clock_state": state,
        "priority": walk.priority,
        "deadline": due.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if due else None,
        "budget_s": budget,
        "consumed_s": spent,
        "remaining_s": max(0, budget - spent),
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
            walk.priority = priority
        case RegistrationNoticeSent():
            walk.started = True
        case PriorityChanged(to=priority):
            walk.priority = priority
        case ResponseSent() if walk.answered_at is None and walk.started:
            walk.when_answered = walk.state(), walk.escalated, walk.agreed_for
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
        case TicketSuspended():
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
        case ProductTeamEscalated():
            walk.escalated = True
        case ProductTeamReturned():
            walk.escalated = False
        case _:
            pass
