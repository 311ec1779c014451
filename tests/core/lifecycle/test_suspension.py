"""What only the user may do with the work (R-6.6-a, R-6.6-b)."""

from docket_events.ticket import (
    InformationRequested,
    ResponseSent,
    TicketResumed,
    TicketRevoked,
    TicketSuspended,
)
from docket_lifecycle.commands import (
    Object,
    RequestInformation,
    Respond,
    Resume,
    Revoke,
    Suspend,
)
from people import ANN, CREATED, OLGA, READ_FIRST, REGISTERED, TUESDAY, WEDNESDAY, june, text
from sentences import given, on

SUSPENDED = on(TUESDAY, TicketSuspended("ann"))
REVOKED = on(TUESDAY, TicketRevoked("ann"))


def test_R_6_6_a_the_user_suspends_and_the_provider_may_not() -> None:
    given(CREATED, REGISTERED).when(Suspend(), at=TUESDAY, by=OLGA).then_refused(
        "actor_not_entitled", "R-6.6-a"
    ).when(Suspend(), at=TUESDAY, by=ANN).then(TicketSuspended("ann"))


def test_R_6_6_a_suspending_twice_is_refused() -> None:
    given(CREATED, SUSPENDED).when(Suspend(), at=june(9, 9, 1), by=ANN).then_refused(
        "already_suspended", "R-6.6-a"
    )


def test_R_6_6_b_resuming_leaves_the_ball_where_it_was() -> None:
    for told, side in (((ResponseSent(),), "user"), ((), "provider")):
        story = given(CREATED, *told, SUSPENDED).when(Resume(), at=WEDNESDAY, by=ANN)
        assert story.then(TicketResumed("ann")).ticket.waiting_for == side


def test_R_6_6_b_as_read_first_resuming_gives_the_ball_to_the_provider_in_any_case() -> None:
    story = given(READ_FIRST, ResponseSent(), SUSPENDED).when(Resume(), at=WEDNESDAY, by=ANN)
    assert story.then(TicketResumed("ann")).ticket.waiting_for == "provider"


def test_C_07_a_request_open_at_resumption_still_waits() -> None:
    story = given(CREATED, InformationRequested("q1"), SUSPENDED).when(
        Resume(), at=WEDNESDAY, by=ANN
    )
    assert story.then(TicketResumed("ann")).ticket.waiting_for == "user"


def test_R_6_6_a_resuming_what_is_not_suspended_is_refused() -> None:
    given(CREATED).when(Resume(), at=TUESDAY, by=ANN).then_refused("not_suspended", "R-6.6-a")
    given(CREATED, SUSPENDED, TicketResumed("ann")).when(
        Resume(), at=WEDNESDAY, by=ANN
    ).then_refused("not_suspended", "R-6.6-a")


def test_R_6_6_a_the_provider_rests_while_the_ticket_is_suspended() -> None:
    suspended = given(CREATED, SUSPENDED)

    suspended.when(Respond(text("we found it")), at=WEDNESDAY, by=OLGA).then_refused(
        "ticket_suspended", "R-6.6-a"
    )
    suspended.when(RequestInformation(text("the journal")), at=WEDNESDAY, by=OLGA).then_refused(
        "ticket_suspended", "R-6.6-a"
    )


def test_R_6_6_a_a_suspended_ticket_may_be_suspended_again_after_it_was_resumed() -> None:
    given(CREATED, SUSPENDED, TicketResumed("ann")).when(Suspend(), at=WEDNESDAY, by=ANN).then(
        TicketSuspended("ann")
    )


def test_R_6_6_a_the_user_revokes_an_open_or_a_suspended_ticket() -> None:
    given(CREATED).when(Revoke(), at=TUESDAY, by=ANN).then(TicketRevoked("ann"))
    given(CREATED, SUSPENDED).when(Revoke(), at=WEDNESDAY, by=ANN).then(TicketRevoked("ann"))


def test_C_23_a_revoked_ticket_is_over() -> None:
    revoked = given(CREATED, REVOKED)

    for command in (Revoke(), Suspend(), Resume(), Object(text("what"), text("consequences"))):
        revoked.when(command, at=WEDNESDAY, by=ANN).then_refused("ticket_revoked", "R-6.6-a")
