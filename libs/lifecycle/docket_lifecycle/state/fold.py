"""From history to state: what each event makes of a ticket.

The arrows between phases stand in `phase_changes`, the work in `work`. A fold never refuses:
whether a step is allowed is asked in `decide`; what is in the log has happened. The clock is folded
from the same events by docket_policies/clock/fold.py, and both name what they ignore, so that a new
event is missed by neither.
"""

from collections.abc import Iterable
from uuid import UUID

from msgspec.structs import replace

from docket_events.account import (
    ContactRecorded,
    ContactWithdrawn,
    LanguageRecorded,
    LicenseRecorded,
)
from docket_events.clock import (
    BreachWithdrawn,
    InformationDeadlinePassed,
    ResponseDueSoon,
    ResponseOverdue,
)
from docket_events.combining import SplitChildCreated, TicketsMerged, TicketSplit
from docket_events.desk import (
    BreachExcused,
    CommentAdded,
    InternalNoteAdded,
    TicketAssigned,
)
from docket_events.erasure import AttachmentErased, ContentErased
from docket_events.notice import (
    ClosureNoticeSent,
    DeskNoticeSent,
    NoticeBounced,
    NoticeSent,
    RegistrationNoticeSent,
)
from docket_events.recorded import Happened
from docket_events.teams import ReturnedFromRelevantTeam, TeamUpdateReceived
from docket_events.ticket import (
    InformationProvided,
    InformationRejected,
    InformationRequested,
    PriorityChanged,
    ResponseSent,
    TicketCorrected,
    TicketCreated,
    TicketImported,
    TicketRegisteredInClientArea,
    UploadCompleted,
    UserCommented,
    UserReplied,
)
from docket_lifecycle.state.ball import answered, ball, registered, rejected, responded, taken_over
from docket_lifecycle.state.content_refs import ContentEvent, content_events_of
from docket_lifecycle.state.copies import missed, noted
from docket_lifecycle.state.opening import begin, corrected
from docket_lifecycle.state.phase_changes import (
    PhaseEvent,
    another_ticket,
    change_phase,
    without_closing,
)
from docket_lifecycle.state.ticket import (
    Answer,
    Imported,
    InformationRequest,
    Ticket,
)
from docket_lifecycle.state.work import WorkEvent, worked

UnchangingEvent = (
    UserCommented
    | CommentAdded
    | InternalNoteAdded
    | TeamUpdateReceived
    | DeskNoticeSent
    | AttachmentErased
    | ContentErased
    | InformationDeadlinePassed
    | ResponseDueSoon
    | ResponseOverdue
    | BreachWithdrawn
    | BreachExcused
    | LicenseRecorded
    | ContactRecorded
    | ContactWithdrawn
    | LanguageRecorded
)
"""The events that leave a ticket as it is, but for its version and time."""


def fold(
    ticket_id: UUID, history: Iterable[Happened], ticket: Ticket | None = None
) -> Ticket | None:
    """Return the ticket after a history, None for an empty one.

    `ticket` is what an earlier part of the history folded to; events are taken in version order.
    """
    taken, latest = 0, None
    about_content = list[ContentEvent]()
    for happened in history:
        if ticket is None:
            ticket = begin(ticket_id, happened)
            continue
        ticket = _after(ticket, happened)
        taken += 1
        about_content += content_events_of(happened, ticket.version + taken)
        if latest is None or happened.occurred_at > latest:
            latest = happened.occurred_at
    if ticket is None or latest is None:
        return ticket
    # version and time once for all events: replacing fields costs more than most events change
    return replace(
        ticket,
        version=ticket.version + taken,
        updated_at=max(latest, ticket.updated_at),
        content_events=(*ticket.content_events, *about_content),
    )


def evolve(ticket: Ticket, happened: Happened) -> Ticket:
    """Return the ticket after one more event."""
    return replace(
        _after(ticket, happened),
        version=ticket.version + 1,
        updated_at=max(happened.occurred_at, ticket.updated_at),
        content_events=(
            *ticket.content_events,
            *content_events_of(happened, ticket.version + 1),
        ),
    )


def _after(ticket: Ticket, happened: Happened) -> Ticket:
    """Return the ticket after an event, with version and `updated_at` still as before."""
    at = happened.occurred_at
    match happened.event:
        case event if isinstance(event, UnchangingEvent):
            return ticket
        case TicketCreated():
            raise ValueError(f"ticket {ticket.id} is created twice")
        case TicketImported(source=source, source_id=source_id):
            return replace(ticket, imported=Imported(source, source_id))
        case TicketCorrected():
            return corrected(ticket, happened.event)
        case TicketRegisteredInClientArea():
            return replace(ticket, in_client_area=True)
        case RegistrationNoticeSent(sent_at=sent_at) as notice:
            return registered(noted(ticket, notice), sent_at)
        case NoticeSent() as notice:
            return noted(ticket, notice)
        case NoticeBounced(notice_id=bounced):
            return missed(ticket, bounced)
        case PriorityChanged(to=priority, criteria=criteria):
            return replace(ticket, priority=priority, criteria=criteria)
        case ResponseSent():
            return responded(ticket)
        case UserReplied():
            return replace(ticket, waiting_for="provider")
        case InformationRequested(request=request, kind=kind, deadline=deadline, items=items):
            asked = InformationRequest(request, kind, at, deadline, items=items)
            return replace(
                ticket,
                requests={**ticket.requests, request: asked},
                waiting_for="user",
                reopened_from=None,
            )
        case InformationProvided(request=request, upload_pending=pending, attachments=files):
            answer = Answer.UPLOADING if pending else Answer.GIVEN
            alive = replace(ticket, phase=without_closing(ticket.phase))
            return answered(alive, request, answer, at, tuple(each.id for each in files))
        case UploadCompleted(request=request):
            return answered(ticket, request, Answer.GIVEN, at)
        case InformationRejected(request=request, deadline=deadline):
            return rejected(ticket, request, deadline)
        case ClosureNoticeSent() as notice:
            return change_phase(noted(ticket, notice), notice, at)
        case step if isinstance(step, PhaseEvent):
            return change_phase(ticket, step, at)
        case TicketSplit(parts=parts):
            return replace(another_ticket(ticket), parts=(*ticket.parts, *parts))
        case SplitChildCreated(parent=parent) as part:
            return taken_over(replace(ticket, split_from=parent), part, at)
        case TicketsMerged(sources=sources) as merged:
            combined = replace(another_ticket(ticket), sources=(*ticket.sources, *sources))
            return taken_over(combined, merged, at)
        case TicketAssigned(to=to):
            return replace(ticket, assignee=to)
        case event:
            return _worked(ticket, event)


def _worked(ticket: Ticket, event: WorkEvent) -> Ticket:
    """A ticket that comes back from a team is with the provider (C-34)."""
    ticket = replace(ticket, work=worked(ticket.work, event))
    if isinstance(event, ReturnedFromRelevantTeam):
        return replace(ticket, waiting_for=ball(ticket.requests))
    return ticket
