"""From a history to the progress of its clock: what each event means for it.

Events are taken in the order in which they happened; those after `until` do not count. The fold
never refuses: an event that makes no sense at its place moves no clock. The state of the ticket is
folded from the same events by docket_lifecycle/state/fold.py.
"""

from collections.abc import Sequence
from operator import attrgetter

from docket_events.access import AccessEvent
from docket_events.account import AccountEvent
from docket_events.clock import (
    BreachWithdrawn,
    InformationDeadlinePassed,
    ResponseDueSoon,
    ResponseOverdue,
)
from docket_events.desk import (
    BreachExcused,
    CommentAdded,
    DefectLinked,
    IndependentMeasuresAgreed,
    IndependentMeasuresProposed,
    InternalNoteAdded,
    TicketAssigned,
    TicketTagged,
    UpdateReleased,
)
from docket_events.erasure import ErasureEvent
from docket_events.notice import (
    ClosureBecameFinal,
    DeskNoticeSent,
    NoticeBounced,
    NoticeSent,
    RegistrationNoticeSent,
)
from docket_events.recorded import Happened
from docket_events.teams import (
    TeamUpdateReceived,
)
from docket_events.ticket import (
    InformationProvided,
    InformationRejected,
    InformationRequested,
    ObjectionAccepted,
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
from docket_policies.calendars.epoch import seconds
from docket_policies.clock.event_steps.division_events import DivisionEvent, take_division
from docket_policies.clock.event_steps.ending_events import EndingEvent, take_closed, take_ending
from docket_policies.clock.event_steps.insufficient_answer import take_rejection
from docket_policies.clock.event_steps.work_events import WorkEvent, take_work
from docket_policies.clock.progress import ClockProgress
from docket_policies.terms.policy import Policy

IgnoredEvent = (
    AccessEvent
    | AccountEvent
    | ErasureEvent
    | TicketImported
    | TicketCorrected
    | TicketRegisteredInClientArea
    | NoticeSent
    | DeskNoticeSent
    | NoticeBounced
    | ObjectionAccepted
    | ClosureBecameFinal
    | InformationDeadlinePassed
    | ResponseDueSoon
    | ResponseOverdue
    | BreachWithdrawn
    | TeamUpdateReceived
    | TicketAssigned
    | TicketTagged
    | InternalNoteAdded
    | IndependentMeasuresProposed
    | IndependentMeasuresAgreed
    | BreachExcused
    | DefectLinked
    | UpdateReleased
)
"""The events that move no clock."""


def fold_clock(history: Sequence[Happened], policy: Policy, until: int) -> ClockProgress:
    """Return the progress of a history's clock at an instant (seconds since 1970)."""
    progress = ClockProgress(policy)
    for happened in sorted(history, key=attrgetter("occurred_at")):
        at = seconds(happened.occurred_at)
        if at > until:
            break
        progress.advance_to(at)
        if not progress.ended:
            _take(progress, policy, at, happened)
        elif progress.closed is not None:
            take_closed(progress, at, happened)
        progress.mark(at, happened)
    progress.advance_to(until)
    return progress


def _take(progress: ClockProgress, policy: Policy, at: int, happened: Happened) -> None:
    readings, waits = policy.readings, progress.waits
    event = happened.event
    match event:
        case TicketCreated(priority=priority, channel=channel, split_from=split_from):
            progress.priority, progress.created_at = priority, at
            at_once = readings.start == "first_message"
            counted = at_once if channel == "client_area" else readings.channel == "any"
            if counted and split_from is None:
                progress.open("registration", at, happened)
        case RegistrationNoticeSent():
            if not progress.turns:
                progress.open("registration", at, happened)
        case PriorityChanged(to=priority):
            changed, progress.priority = priority != progress.priority, priority
            if changed and readings.priority == "restart" and progress.turn is not None:
                progress.open(progress.turn.start, at, happened)
        case ResponseSent():
            progress.answer(happened)
        case UserReplied():
            progress.silence.heard()
            progress.silence.responded = False
            if progress.turn is not None and progress.turn.answered is not None:
                progress.open("reply", at, happened)
            elif readings.comment == "restart":
                progress.open("comment", at, happened)
        case UserCommented():
            progress.silence.heard()
            if readings.comment == "restart":
                progress.open("comment", at, happened)
        case CommentAdded(by=by):
            _note_comment(progress, by, happened)
        case InformationRequested():
            waits.take(event, happened)
            progress.ask(at)
            progress.silence.told(happened.occurred_at)
        case InformationProvided() | UploadCompleted():
            progress.silence.heard()
            waited = bool(waits.information)
            waits.take(event, happened)
            if waited and not waits.information and readings.info == "restart":
                progress.open("information", at, happened)
        case InformationRejected():
            take_rejection(progress, policy, at, happened, event)
        case event if isinstance(event, WorkEvent):
            take_work(progress, policy, at, happened, event)
        case event if isinstance(event, DivisionEvent):
            take_division(progress, policy, at, happened, event)
        case event if isinstance(event, EndingEvent):
            take_ending(progress, policy, at, happened, event)
        case _:
            _ignore(event)


def _note_comment(progress: ClockProgress, by: str | None, happened: Happened) -> None:
    """Note a message that changes no turn: a user who writes is not silent (C-33)."""
    if by != "agent":
        progress.silence.heard()
        return
    forwarded, ball = progress.forwarded is not None, progress.user_has_ball
    progress.silence.interim(happened.occurred_at, user_has_ball=ball, forwarded=forwarded)


def _ignore(event: IgnoredEvent) -> None:
    """Leave the clock as it is; a new event is listed in IgnoredEvent, or mypy refuses this."""
