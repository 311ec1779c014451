"""The work on a ticket: who has it, what it waits for, what was agreed about it.

None of this ends the ticket or moves the ball; the rules use it to allow a step.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, assert_never, get_args

from msgspec import Struct
from msgspec.structs import replace

from docket_events.access import (
    AccessRestored,
    AccessRestricted,
    RemoteAccessConsentGiven,
    RemoteAccessConsentWithdrawn,
    RemoteConnectionOpened,
)
from docket_events.combining import SplitChildCreated, TicketsMerged
from docket_events.desk import (
    DefectLinked,
    IndependentMeasuresAgreed,
    IndependentMeasuresProposed,
    PeriodExtended,
    TicketTagged,
    UpdateReleased,
)
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
    UncoordinatedChangeRecorded,
)
from docket_events.waits import (
    CauseEstablished,
    CauseUnknownDeclared,
    OperationCancelled,
    OperationScheduled,
    ProviderWaitEvent,
    ThirdPartyResponseReceived,
    ThirdPartyWaitStarted,
)

Team = Literal["product_team", "developers", "relevant_team"]

_TEAMS: Mapping[str, Team] = {name: name for name in get_args(Team)}

WorkEvent = (
    AccessRestored
    | AccessRestricted
    | DefectLinked
    | DeveloperConsultationEnded
    | DeveloperConsultationStarted
    | ForwardedToRelevantTeam
    | IndependentMeasuresAgreed
    | IndependentMeasuresProposed
    | IndividualDeadlineSet
    | PeriodExtended
    | ProductTeamEscalated
    | ProductTeamReturned
    | ProviderWaitEvent
    | RemoteAccessConsentGiven
    | RemoteAccessConsentWithdrawn
    | RemoteConnectionOpened
    | ReturnedFromRelevantTeam
    | TicketTagged
    | UncoordinatedChangeRecorded
    | UpdateReleased
)


class Work(Struct, frozen=True):
    """The state of the work; `team` has the ticket, None if the support desk has it.

    `third_parties` are the ids of the open waits, `agreed_for` is the time of an agreed operation,
    `consent` is the one in force (I-3.5-a), `released` are the plan references of defects whose
    update is out (I-3.9.1-c). `restricted_until` is exclusive (C-52).
    """

    team: Team | None = None
    third_parties: tuple[str, ...] = ()
    cause_unknown: bool = False
    agreed_for: datetime | None = None
    deadline: datetime | None = None
    extended_s: int = 0
    term_void: bool = False
    measures: Literal["proposed", "agreed"] | None = None
    consent: RemoteAccessConsentGiven | None = None
    connected: bool = False
    defects: tuple[str, ...] = ()
    released: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    restricted: bool = False
    restricted_until: datetime | None = None


def worked(work: Work, event: WorkEvent) -> Work:
    """Return the state of the work after an event."""
    match event:
        case ThirdPartyWaitStarted(id=wait):
            others = tuple(each for each in work.third_parties if each != wait)
            return replace(work, third_parties=(*others, wait))
        case ThirdPartyResponseReceived(id=wait):
            left = tuple(each for each in work.third_parties if each != wait)
            return replace(work, third_parties=left)
        case CauseUnknownDeclared():
            return replace(work, cause_unknown=True)
        case CauseEstablished():
            return replace(work, cause_unknown=False)
        case OperationScheduled(agreed_for=agreed_for):
            return replace(work, agreed_for=agreed_for)
        case OperationCancelled():
            return replace(work, agreed_for=None)
        case ProductTeamEscalated():
            return replace(work, team="product_team")
        case DeveloperConsultationStarted():
            return replace(work, team="developers")
        case ForwardedToRelevantTeam():
            return replace(work, team="relevant_team")
        case ProductTeamReturned() | DeveloperConsultationEnded() | ReturnedFromRelevantTeam():
            return replace(work, team=None)
        case IndividualDeadlineSet(deadline=deadline):
            return replace(work, deadline=deadline)
        case PeriodExtended(seconds=seconds):
            return replace(work, extended_s=work.extended_s + seconds)
        case UncoordinatedChangeRecorded():
            return replace(work, term_void=True)
        case IndependentMeasuresProposed():
            return replace(work, measures="proposed")
        case IndependentMeasuresAgreed():
            return replace(work, measures="agreed")
        case RemoteAccessConsentGiven():
            return replace(work, consent=event)
        case RemoteAccessConsentWithdrawn():
            return replace(work, consent=None, connected=False)
        case RemoteConnectionOpened():
            return replace(work, connected=True)
        case DefectLinked(plan_reference=reference):
            return replace(work, defects=(*work.defects, reference))
        case UpdateReleased(plan_reference=reference):
            others = tuple(each for each in work.released if each != reference)
            return replace(work, released=(*others, reference))
        case TicketTagged(tags=tags):
            return replace(work, tags=tags)
        case AccessRestricted(until=until):
            return replace(work, restricted=True, restricted_until=until)
        case AccessRestored():
            return replace(work, restricted=False, restricted_until=None)
        case _:
            assert_never(event)


def taken_over(
    work: Work, event: SplitChildCreated | TicketsMerged, only_team: Team | None
) -> Work:
    """Return the work with what another ticket hands on: its waits, and its clock (C-08, C-59).

    `only_team` is meant where the event does not name the team that has the ticket.
    """
    known = work.third_parties
    work = replace(
        work,
        third_parties=(*known, *(each for each in event.third_parties if each not in known)),
        cause_unknown=work.cause_unknown or event.cause_unknown,
        agreed_for=event.agreed_for or work.agreed_for,
    )
    adopted = event.adopted
    if adopted is None:
        return work
    at_work = next((span for span in adopted.team if span.to is None), None)
    team = None if at_work is None else _TEAMS.get(at_work.team or "", only_team)
    agreed = adopted.individual
    return replace(
        work,
        team="relevant_team" if adopted.forwarded else team,
        extended_s=adopted.extensions_s,
        term_void=adopted.void,
        deadline=None if agreed is None else agreed.deadline,
    )


def ended(work: Work) -> Work:
    """Return the work of a ticket that has ended: nothing is waited for or agreed (C-61)."""
    return replace(
        work, team=None, third_parties=(), cause_unknown=False, agreed_for=None, deadline=None
    )
