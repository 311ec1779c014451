"""From a history to the progress of its clock: what each event means for it.

Events are taken in the order in which they happened; those after `until` do not count. The fold
never refuses: an event that makes no sense at its place moves no clock.
"""

from collections.abc import Sequence
from operator import attrgetter
from typing import assert_never

from docket_events.access import (
    AccessRestored,
    AccessRestricted,
    RemoteAccessConsentGiven,
    RemoteAccessConsentWithdrawn,
    RemoteConnectionOpened,
)
from docket_events.account import LicenseRecorded
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
from docket_events.erasure import AttachmentErased, ContentErased
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
    CauseEstablished,
    CauseUnknownDeclared,
    ClosureDecided,
    IndividualDeadlineSet,
    InformationProvided,
    InformationRejected,
    InformationRequested,
    ObjectionAccepted,
    ObjectionRefused,
    OperationCancelled,
    OperationScheduled,
    PriorityChanged,
    ProductTeamEscalated,
    ProductTeamReturned,
    ResponseSent,
    ThirdPartyResponseReceived,
    ThirdPartyWaitStarted,
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
from docket_policies.calendars.epoch import seconds
from docket_policies.clock.progress import ClockProgress
from docket_policies.clock.turn_base import base_of
from docket_policies.terms.policy import Policy


def fold_clock(history: Sequence[Happened], policy: Policy, until: int) -> ClockProgress:
    """Return the progress of a history's clock at an instant (seconds since 1970)."""
    course = ClockProgress(policy)
    for happened in sorted(history, key=attrgetter("occurred_at")):
        at = seconds(happened.occurred_at)
        if at > until:
            break
        course.pass_time(at)
        if not course.ended:
            _take(course, policy, at, happened)
        elif course.closed is not None:
            _take_closed(course, at, happened)
        course.mark(at, happened)
    course.pass_time(until)
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
        case TicketSuspended():
            course.suspend(happened)
        case TicketResumed():
            if course.resume() and readings.suspend == "restart":
                course.open("resumption", at, happened)
        case ProductTeamEscalated():
            course.give_to("product_team")
        case DeveloperConsultationStarted():
            course.give_to("developers")
        case ProductTeamReturned() | DeveloperConsultationEnded():
            course.give_to(None)
        case ForwardedToRelevantTeam():
            course.forward(happened)
        case ReturnedFromRelevantTeam():
            if course.forwarded is not None:
                course.forwarded = None
                course.open("return", at, happened)
        case TicketSplit():
            base = base_of(event, at, readings)
            if base is not None and course.turn is not None and course.turn.answered is None:
                course.rebase("split", base, at, happened)
        case SplitChildCreated(priority=priority):
            course.priority, base = priority, base_of(event, at, readings)
            waits.take_over(event, happened)
            if base is not None:
                course.rebase("split", base, at, happened)
        case TicketsMerged(priority=priority, answered=answered):
            course.priority, base = priority, base_of(event, at, readings)
            waits.take_over(event, happened)
            if base is not None and not answered:
                course.rebase("merge", base, at, happened)
        case UncoordinatedChangeRecorded():
            course.void(happened)
        case IndividualDeadlineSet(deadline=deadline):
            course.agree(seconds(deadline), happened)
        case PeriodExtended(seconds=added):
            course.extend(added, at)
        case TicketRevoked():
            course.revoke(at, happened)
        case TicketRejected() | TicketAutoClosed() | MergedInto():
            course.conclude(at, happened)
        case ClosureDecided():
            course.reopened = None
        case ClosureNoticeSent():
            course.close(event, happened)
        case ObjectionRefused():
            course.refuse_objection(at, happened)
        case (
            ThirdPartyWaitStarted()
            | ThirdPartyResponseReceived()
            | CauseUnknownDeclared()
            | CauseEstablished()
            | OperationScheduled()
            | OperationCancelled()
        ):
            waits.take(event, happened)
        case (
            TicketImported()
            | TicketRegisteredInClientArea()
            | NoticeSent()
            | ObjectionAccepted()
            | ClosureBecameFinal()
            | InformationDeadlinePassed()
            | ResponseDueSoon()
            | ResponseOverdue()
            | BreachWithdrawn()
            | TeamUpdateReceived()
            | RemoteAccessConsentGiven()
            | RemoteAccessConsentWithdrawn()
            | RemoteConnectionOpened()
            | AccessRestricted()
            | AccessRestored()
            | LicenseRecorded()
            | TicketAssigned()
            | TicketTagged()
            | InternalNoteAdded()
            | IndependentMeasuresProposed()
            | IndependentMeasuresAgreed()
            | BreachExcused()
            | DefectLinked()
            | UpdateReleased()
            | AttachmentErased()
            | ContentErased()
        ):
            return
        case _:
            assert_never(event)
