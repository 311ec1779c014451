"""Objecting to a closing, in time and with reasons (R-6.10, C-20, C-22)."""

from dataclasses import replace

import pytest

from docket_events.notice import ClosureBecameFinal, ClosureNoticeSent
from docket_events.ticket import (
    ClosureDecided,
    ObjectionAccepted,
    ObjectionRefused,
    ResponseSent,
    TicketSuspended,
)
from docket_lifecycle.commands import Close, Object, RefuseObjection, Respond
from docket_lifecycle.decide import decide
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.state.ticket import Closed, Open, Status
from people import ANN, CREATED, NOTICE, OLGA, REGISTERED, REGULATIONS, TUESDAY, june, text
from sentences import given, on

WHAT = text("it still happens")
CONSEQUENCES = text("nobody can log in")
MOTIVATED = Object(WHAT, CONSEQUENCES)
ACCEPTED = ObjectionAccepted(WHAT, CONSEQUENCES)
WHY = text("it does not happen any more")

NOTICE_SENT = june(9, 18, 3)
WINDOW_ENDS = june(15)
LAST_SECOND = june(14, 23, 59, 59)
CLOSED = given(
    CREATED,
    REGISTERED,
    on(june(9, 17, 58), ClosureDecided("resolved", "R-6.10-a")),
    on(NOTICE_SENT, ClosureNoticeSent(NOTICE_SENT, NOTICE, WINDOW_ENDS)),
)
REOPENED_ON_FRIDAY = given(*CLOSED.history, on(june(12, 9), ACCEPTED))


def test_R_6_10_b_a_motivated_objection_in_the_last_second_opens_the_ticket() -> None:
    after = CLOSED.when(MOTIVATED, at=LAST_SECOND, by=ANN).then(ACCEPTED).ticket
    assert (after.phase, after.waiting_for) == (Open(), "provider")


def test_R_6_10_b_one_second_later_the_window_is_over() -> None:
    CLOSED.when(MOTIVATED, at=WINDOW_ENDS, by=ANN).then_refused("objection_window_over", "R-6.10-b")


def test_R_6_10_b_a_final_closing_has_no_objection() -> None:
    final = given(*CLOSED.history, on(WINDOW_ENDS, ClosureBecameFinal()))
    final.when(MOTIVATED, at=WINDOW_ENDS, by=ANN).then_refused("objection_window_over", "R-6.10-b")


def test_R_6_10_d_an_objection_says_what_and_what_follows() -> None:
    for unmotivated in (Object(), Object(description=WHAT), Object(consequences=CONSEQUENCES)):
        CLOSED.when(unmotivated, at=june(10, 10), by=ANN).then_refused(
            "objection_not_motivated", "R-6.10-d"
        )


def test_C_22_an_unmotivated_objection_neither_stops_nor_extends_the_window() -> None:
    story = CLOSED.when(Object(), at=june(10, 10), by=ANN)
    still_closed = story.then_refused("objection_not_motivated", "R-6.10-d")

    still_closed.when(MOTIVATED, at=june(14, 12), by=ANN).then(ACCEPTED)
    still_closed.when(MOTIVATED, at=june(15, 12), by=ANN).then_refused(
        "objection_window_over", "R-6.10-b"
    )


def test_R_6_10_b_late_and_unmotivated_is_late() -> None:
    CLOSED.when(Object(), at=WINDOW_ENDS, by=ANN).then_refused("objection_window_over", "R-6.10-b")


def test_R_6_10_b_there_must_be_a_closing_to_object_to() -> None:
    given(CREATED).when(MOTIVATED, at=TUESDAY, by=ANN).then_refused("ticket_not_closed", "R-6.10-b")
    given(CREATED, TicketSuspended("ann")).when(MOTIVATED, at=TUESDAY, by=ANN).then_refused(
        "ticket_not_closed", "R-6.10-b"
    )


def test_R_6_10_c_before_the_notice_there_is_no_closing_yet() -> None:
    given(CREATED, ClosureDecided("resolved", "R-6.10-a")).when(
        MOTIVATED, at=TUESDAY, by=ANN
    ).then_refused("ticket_closing", "R-6.10-a")


def test_C_22_while_an_objection_stands_the_same_one_is_already_so() -> None:
    REOPENED_ON_FRIDAY.when(MOTIVATED, at=LAST_SECOND, by=ANN).then_already_so()
    REOPENED_ON_FRIDAY.when(Object(), at=LAST_SECOND, by=ANN).then_refused(
        "objection_not_motivated", "R-6.10-d"
    )
    REOPENED_ON_FRIDAY.when(MOTIVATED, at=WINDOW_ENDS, by=ANN).then_refused(
        "objection_window_over", "R-6.10-b"
    )


def test_C_22_an_objection_that_was_answered_is_past() -> None:
    answered = given(*REOPENED_ON_FRIDAY.history, on(june(12, 15), ResponseSent(WHAT)))
    answered.when(MOTIVATED, at=LAST_SECOND, by=ANN).then_refused("ticket_not_closed", "R-6.10-b")


def test_C_22_the_provider_may_refuse_an_objection_and_the_closing_stands_with_its_window() -> None:
    story = REOPENED_ON_FRIDAY.when(RefuseObjection(WHY), at=june(12, 15), by=OLGA)
    after = story.then(ObjectionRefused(WHY))

    assert after.ticket.phase == Closed(NOTICE_SENT, "resolved", "R-6.10-a", WINDOW_ENDS)
    after.when(MOTIVATED, at=LAST_SECOND, by=ANN).then(ACCEPTED)
    after.when(MOTIVATED, at=WINDOW_ENDS, by=ANN).then_refused("objection_window_over", "R-6.10-b")


def test_C_22_an_objection_is_refused_once() -> None:
    REOPENED_ON_FRIDAY.when(RefuseObjection(WHY), at=june(12, 15), by=OLGA).then(
        ObjectionRefused(WHY)
    ).when(RefuseObjection(WHY), at=june(12, 15), by=OLGA).then_refused("ticket_closed", "R-6.10-a")


def test_C_22_who_answers_an_objection_has_taken_it() -> None:
    story = REOPENED_ON_FRIDAY.when(Respond(text("we look again")), at=june(12, 15), by=OLGA)
    story.then(ResponseSent(text("we look again"))).when(
        RefuseObjection(WHY), at=june(12, 16), by=OLGA
    ).then_refused("no_objection", "R-6.10-d")


def test_R_6_10_d_without_an_objection_there_is_none_to_refuse() -> None:
    given(CREATED).when(RefuseObjection(WHY), at=TUESDAY, by=OLGA).then_refused(
        "no_objection", "R-6.10-d"
    )


def test_C_22_the_provider_may_close_again_with_a_new_notice_and_a_new_window() -> None:
    closing = REOPENED_ON_FRIDAY.when(Close("resolved"), at=june(15, 9), by=OLGA).then(
        ClosureDecided("resolved", "R-6.10-a")
    )
    again = given(
        *closing.history, on(june(15, 9), ClosureNoticeSent(june(15, 9), NOTICE, june(21)))
    )

    assert again.ticket.status is Status.CLOSED
    again.when(MOTIVATED, at=june(20, 23, 59, 59), by=ANN).then(ACCEPTED)


def test_C_35_terms_without_an_objection_window_grant_no_objection() -> None:
    without = replace(REGULATIONS, objection_window=None)

    context = DecisionContext.of(without, MOTIVATED, at=june(10, 10), actor=ANN)
    with pytest.raises(Refused) as refusal:
        decide(CLOSED.ticket, MOTIVATED, context)
    assert refusal.value.code == "not_in_pack"
