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
    TicketAutoClosed,
)
from docket_events.combining import MergedInto, SplitChildCreated, TicketsMerged, TicketSplit
from docket_events.desk import (
    BreachExcused,
    CommentAdded,
    DefectLinked,
    IndependentMeasuresAgreed,
    IndependentMeasuresProposed,
    InternalNoteAdded,
    PeriodExtended,
    TicketAssigned,
    TicketRejected,
    TicketTagged,
    UpdateReleased,
)
from docket_events.erasure import ErasureEvent
from docket_events.notice import (
    ClosureBecameFinal,
    ClosureNoticeSent,
    NoticeSent,
    RegistrationNoticeSent,
)
from docket_events.recorded import Happened
from docket_events.teams import (
    DeveloperConsultationEnded,
    DeveloperConsultationStarted,
    ForwardedToRelevantTeam,
    ReturnedFromRelevantTeam,
    TeamUpdateReceived,
)
from docket_events.ticket import (
    ClosureDecided,
    IndividualDeadlineSet,
    InformationProvided,
    InformationRejected,
    InformationRequested,
    ObjectionAccepted,
    ObjectionRefused,
    PriorityChanged,
    ProductTeamEscalated,
    ProductTeamReturned,
    ResponseSent,
    TicketCreated,
    TicketImported,
    TicketRegisteredInClientArea,
    TicketResumed,
    TicketRevoked,
    TicketSuspended,
    UncoordinatedChangeRecorded,
    UploadCompleted,
    UserCommented,
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
from docket_policies.calendars.epoch import seconds
from docket_policies.clock.progress import ClockProgress
from docket_policies.clock.step_events import take_step
from docket_policies.clock.work_events import take_work
from docket_policies.terms.policy import Policy

IgnoredEvent = (
    AccessEvent
    | AccountEvent
    | ErasureEvent
    | TicketImported
    | TicketRegisteredInClientArea
    | NoticeSent
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
    course = ClockProgress(policy)
    for happened in sorted(history, key=attrgetter("occurred_at")):
        at = seconds(happened.occurred_at)
        if at > until:
            break
        course.advance_to(at)
        if not course.ended:
            _take(course, policy, at, happened)
        elif course.closed is not None:
            _take_closed(course, at, happened)
        course.mark(at, happened)
    course.advance_to(until)
    return course


def _take_closed(course: ClockProgress, at: int, happened: Happened) -> None:
    match happened.event:
        case ObjectionAccepted():
            course.object(at, happened)
        case ClosureBecameFinal():
            course.final = True
        case _:  # what else happens to a closed ticket moves no clock
            return


def _take(course: ClockProgress, policy: Policy, at: int, happened: Happened) -> None:
    readings, waits = policy.readings, course.waits
    event = happened.event
    match event:
        case TicketCreated(priority=priority, channel=channel, split_from=split_from):
            course.priority, course.created_at = priority, at
            at_once = readings.start == "first_message"
            counted = at_once if channel == "client_area" else readings.channel == "any"
            if counted and split_from is None:
                course.open("registration", at, happened)
        case RegistrationNoticeSent():
            if not course.turns:
                course.open("registration", at, happened)
        case PriorityChanged(to=priority):
            changed, course.priority = priority != course.priority, priority
            if changed and readings.priority == "restart" and course.turn is not None:
                course.open(course.turn.start, at, happened)
        case ResponseSent():
            course.answer(happened)
        case UserReplied():
            course.silent_since = None
            if course.turn is not None and course.turn.answered is not None:
                course.open("reply", at, happened)
            elif readings.comment == "restart":
                course.open("comment", at, happened)
        case UserCommented():
            course.silent_since = None
            if readings.comment == "restart":
                course.open("comment", at, happened)
        case CommentAdded(by=by):
            course.comment(by, happened)
        case InformationRequested():
            course.reopened, course.silent_since = None, happened.occurred_at
            waits.take(event, happened)
        case InformationProvided() | UploadCompleted():
            course.silent_since = None
            waited = bool(waits.information)
            waits.take(event, happened)
            if waited and not waits.information and readings.info == "restart":
                course.open("information", at, happened)
        case InformationRejected(request=request):
            if waits.was_answered(request):
                course.take_back("information", at, happened)
            waits.take(event, happened)
            course.silent_since = happened.occurred_at
        case (
            TicketSuspended()
            | TicketResumed()
            | ProductTeamEscalated()
            | DeveloperConsultationStarted()
            | ProductTeamReturned()
            | DeveloperConsultationEnded()
            | ForwardedToRelevantTeam()
            | ReturnedFromRelevantTeam()
            | UncoordinatedChangeRecorded()
            | IndividualDeadlineSet()
            | PeriodExtended()
            | ThirdPartyWaitStarted()
            | ThirdPartyResponseReceived()
            | CauseUnknownDeclared()
            | CauseEstablished()
            | OperationScheduled()
            | OperationCancelled()
        ):
            take_work(course, policy, at, happened, event)
        case (
            TicketSplit()
            | SplitChildCreated()
            | TicketsMerged()
            | TicketRevoked()
            | TicketRejected()
            | TicketAutoClosed()
            | MergedInto()
            | ClosureDecided()
            | ClosureNoticeSent()
            | ObjectionRefused()
        ):
            take_step(course, policy, at, happened, event)
        case _:
            _ignore(event)


def _ignore(event: IgnoredEvent) -> None:
    """Leave the clock as it is; a new event is listed in IgnoredEvent, or mypy refuses this."""
