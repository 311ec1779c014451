"""Which notices an event causes, by what became of the ticket since: for the user, for the desk."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from docket_events.clock import (
    BreachWithdrawn,
    ResponseDueSoon,
    ResponseOverdue,
    TicketAutoClosed,
)
from docket_events.combining import MergedInto, TicketSplit
from docket_events.desk import (
    CommentAdded,
    IndependentMeasuresAgreed,
    TicketRejected,
    UpdateReleased,
)
from docket_events.ids import notice_id
from docket_events.notice import (
    ClosureNoticeSent,
    NoticeBounced,
    NoticeKind,
    NoticeSent,
    RegistrationNoticeSent,
    SentNotice,
)
from docket_events.recorded import Recorded
from docket_events.teams import (
    ForwardedToRelevantTeam,
    ReturnedFromRelevantTeam,
    TeamUpdateReceived,
)
from docket_events.ticket import (
    ClosureDecided,
    InformationRejected,
    InformationRequested,
    ObjectionAccepted,
    ObjectionRefused,
    PriorityChanged,
    ResponseSent,
    TicketCreated,
    TicketRegisteredInClientArea,
    TicketRevoked,
    UncoordinatedChangeRecorded,
)
from docket_lifecycle.state.ticket import Answer, Closing, Ticket
from docket_policies.terms.loader import policy_of
from notifier.owed_notice import OwedNotice

NEWS_LASTS = timedelta(days=3)
"""For how long news is told that the user could also see in the ticket."""


def for_the_user(
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
        case InformationRejected(request=request):
            if ticket.requests[request].answer is Answer.AWAITED and not ended:
                yield OwedNotice("information_rejected", recorded)
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
        case ObjectionAccepted() if _is_news(recorded, ticket, at):
            yield OwedNotice("objection_accepted", recorded)
        case event if type(event) in _NEWS and _is_fresh(recorded, ticket, at):
            yield OwedNotice(_NEWS[type(event)], recorded)
        case TicketRevoked() if _is_fresh(recorded, ticket, at):
            if ticket.work.consent is not None and policy_of(ticket).after_access is not None:
                yield OwedNotice("access_reminder", recorded)
        case _:
            pass


_NEWS: Mapping[type, NoticeKind] = {
    TicketSplit: "divided",
    MergedInto: "merged",
    ObjectionRefused: "objection_refused",
    IndependentMeasuresAgreed: "measures_agreed",
    UncoordinatedChangeRecorded: "change_recorded",
    ReturnedFromRelevantTeam: "returned",
    UpdateReleased: "update_released",
}
"""What is told while it is fresh, whatever became of the ticket meanwhile."""


def for_the_desk(
    recorded: Recorded,
    ticket: Ticket,
    at: datetime,
    history: Sequence[Recorded],
    told: Mapping[UUID, SentNotice],
) -> Iterator[OwedNotice]:
    """Yield what the agents are owed: of deadlines, and of notices that did not arrive (C-51)."""
    match recorded.event:
        case ResponseDueSoon(due_at=due_at):
            if at < due_at and ticket.owing == "provider":
                yield OwedNotice("due_soon_alert", recorded)
        case ResponseOverdue(turn=turn) if not _withdrawn(turn, recorded, history):
            yield OwedNotice("overdue_alert", recorded)
        case BreachWithdrawn(turn=turn):
            alerts = (
                notice_id(each.event_id, "overdue_alert")
                for each in history
                if isinstance(each.event, ResponseOverdue)
                and each.event.turn == turn
                and each.version < recorded.version
            )
            if not told.keys().isdisjoint(alerts):
                yield OwedNotice("breach_withdrawn", recorded)
        case NoticeBounced(notice_id=bounced) if _is_recent(recorded, at):
            yield OwedNotice("undelivered_alert", recorded, told.get(bounced))
        case RegistrationNoticeSent() | ClosureNoticeSent() | NoticeSent() as notice:
            refused = notice.delivery is not None and notice.delivery.state == "refused"
            if refused and _is_recent(recorded, at):
                yield OwedNotice("undelivered_alert", recorded, notice)
        case _:
            pass


def _withdrawn(turn: int, overdue: Recorded, history: Sequence[Recorded]) -> bool:
    return any(
        isinstance(each.event, BreachWithdrawn)
        and each.event.turn == turn
        and each.version > overdue.version
        for each in history
    )


def _is_news(recorded: Recorded, ticket: Ticket, at: datetime) -> bool:
    return _is_fresh(recorded, ticket, at) and not ticket.ended


def _is_fresh(recorded: Recorded, ticket: Ticket, at: datetime) -> bool:
    return _is_recent(recorded, at) and ticket.contact is not None


def _is_recent(recorded: Recorded, at: datetime) -> bool:
    return at <= recorded.occurred_at + NEWS_LASTS
