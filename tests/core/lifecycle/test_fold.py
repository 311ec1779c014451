"""What a history makes of a ticket."""

import pytest
from folded import ASKED, after

from docket_events.notice import (
    RegistrationNoticeSent,
)
from docket_events.recorded import Fact
from docket_events.ticket import (
    InformationProvided,
    InformationRejected,
    InformationRequested,
    PriorityChanged,
    ResponseSent,
    TicketCreated,
    TicketRegisteredInClientArea,
    TicketResumed,
    TicketSuspended,
    UploadCompleted,
    UserCommented,
    UserReplied,
)
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Answer, InformationRequest, Open, Side, Status, Suspended
from people import (
    CREATED,
    MONDAY,
    NOTICE,
    READ_FIRST,
    TICKET,
    TUESDAY,
    WEDNESDAY,
    created,
    june,
    text,
)


def test_no_history_is_no_ticket() -> None:
    assert fold(TICKET, []) is None


def test_a_new_ticket_is_open_with_the_provider_at_the_priority_it_was_given() -> None:
    ticket = after(CREATED)

    assert (ticket.status, ticket.waiting_for, ticket.priority) == (Status.OPEN, "provider", "Low")
    assert (ticket.created_at, ticket.updated_at) == (MONDAY, MONDAY)
    assert (ticket.pack, ticket.revision) == ("regulations", "R-2025-03-27")
    assert ticket.registered_at is None


def test_what_a_ticket_and_an_answer_are_called_is_published() -> None:
    assert [*Status] == [
        "open",
        "suspended",
        "closing",
        "closed",
        "final",
        "revoked",
        "rejected",
        "merged_into",
    ]
    assert [*Answer] == ["awaited", "uploading", "given", "ended"]


def test_a_ticket_begins_with_its_creation() -> None:
    with pytest.raises(ValueError, match="TicketSuspended"):
        fold(TICKET, [Fact(TicketSuspended("ann"), MONDAY)])


def test_a_ticket_is_created_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        fold(TICKET, [Fact(CREATED, MONDAY), Fact(CREATED, TUESDAY)])


def test_a_history_folded_in_parts_is_the_history_folded_at_once() -> None:
    facts = [Fact(e, MONDAY) for e in (CREATED, ASKED, TicketSuspended("ann"))]

    for cut in range(len(facts) + 1):
        assert fold(TICKET, facts[cut:], fold(TICKET, facts[:cut])) == fold(TICKET, facts)


@pytest.mark.parametrize("channel", ["email", "phone", "chat", "telegram", "api"])
def test_R_1_14_only_a_ticket_of_the_client_area_is_there_from_the_start(channel: str) -> None:
    elsewhere = created(channel=channel)

    assert after(CREATED).in_client_area
    assert not after(elsewhere).in_client_area
    assert after(elsewhere, TicketRegisteredInClientArea("ann")).in_client_area


def test_R_1_14_the_first_registration_notice_counts() -> None:
    first = RegistrationNoticeSent(TUESDAY, NOTICE)
    again = RegistrationNoticeSent(WEDNESDAY, NOTICE)

    assert after(CREATED, first, again).registered_at == TUESDAY


def test_R_1_14_the_notice_puts_the_ticket_on_the_providers_side_whatever_was_said_before() -> None:
    notice = RegistrationNoticeSent(TUESDAY, NOTICE)

    assert after(CREATED, ResponseSent(), notice).waiting_for == "provider"
    assert after(CREATED, ASKED, notice).waiting_for == "user"
    assert after(CREATED, notice, ResponseSent(), notice).waiting_for == "user"


def test_R_6_5_the_priority_is_the_last_one_set() -> None:
    ticket = after(CREATED, PriorityChanged("High"), PriorityChanged("Medium", from_="High"))
    assert ticket.priority == "Medium"


def test_R_1_14_a_response_gives_the_ball_to_the_user_and_a_reply_gives_it_back() -> None:
    assert after(CREATED, ResponseSent()).waiting_for == "user"
    assert after(CREATED, ResponseSent(), UserReplied()).waiting_for == "provider"


def test_C_06_a_comment_moves_nothing() -> None:
    assert after(CREATED, ResponseSent(), UserCommented()).waiting_for == "user"
    assert after(CREATED, UserCommented()).waiting_for == "provider"


def test_R_6_8_a_a_request_gives_the_ball_to_the_user_until_it_is_answered() -> None:
    asked = after(CREATED, Fact(ASKED, TUESDAY))

    assert asked.waiting_for == "user"
    assert asked.open_requests == (
        InformationRequest("q1", "information", TUESDAY, june(11, 9), Answer.AWAITED),
    )

    answered = after(CREATED, ASKED, InformationProvided("q1"))
    assert answered.waiting_for == "provider"
    assert answered.open_requests == ()


def test_C_05_an_announced_upload_is_an_answer_only_when_it_has_arrived() -> None:
    announced = after(CREATED, ASKED, InformationProvided("q1", upload_pending=True))
    assert announced.requests["q1"].answer is Answer.UPLOADING
    assert announced.waiting_for == "user"

    arrived = after(
        CREATED, ASKED, InformationProvided("q1", upload_pending=True), UploadCompleted("q1")
    )
    assert arrived.requests["q1"].answer is Answer.GIVEN
    assert arrived.waiting_for == "provider"


def test_C_05_a_rejected_answer_opens_the_request_again_since_its_first_moment() -> None:
    ticket = after(
        CREATED,
        Fact(ASKED, MONDAY),
        Fact(InformationProvided("q1"), TUESDAY),
        Fact(InformationRejected("q1", text("not enough")), WEDNESDAY),
    )

    assert ticket.waiting_for == "user"
    assert ticket.requests["q1"].answer is Answer.AWAITED
    assert ticket.requests["q1"].requested_at == MONDAY
    assert ticket.requests["q1"].deadline == june(11, 9)


def test_C_05_with_several_requests_the_wait_ends_with_the_last() -> None:
    both = (CREATED, ASKED, InformationRequested("q2"))

    assert after(*both, InformationProvided("q2")).waiting_for == "user"
    ticket = after(*both, InformationProvided("q2"), InformationProvided("q1"))
    assert ticket.waiting_for == "provider"


def test_an_answer_to_a_request_from_before_an_import_changes_nothing_but_the_version() -> None:
    assert after(CREATED, InformationProvided("unknown")).requests == {}


def test_R_6_6_a_a_suspended_ticket_knows_since_when() -> None:
    suspended = after(CREATED, Fact(TicketSuspended("ann"), TUESDAY))

    assert suspended.phase == Suspended(TUESDAY)
    assert suspended.status is Status.SUSPENDED


@pytest.mark.parametrize(("first", "side"), [(CREATED, "user"), (READ_FIRST, "provider")])
def test_C_65_after_resumption_the_ball_is_where_it_was(first: TicketCreated, side: Side) -> None:
    """As the edition was read first, it was with the provider anew (R-6.6-b)."""
    ticket = after(first, ResponseSent(), TicketSuspended("ann"), TicketResumed("ann"))
    assert (ticket.phase, ticket.waiting_for) == (Open(), side)


def test_C_07_a_request_open_at_resumption_still_waits_for_the_user() -> None:
    ticket = after(CREATED, ASKED, TicketSuspended("ann"), TicketResumed("ann"))
    assert (ticket.phase, ticket.waiting_for) == (Open(), "user")
