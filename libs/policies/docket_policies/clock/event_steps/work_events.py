"""What work on a ticket means for its clock: pauses, teams, agreements (R-6.8, R-6.7-d, R-3.4)."""

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
from docket_events.waits import ProviderWaitEvent
from docket_policies.calendars.epoch import seconds
from docket_policies.clock.individual import Individual
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
    | ProviderWaitEvent
)


def take_work(
    progress: ClockProgress, policy: Policy, at: int, happened: Happened, event: WorkEvent
) -> None:
    """Note what an event about the work at `at` (seconds since 1970) does to the clock."""
    match event:
        case TicketSuspended():
            progress.suspend(happened)
        case TicketResumed():
            progress.resume(at, happened)
        case ProductTeamEscalated():
            progress.give_to("product_team", at)
        case DeveloperConsultationStarted():
            progress.give_to("developers", at)
        case ProductTeamReturned() | DeveloperConsultationEnded():
            progress.give_to(None, at)
        case ForwardedToRelevantTeam():
            progress.forward(happened)
        case ReturnedFromRelevantTeam():
            if progress.forwarded is not None:
                progress.forwarded = None
                progress.open("return", at, happened)
        case UncoordinatedChangeRecorded():
            progress.void(happened)
        case IndividualDeadlineSet(deadline=deadline):
            if "individual_deadline" in policy.states:
                _agree(progress, policy, at, happened, seconds(deadline))
        case PeriodExtended(seconds=added):
            progress.extend(added, at)
        case _:
            progress.waits.take(event, happened)


def _agree(progress: ClockProgress, policy: Policy, at: int, by: Happened, deadline: int) -> None:
    """Replace what is due by an agreed deadline; set while the user has the ball, it waits (R-3.4).

    It excuses a breach that was told before it (decision 0017).
    """
    turn, agreed = progress.turn, Individual(by, at, deadline, at, deadline - at)
    progress.individual = agreed
    if turn is None:
        return
    if policy.readings.individual == "fixed" or not (turn.answered or turn.settled):
        turn.individual = agreed
    elif not turn.answered:
        turn.agreed_since = True
