"""How a ticket ends and opens again in the fold: closings, objections, what changes nothing."""

import pytest
from folded import ASKED, DECIDED, NOTICED, after

from docket_events.clock import InformationDeadlinePassed, ResponseDueSoon, ResponseOverdue
from docket_events.combining import MergedInto
from docket_events.desk import TicketRejected
from docket_events.notice import (
    ClosureBecameFinal,
    NoticeSent,
)
from docket_events.recorded import Event, Fact
from docket_events.ticket import (
    IndividualDeadlineSet,
    InformationProvided,
    InformationRejected,
    InformationRequested,
    ObjectionAccepted,
    ObjectionRefused,
    ProductTeamEscalated,
    ProductTeamReturned,
    ResponseSent,
    TicketImported,
    TicketRevoked,
    TicketSuspended,
    UncoordinatedChangeRecorded,
    UploadCompleted,
    UserCommented,
)
from docket_events.waits import (
    CauseEstablished,
    CauseUnknownDeclared,
    OperationCancelled,
    OperationScheduled,
    ThirdPartyResponseReceived,
    ThirdPartyWaitStarted,
)
from docket_lifecycle.state.fold import evolve
from docket_lifecycle.state.ticket import (
    UNDER_WAY,
    Answer,
    Closed,
    Closing,
    Final,
    Imported,
    Open,
    Revoked,
    Status,
    Suspended,
)
from people import CREATED, MONDAY, NOTICE, READ_FIRST, TUESDAY, june


def test_R_6_6_a_a_revoked_ticket_has_ended_without_a_closing() -> None:
    ticket = after(CREATED, Fact(TicketRevoked("ann"), TUESDAY))

    assert ticket.phase == Revoked(TUESDAY)
    assert (ticket.status, ticket.closed) == (Status.REVOKED, None)


def test_R_6_10_c_the_closing_time_is_the_sending_of_the_notice_not_the_decision() -> None:
    decided = after(CREATED, Fact(DECIDED, TUESDAY))
    assert decided.phase == Closing(TUESDAY, "resolved", "R-6.10-a", Open())
    assert (decided.status, decided.closed) == (Status.CLOSING, None)

    closed = after(CREATED, Fact(DECIDED, TUESDAY), Fact(NOTICED, june(9, 18, 4)))
    assert closed.phase == Closed(june(9, 18, 3), "resolved", "R-6.10-a", june(15))
    assert (closed.status, closed.closed) == (Status.CLOSED, closed.phase)


def test_R_6_10_b_a_final_ticket_remembers_its_closing() -> None:
    ticket = after(CREATED, DECIDED, NOTICED, Fact(ClosureBecameFinal(), june(15)))

    closed = Closed(june(9, 18, 3), "resolved", "R-6.10-a", june(15))
    assert ticket.phase == Final(june(15), closed)
    assert (ticket.status, ticket.closed) == (Status.FINAL, closed)


@pytest.mark.parametrize(
    ("before", "phase"),
    [((), Open()), ((Fact(TicketSuspended("ann"), TUESDAY),), Suspended(TUESDAY))],
    ids=["open", "suspended"],
)
def test_C_21_an_answer_before_the_notice_cancels_the_closing(
    before: tuple[Fact, ...], phase: Open | Suspended
) -> None:
    ticket = after(CREATED, ASKED, *before, DECIDED, InformationProvided("q1"))
    assert ticket.phase == phase


def test_C_22_an_accepted_objection_opens_the_ticket_and_remembers_the_closing() -> None:
    ticket = after(CREATED, ResponseSent(), DECIDED, NOTICED, ObjectionAccepted())

    assert (ticket.phase, ticket.waiting_for) == (Open(), "provider")
    assert ticket.reopened_from == Closed(june(9, 18, 3), "resolved", "R-6.10-a", june(15))


def test_C_61_an_objection_opens_no_request_of_before_the_closing() -> None:
    uploading = InformationProvided("q2", upload_pending=True)
    history = (CREATED, ASKED, InformationRequested("q2"), uploading, DECIDED, NOTICED)

    for late in (InformationRejected("q1"), InformationProvided("q1"), UploadCompleted("q2")):
        reopened = after(*history, ObjectionAccepted(), late)
        assert (reopened.open_requests, reopened.waiting_for) == ((), "provider")
        assert {asked.answer for asked in reopened.requests.values()} == {Answer.ENDED}


def test_C_22_as_read_first_an_objection_counts_as_the_information_that_was_asked_for() -> None:
    uploading = InformationProvided("q2", upload_pending=True)
    history = (READ_FIRST, ASKED, InformationRequested("q2"), uploading, DECIDED, NOTICED)

    reopened = after(*history, ObjectionAccepted())
    assert (reopened.open_requests, reopened.waiting_for) == ((), "provider")

    rejected = after(*history, ObjectionAccepted(), InformationRejected("q1"))
    assert [request.id for request in rejected.open_requests] == ["q1"]
    assert rejected.waiting_for == "user"


def test_C_22_a_refused_objection_restores_the_closing_with_its_window() -> None:
    ticket = after(CREATED, DECIDED, NOTICED, ObjectionAccepted(), ObjectionRefused())

    assert ticket.phase == Closed(june(9, 18, 3), "resolved", "R-6.10-a", june(15))
    assert ticket.reopened_from is None


@pytest.mark.parametrize(
    "work",
    [ResponseSent(), ASKED, DECIDED, NOTICED],
    ids=["response", "request", "another closing", "another notice"],
)
def test_C_22_work_after_an_objection_takes_it_for_good(work: Event) -> None:
    assert after(CREATED, DECIDED, NOTICED, ObjectionAccepted(), work).reopened_from is None


MERGED = MergedInto("01978a6e-6c00-7000-8def-0123456789ac")
REJECTED = TicketRejected("out_of_scope", "I-3.2-e")


@pytest.mark.parametrize(
    "happened",
    [
        (),
        (TicketSuspended("ann"),),
        (DECIDED,),
        (DECIDED, NOTICED),
        (DECIDED, NOTICED, ClosureBecameFinal()),
        (TicketRevoked("ann"),),
        (REJECTED,),
        (MERGED,),
    ],
)
def test_R_6_3_of_a_ticket_that_has_ended_nobody_owes_the_next_step(
    happened: tuple[Event, ...],
) -> None:
    ticket = after(CREATED, *happened)
    assert ticket.ended == (ticket.status not in UNDER_WAY)
    assert ticket.owing == (None if ticket.ended else "provider")


def test_an_imported_ticket_says_where_it_came_from() -> None:
    ticket = after(CREATED, TicketImported("uci-incidents", "INC0000045"))
    assert ticket.imported == Imported("uci-incidents", "INC0000045")


@pytest.mark.parametrize(
    "event",
    [
        UserCommented(),
        NoticeSent("overdue_alert", MONDAY, NOTICE),
        InformationDeadlinePassed("q1", MONDAY, "R-6.9-b"),
        ResponseDueSoon(1, MONDAY, "R-6.7-LOW"),
        ResponseOverdue(1, MONDAY, "R-6.7-LOW"),
        ThirdPartyWaitStarted("w1"),
        ThirdPartyResponseReceived("w1"),
        CauseUnknownDeclared(),
        CauseEstablished(),
        OperationScheduled(june(17, 2)),
        OperationCancelled(),
        ProductTeamEscalated(),
        ProductTeamReturned(),
        UncoordinatedChangeRecorded(),
        IndividualDeadlineSet(june(30)),
    ],
    ids=lambda event: type(event).__name__,
)
def test_what_moves_only_a_clock_leaves_the_ticket_as_it_was(event: Event) -> None:
    before = after(CREATED, ASKED)
    ticket = evolve(before, Fact(event, TUESDAY))

    assert (ticket.version, ticket.updated_at) == (before.version + 1, TUESDAY)
    assert (ticket.phase, ticket.waiting_for) == (before.phase, before.waiting_for)
    assert (ticket.requests, ticket.priority) == (before.requests, before.priority)


def test_a_ticket_is_never_updated_before_its_last_update() -> None:
    assert after(CREATED, Fact(UserCommented(), MONDAY.replace(hour=8))).updated_at == MONDAY


@pytest.mark.parametrize("event", [ClosureBecameFinal(), ObjectionAccepted()])
def test_a_history_that_ends_what_was_never_closed_is_no_history(event: Event) -> None:
    with pytest.raises(ValueError, match="is not closed"):
        after(CREATED, event)
