"""What each event does to a ticket on its way through time."""

from datetime import datetime

from oracle_handed_on import divided, handed_to_part, merged_into
from oracle_information import asked, provided, rejected
from oracle_turns import Individual, Turn, figures
from oracle_walk import Ending, Reopened, Walk

from docket_events.clock import TicketAutoClosed
from docket_events.combining import MergedInto, SplitChildCreated, TicketsMerged, TicketSplit
from docket_events.desk import CommentAdded, PeriodExtended, TicketRejected
from docket_events.notice import ClosureNoticeSent, RegistrationNoticeSent
from docket_events.recorded import Event, Fact
from docket_events.teams import (
    DeveloperConsultationEnded,
    DeveloperConsultationStarted,
    ForwardedToRelevantTeam,
    ReturnedFromRelevantTeam,
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


def happen(walk: Walk, fact: Fact) -> None:
    """Let time pass until an event, and let it happen; an end ends everything but an objection."""
    walk.go(fact.occurred_at)
    if walk.ending is not None:
        if isinstance(fact.event, ObjectionAccepted) and walk.ending.state == "closed":
            ending, walk.ending = walk.ending, None
            walk.reopened = Reopened(len(walk.turns), ending)
            walk.open_turn()
        return
    _course(walk, fact.event)
    _waits(walk, fact.event)
    _endings(walk, fact.event)
    _silence(walk, fact.event)


def _course(walk: Walk, event: Event) -> None:
    match event:
        case TicketCreated(priority=priority):
            walk.priority, walk.created = priority, walk.now
        case RegistrationNoticeSent() if not walk.started:
            walk.open_turn(Turn(first=True))
        case PriorityChanged(to=priority):
            walk.priority = priority
        case ResponseSent():
            _respond(walk)
        case UserReplied() if walk.answered:
            walk.open_turn()
        case InformationRequested():
            asked(walk, event)
        case InformationProvided() | UploadCompleted():
            provided(walk, event)
        case InformationRejected(request=request):
            rejected(walk, request)
        case TicketSuspended() if walk.rules.pauses:
            walk.suspended = True
        case TicketResumed() if walk.suspended:
            walk.suspended = False
            if not walk.answered and walk.started:
                _resume(walk)
        case UncoordinatedChangeRecorded():
            walk.void = True
        case IndividualDeadlineSet(deadline=deadline):
            _set_deadline(walk, deadline)
        case SplitChildCreated():
            handed_to_part(walk, event)
        case TicketSplit():
            divided(walk)
        case TicketsMerged():
            merged_into(walk, event)
        case _:
            pass


def _respond(walk: Walk) -> None:
    """Answer the turn; the first response after it was set ends an individual deadline (C-58)."""
    turn = walk.turn
    if turn is not None and turn.answered_at is None:
        turn.end(walk.now, walk.judged())
        turn.answered_at = walk.now
    walk.individual, walk.reopened = None, None


def _resume(walk: Walk) -> None:
    if walk.individual is not None:
        walk.individual.renew()
    walk.open_turn()


def _set_deadline(walk: Walk, deadline: datetime) -> None:
    """Replace the target from now on; a turn that awaits information shows it too (C-58)."""
    span = deadline - walk.now
    walk.individual = Individual(span, span)
    turn = walk.turn
    if turn is None or turn.ended_at is None or turn.answered_at is not None:
        return
    if figures(turn, walk.rules, walk.judged()).due is None:
        turn.judged = walk.judged_by_a_request()


def _waits(walk: Walk, event: Event) -> None:
    match event:
        case ThirdPartyWaitStarted(id=party):
            walk.parties.add(party)
        case ThirdPartyResponseReceived(id=party):
            walk.parties.discard(party)
        case CauseUnknownDeclared():
            walk.cause_unknown = True
        case CauseEstablished():
            walk.cause_unknown = False
        case OperationScheduled(agreed_for=agreed_for):
            walk.agreed_for = agreed_for if agreed_for > walk.now else None
        case OperationCancelled():
            walk.agreed_for = None
        case ProductTeamEscalated() | DeveloperConsultationStarted():
            walk.team = "team"
        case ProductTeamReturned() | DeveloperConsultationEnded():
            walk.team = None
        case ForwardedToRelevantTeam():
            walk.forwarded = True
        case ReturnedFromRelevantTeam() if walk.forwarded:
            walk.forwarded = False
            walk.open_turn()
        case PeriodExtended(seconds=seconds) if walk.turn and walk.turn.ended_at is None:
            walk.turn.added.append((walk.now, seconds // 60))
        case _:
            pass


def _endings(walk: Walk, event: Event) -> None:
    match event:
        case ClosureDecided():
            walk.reopened = None
        case ClosureNoticeSent() | TicketRejected() | TicketAutoClosed() | MergedInto():
            walk.end(Ending("closed", walk.now))
        case TicketRevoked():
            walk.end(Ending("revoked", walk.now))
        case ObjectionRefused() if walk.reopened is not None:
            before = walk.reopened
            walk.end(before.ending)
            del walk.turns[before.turns :]
        case _:
            pass


def _silence(walk: Walk, event: Event) -> None:
    """Begin or end the silence after which pack I closes a ticket (I-3.6, C-64)."""
    match event:
        case ResponseSent() | InformationRequested() | InformationRejected():
            walk.wrote_to_user()
        case CommentAdded(by="agent"):
            walk.wrote_to_user()
        case UserReplied() | UserCommented() | InformationProvided() | UploadCompleted():
            walk.silent_since = None
        case _:
            pass
    with_user = walk.answered or walk.awaits_information
    if walk.ending is not None or walk.awaits_others or not with_user:
        walk.silent_since = None
