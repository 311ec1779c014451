"""What work on a ticket means for its clock: pauses, teams, agreements (R-6.8, R-6.7-d, R-3.4)."""

from typing import assert_never

from docket_events.desk import (
    PeriodExtended,
)
from docket_events.recorded import Happened
from docket_events.teams import (
    DeveloperConsultationEnded,
    DeveloperConsultationStarted,
    ForwardedToRelevantTeam,
    ReturnedFromRelevantTeam,
)
from docket_events.ticket import (
    IndividualDeadlineSet,
    ProductTeamEscalated,
    ProductTeamReturned,
    TicketResumed,
    TicketSuspended,
    UncoordinatedChangeRecorded,
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
from docket_policies.terms.policy import Policy

WorkEvent = (
    TicketSuspended
    | TicketResumed
    | ProductTeamEscalated
    | DeveloperConsultationStarted
    | ProductTeamReturned
    | DeveloperConsultationEnded
    | ForwardedToRelevantTeam
    | ReturnedFromRelevantTeam
    | UncoordinatedChangeRecorded
    | IndividualDeadlineSet
    | PeriodExtended
    | ThirdPartyWaitStarted
    | ThirdPartyResponseReceived
    | CauseUnknownDeclared
    | CauseEstablished
    | OperationScheduled
    | OperationCancelled
)


def take_work(
    course: ClockProgress, policy: Policy, at: int, happened: Happened, event: WorkEvent
) -> None:
    """Note what an event about the work at `at` (seconds since 1970) does to the clock."""
    match event:
        case TicketSuspended():
            course.suspend(happened)
        case TicketResumed():
            if course.resume() and policy.readings.suspend == "restart":
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
        case UncoordinatedChangeRecorded():
            course.void(happened)
        case IndividualDeadlineSet(deadline=deadline):
            course.agree(seconds(deadline), happened)
        case PeriodExtended(seconds=added):
            course.extend(added, at)
        case (
            ThirdPartyWaitStarted()
            | ThirdPartyResponseReceived()
            | CauseUnknownDeclared()
            | CauseEstablished()
            | OperationScheduled()
            | OperationCancelled()
        ):
            course.waits.take(event, happened)
        case _:
            assert_never(event)
