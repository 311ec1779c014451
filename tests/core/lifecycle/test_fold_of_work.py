"""What a history makes of the work on a ticket, of its parts and sources, and of its other ends."""

from uuid import UUID

import pytest

from docket_events.access import (
    AccessRestored,
    AccessRestricted,
    RemoteAccessConsentGiven,
    RemoteAccessConsentWithdrawn,
    RemoteConnectionOpened,
)
from docket_events.clock import BreachWithdrawn, TicketAutoClosed
from docket_events.combining import (
    MergedInto,
    OpenRequest,
    SplitChildCreated,
    TicketsMerged,
    TicketSplit,
)
from docket_events.desk import (
    CommentAdded,
    DefectLinked,
    IndependentMeasuresAgreed,
    IndependentMeasuresProposed,
    InternalNoteAdded,
    PeriodExtended,
    TicketAssigned,
    TicketRejected,
    TicketTagged,
)
from docket_events.erasure import AttachmentErased, ContentErased
from docket_events.recorded import Event, Fact
from docket_events.teams import (
    DeveloperConsultationEnded,
    DeveloperConsultationStarted,
    ForwardedToRelevantTeam,
    ReturnedFromRelevantTeam,
    TeamUpdateReceived,
)
from docket_events.ticket import (
    IndividualDeadlineSet,
    InformationProvided,
    InformationRequested,
    ProductTeamEscalated,
    ProductTeamReturned,
    ResponseSent,
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
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import (
    Closed,
    InformationRequest,
    Merged,
    Rejected,
    Status,
    Ticket,
)
from docket_lifecycle.state.work import Work
from people import CREATED, MONDAY, REGISTERED, TICKET, TUESDAY, UNDER_I, WEDNESDAY, june, text

CONTENT = UUID(int=7)


def after(*events: Event, created: Event = CREATED) -> Ticket:
    """Fold a ticket of Monday and what happened on Tuesday."""
    facts = [Fact(created, MONDAY), Fact(REGISTERED, MONDAY)]
    ticket = fold(TICKET, [*facts, *(Fact(event, TUESDAY) for event in events)])
    assert ticket is not None
    return ticket


CONSENT = RemoteAccessConsentGiven("electronic", "alternative")


@pytest.mark.parametrize(
    ("events", "work"),
    [
        (
            (ThirdPartyWaitStarted("v1"), ThirdPartyWaitStarted("v2")),
            {"third_parties": ("v1", "v2")},
        ),
        ((ThirdPartyWaitStarted("v1"), ThirdPartyResponseReceived("v1")), {}),
        ((CauseUnknownDeclared(),), {"cause_unknown": True}),
        ((CauseUnknownDeclared(), CauseEstablished()), {}),
        ((OperationScheduled(WEDNESDAY),), {"agreed_for": WEDNESDAY}),
        ((OperationScheduled(WEDNESDAY), OperationCancelled()), {}),
        ((ProductTeamEscalated(),), {"team": "product_team"}),
        ((ProductTeamEscalated(), ProductTeamReturned()), {}),
        ((DeveloperConsultationStarted(),), {"team": "developers"}),
        ((DeveloperConsultationStarted(), DeveloperConsultationEnded()), {}),
        ((ForwardedToRelevantTeam("error"),), {"team": "relevant_team"}),
        ((ForwardedToRelevantTeam(), ReturnedFromRelevantTeam()), {}),
        ((IndividualDeadlineSet(june(30)),), {"deadline": june(30)}),
        ((PeriodExtended(3_600), PeriodExtended(60)), {"extended_s": 3_660}),
        ((UncoordinatedChangeRecorded(),), {"term_void": True}),
        ((IndependentMeasuresProposed(),), {"measures": "proposed"}),
        ((IndependentMeasuresProposed(), IndependentMeasuresAgreed()), {"measures": "agreed"}),
        ((CONSENT, RemoteConnectionOpened()), {"consent": CONSENT, "connected": True}),
        ((CONSENT, RemoteConnectionOpened(), RemoteAccessConsentWithdrawn()), {}),
        ((DefectLinked("VM-1"), DefectLinked("VM-2")), {"defects": ("VM-1", "VM-2")}),
        ((TicketTagged(("network",)), TicketTagged(("vip",))), {"tags": ("vip",)}),
        (
            (AccessRestricted("acme", june(30)),),
            {"restricted": True, "restricted_until": june(30)},
        ),
        ((AccessRestricted("acme"), AccessRestored("acme")), {}),
    ],
)
def test_where_the_work_stands(events: tuple[Event, ...], work: dict[str, object]) -> None:
    assert after(*events).work == Work(**work)  # type: ignore[arg-type]  # named by the table


@pytest.mark.parametrize(
    "event",
    [
        CommentAdded("agent"),
        InternalNoteAdded(text("a note")),
        TeamUpdateReceived("proposal"),
        AttachmentErased((CONTENT,), "resolved", "I-3.9.1-b"),
        ContentErased((CONTENT,), "asked_by_user"),
        BreachWithdrawn(1, TUESDAY, "R-6.7-LOW"),
    ],
)
def test_what_changes_nothing_but_the_version(event: Event) -> None:
    before, ticket = after(), after(event)
    assert ticket.version == before.version + 1
    assert (ticket.phase, ticket.work, ticket.waiting_for) == (
        before.phase,
        before.work,
        before.waiting_for,
    )


def test_an_agent_has_the_ticket_until_somebody_else_or_nobody_has() -> None:
    assert after(TicketAssigned("olga")).assignee == "olga"
    assert after(TicketAssigned("olga"), TicketAssigned()).assignee is None


def test_I_3_2_a_rejected_ticket_has_ended_with_reason_and_clause() -> None:
    ticket = after(TicketRejected("out_of_scope", "I-3.2-e"), created=UNDER_I)
    assert ticket.phase == Rejected(TUESDAY, "out_of_scope", "I-3.2-e")
    assert (ticket.status, ticket.ended) == (Status.REJECTED, True)


def test_I_3_6_a_ticket_closed_for_silence_is_closed_without_a_window() -> None:
    closed = TicketAutoClosed("auto_no_reply", "I-3.6", TUESDAY)
    ticket = after(ResponseSent(), closed, created=UNDER_I)
    assert ticket.phase == Closed(TUESDAY, "auto_no_reply", "I-3.6", None)
    assert ticket.ended


def test_C_23_a_source_of_a_merge_lives_on_elsewhere() -> None:
    ticket = after(MergedInto("T1"))
    assert ticket.phase == Merged(TUESDAY, "T1")
    assert (ticket.status.value, ticket.ended) == ("merged_into", True)


def test_a_parent_knows_its_parts_and_a_part_its_parent() -> None:
    assert after(TicketSplit(("T2",)), TicketSplit(("T3",))).parts == ("T2", "T3")
    part = after(SplitChildCreated("T1", MONDAY, "High", MONDAY))
    assert (part.split_from, part.priority, part.waiting_for) == ("T1", "High", "provider")


def test_C_08_a_combined_ticket_takes_over_what_is_still_asked_and_waited_for() -> None:
    asked = OpenRequest("q7", MONDAY, "access", june(11, 9), text("which access"))
    merged = TicketsMerged(
        (MONDAY, TUESDAY),
        "Emergency",
        ("T2",),
        open_requests=("q8", asked),
        third_parties=("v1",),
        cause_unknown=True,
        agreed_for=WEDNESDAY,
    )
    ticket = after(ThirdPartyWaitStarted("v1"), InformationRequested("q1"), merged)
    assert (ticket.priority, ticket.sources, ticket.waiting_for) == ("Emergency", ("T2",), "user")
    assert list(ticket.requests) == ["q1", "q8", "q7"]
    assert ticket.requests["q8"].requested_at == TUESDAY
    assert ticket.requests["q7"] == InformationRequest(
        "q7", "access", MONDAY, june(11, 9), items=text("which access")
    )
    assert ticket.work == Work(third_parties=("v1",), cause_unknown=True, agreed_for=WEDNESDAY)
    given = fold(TICKET, [Fact(InformationProvided(q), WEDNESDAY) for q in ticket.requests], ticket)
    assert given is not None
    assert given.waiting_for == "provider"


def test_C_08_combining_answered_tickets_leaves_the_ball_where_it_is() -> None:
    assert after(ResponseSent(), TicketsMerged((MONDAY,), "Low")).waiting_for == "provider"
    answered = TicketsMerged((MONDAY,), "Low", answered=True)
    assert after(ResponseSent(), answered).waiting_for == "user"


def test_C_34_back_from_the_relevant_team_the_ball_is_with_the_provider() -> None:
    history = (ResponseSent(), ForwardedToRelevantTeam(), ReturnedFromRelevantTeam())
    assert after(*history, created=UNDER_I).waiting_for == "provider"
