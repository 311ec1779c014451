"""Which notices a ticket owes, and at which instants notifier looks at it again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from docket_events.clock import ResponseOverdue, TicketAutoClosed
from docket_events.combining import MergedInto
from docket_events.desk import CommentAdded, TicketRejected
from docket_events.ids import notice_id
from docket_events.notice import (
    ClosureNoticeSent,
    NoticeEvent,
    NoticeKind,
    NoticeSent,
    RegistrationNoticeSent,
)
from docket_events.recorded import Recorded
from docket_events.teams import ForwardedToRelevantTeam, TeamUpdateReceived
from docket_events.ticket import (
    ClosureDecided,
    InformationRequested,
    ObjectionAccepted,
    ObjectionRefused,
    PriorityChanged,
    ResponseSent,
    TicketCreated,
    TicketRegisteredInClientArea,
)
from docket_lifecycle.state.imported import settled_until, was_imported
from docket_lifecycle.state.ticket import Answer, Closing, Ticket
from docket_policies.deadlines.timer import Owner
from docket_policies.deadlines.timers import objections_until, timers
from docket_policies.terms.policy import Policy

ONLY_THE_LAST: frozenset[NoticeKind] = frozenset(
    {"closing", "response", "priority", "comment", "objection_accepted", "objection_refused"}
)
"""Notices of which only the latest cause is sent; earlier ones that were not sent are dropped."""

OWNER: Owner = "notifier"
"""Whose alarms these are, and who acts when they ring."""

MISSING = "RegistrationNoticeMissing"
OWED = "NoticeOwed"
RETRY_AFTER = timedelta(minutes=1)
RETRY_AT_MOST_AFTER = timedelta(hours=1)
NEWS_LASTS = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class OwedNotice:
    """A notice that is owed because of an event; the same cause always gives the same id."""

    kind: NoticeKind
    cause: Recorded

    @property
    def id(self) -> UUID:
        """Return the notice's id."""
        return notice_id(self.cause.event_id, self.kind)

    @property
    def to_agents(self) -> bool:
        """Return whether it goes to the agents and not to the user."""
        return self.kind in ("registration_alert", "overdue_alert")


@dataclass(frozen=True, slots=True)
class Alarm:
    """An instant at which notifier looks at a ticket again."""

    name: str
    key: str
    fires_at: datetime
    due_at: datetime | None = None
    clause: str | None = None


def owed(
    ticket: Ticket, history: Sequence[Recorded], at: datetime, alert_after: timedelta
) -> tuple[OwedNotice, ...]:
    """Return the notices that are owed and not recorded yet, in the order of their causes.

    Imported events owe nothing. News that the user could also see in the ticket (a response, a
    priority) is owed for `NEWS_LASTS`, and only to users with an address. Agents are alerted if a
    user has waited `alert_after` for the registration notice, because without it no clock runs
    (R-1.14, C-01); a registration notice that can be sent after all goes first and makes the alert
    needless.
    """
    told = {
        each.event.notice_id
        for each in history
        if isinstance(each.event, RegistrationNoticeSent | ClosureNoticeSent | NoticeSent)
    }
    notices = [
        notice
        for recorded in history
        if not was_imported(recorded)
        for notice in _caused_by(recorded, ticket, at, alert_after)
    ]
    last = {notice.kind: notice for notice in notices}
    return tuple(
        notice
        for notice in notices
        if notice.id not in told
        and (notice.kind not in ONLY_THE_LAST or notice is last[notice.kind])
    )


def _caused_by(
    recorded: Recorded, ticket: Ticket, at: datetime, alert_after: timedelta
) -> Iterator[OwedNotice]:
    ended = ticket.ended
    match recorded.event:
        case TicketCreated(channel="client_area") | TicketRegisteredInClientArea():
            if ticket.registered_at is None and not ended:
                yield OwedNotice("registration", recorded)
                if at >= recorded.occurred_at + alert_after:
                    yield OwedNotice("registration_alert", recorded)
        case InformationRequested(request=request):
            if ticket.requests[request].answer is Answer.AWAITED and not ended:
                yield OwedNotice("information_request", recorded)
        case ResponseOverdue():
            yield OwedNotice("overdue_alert", recorded)
        case ClosureDecided() if isinstance(ticket.phase, Closing):
            yield OwedNotice("closing", recorded)
        case ResponseSent() if ticket.waiting_for == "user" and _is_news(recorded, ticket, at):
            yield OwedNotice("response", recorded)
        case PriorityChanged(to=to, from_=before) if to != before and _is_news(
            recorded, ticket, at
        ):
            yield OwedNotice("priority", recorded)
        case ForwardedToRelevantTeam() if not ended:
            yield OwedNotice("forwarded", recorded)
        case TeamUpdateReceived():
            yield OwedNotice("team_update", recorded)
        case TicketRejected():
            yield OwedNotice("rejection", recorded)
        case TicketAutoClosed():
            yield OwedNotice("automatic_closing", recorded)
        case CommentAdded(by="agent") if _is_news(recorded, ticket, at):
            yield OwedNotice("comment", recorded)
        case MergedInto() if _is_fresh(recorded, ticket, at):
            yield OwedNotice("merged", recorded)
        case ObjectionAccepted() if _is_news(recorded, ticket, at):
            yield OwedNotice("objection_accepted", recorded)
        case ObjectionRefused() if _is_fresh(recorded, ticket, at):
            yield OwedNotice("objection_refused", recorded)
        case _:
            pass


def _is_news(recorded: Recorded, ticket: Ticket, at: datetime) -> bool:
    return _is_fresh(recorded, ticket, at) and not ticket.ended


def _is_fresh(recorded: Recorded, ticket: Ticket, at: datetime) -> bool:
    return at <= recorded.occurred_at + NEWS_LASTS and ticket.contact is not None


def sent(notice: OwedNotice, policy: Policy, sent_at: datetime) -> NoticeEvent:
    """Return the event that records a notice sent at `sent_at`.

    For a closing this is the closing time, and the window for objections follows from it (R-6.10).
    """
    match notice.kind:
        case "registration":
            return RegistrationNoticeSent(sent_at, notice.id)
        case "closing":
            return ClosureNoticeSent(sent_at, notice.id, objections_until(policy, sent_at))
        case other:
            return NoticeSent(other, sent_at, notice.id)


def window_over(history: Sequence[Recorded], policy: Policy, at: datetime) -> bool:
    """Return whether the objection window has ended by `at` without a record of it (R-6.10-b)."""
    return any(alarm.fires_at <= at for alarm in _windows(history, policy))


def armed(
    history: Sequence[Recorded],
    policy: Policy,
    still_owed: Sequence[OwedNotice],
    at: datetime,
    alert_after: timedelta,
) -> tuple[Alarm, ...]:
    """Return the alarms of the ticket, given what could not be sent at `at`."""
    alarms = list(_windows(history, policy))
    for notice in still_owed:
        alarms.append(Alarm(OWED, str(notice.id), at + _pause(notice, at)))
        alert_at = notice.cause.occurred_at + alert_after
        if notice.kind == "registration" and alert_at > at:
            alarms.append(Alarm(MISSING, str(notice.id), alert_at, clause="R-1.14"))
    return tuple(alarms)


def _pause(notice: OwedNotice, at: datetime) -> timedelta:
    """Return how long a letter waits that could not be sent: the longer, the longer it was owed."""
    return min(max((at - notice.cause.occurred_at) / 30, RETRY_AFTER), RETRY_AT_MOST_AFTER)


def _windows(history: Sequence[Recorded], policy: Policy) -> Iterator[Alarm]:
    settled = settled_until(history)
    for timer in timers(history, policy):
        if timer.owner == OWNER and (settled is None or timer.fires_at > settled):
            yield Alarm(timer.name, timer.key, timer.fires_at, timer.due_at, timer.clause)
