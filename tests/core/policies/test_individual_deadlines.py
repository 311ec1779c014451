"""An individual deadline and what it stands still for (R-3.4, R-6.8, R-6.6-b, C-58).

2026-06-08 is a Monday; no holiday lies near it.
"""

from collections.abc import Sequence

import pytest

from docket_events.recorded import Fact
from docket_policies.clock.response_clock import ResponseClock, response_clock
from docket_policies.deadlines.timers import timers
from docket_policies.terms.policy import Policy
from histories import at, happened, high, written
from people import REGULATIONS as R
from people import REGULATIONS_READ_FIRST

SET = happened("2026-06-09T09:00:00Z", "IndividualDeadlineSet", deadline="2026-06-15T12:00:00Z")
ASKED = happened("2026-06-09T10:00:00Z", "InformationRequested", request="q1")
ANSWERED = happened("2026-06-10T10:00:00Z", "InformationProvided", request="q1")
RESPONDED = happened("2026-06-10T10:00:00Z", "ResponseSent")


def clock(*later: Fact, when: str = "2026-06-20T09:00:00Z", terms: Policy = R) -> ResponseClock:
    return response_clock(high(SET, *later), terms, at(when))


def due(*later: Fact, when: str = "2026-06-12T09:00:00Z") -> str | None:
    return written(clock(*later, when=when).deadline)


def test_C_58_while_the_user_owes_information_it_is_not_overdue() -> None:
    asked = clock(ASKED, when="2026-06-16T00:00:00Z")
    assert (asked.state, asked.deadline, asked.overdue) == ("waiting_user", None, False)
    assert [t.name for t in timers(high(SET, ASKED), R)] == ["InformationDeadlinePassed"]


def test_C_58_the_answer_carries_it_longer_by_the_wait() -> None:
    told = clock(ASKED, ANSWERED, when="2026-06-10T10:00:00Z")
    assert (told.state, told.turn, told.budget_s) == ("individual_deadline", 2, None)
    assert written(told.deadline) == "2026-06-16T12:00:00Z"


def test_C_58_a_turn_after_the_response_has_the_target_of_the_table() -> None:
    replied = happened("2026-06-16T10:00:00Z", "UserReplied")
    told = clock(RESPONDED, replied, when="2026-06-16T10:00:01Z")
    assert (told.state, told.turn, told.overdue) == ("running", 2, False)
    assert written(told.deadline) == "2026-06-17T17:00:00Z"


def third(begins: str, ends: str) -> Sequence[Fact]:
    return (
        happened(begins, "ThirdPartyWaitStarted", id="v1"),
        happened(ends, "ThirdPartyResponseReceived", id="v1"),
    )


def unknown(begins: str, ends: str) -> Sequence[Fact]:
    return happened(begins, "CauseUnknownDeclared"), happened(ends, "CauseEstablished")


def agreed(begins: str, ends: str) -> Sequence[Fact]:
    return (happened(begins, "OperationScheduled", agreed_for=ends),)


@pytest.mark.parametrize("wait", [third, unknown, agreed])
def test_C_58_every_wait_lengthens_it_by_its_wall_length(wait: object) -> None:
    told = wait("2026-06-10T18:00:00Z", "2026-06-11T06:00:00Z")  # type: ignore[operator]  # one of ours
    assert due(*told) == "2026-06-16T00:00:00Z"


def test_C_58_waits_that_overlap_lengthen_it_once() -> None:
    both = (
        *third("2026-06-10T00:00:00Z", "2026-06-10T12:00:00Z"),
        *unknown("2026-06-10T06:00:00Z", "2026-06-10T18:00:00Z"),
    )
    assert due(*both) == "2026-06-16T06:00:00Z"


def test_C_58_an_agreed_hour_has_an_end_other_waits_have_none() -> None:
    hour = agreed("2026-06-10T12:00:00Z", "2026-06-11T12:00:00Z")
    waits = third("2026-06-10T12:00:00Z", "2026-06-11T12:00:00Z")[:1]

    assert due(*hour, when="2026-06-10T13:00:00Z") == "2026-06-16T12:00:00Z"
    assert due(*waits, when="2026-06-10T13:00:00Z") is None


def test_C_58_a_wait_that_begins_after_it_passed_takes_no_breach_away() -> None:
    told = clock(*third("2026-06-15T12:00:01Z", "2026-06-19T09:00:00Z"))
    assert (written(told.deadline), told.overdue) == ("2026-06-15T12:00:00Z", True)
    asked = happened("2026-06-15T12:00:01Z", "InformationRequested", request="q1")
    answered = happened("2026-06-16T12:00:00Z", "InformationProvided", request="q1")
    assert [turn.is_breach for turn in clock(asked, answered).turns] == [True, True]


def test_R_6_6_b_resumption_gives_the_whole_span_anew() -> None:
    stopped = happened("2026-06-10T09:00:00Z", "TicketSuspended", by="ann")
    resumed = happened("2026-06-12T09:00:00Z", "TicketResumed", by="ann")
    suspended = clock(stopped, when="2026-06-16T09:00:00Z")

    assert (suspended.state, suspended.deadline, suspended.overdue) == ("suspended", None, False)
    assert due(stopped, resumed) == "2026-06-18T12:00:00Z"


def test_C_58_set_while_the_user_has_the_ball_it_waits_for_the_reply() -> None:
    responded = happened("2026-06-08T12:00:00Z", "ResponseSent")
    replied = happened("2026-06-11T09:00:00Z", "UserReplied")
    told = response_clock(high(responded, SET, replied), R, at("2026-06-11T09:00:00Z"))
    assert (told.state, written(told.deadline)) == ("individual_deadline", "2026-06-17T12:00:00Z")


def test_C_58_a_later_one_replaces_it_from_its_own_moment() -> None:
    again = happened(
        "2026-06-11T09:00:00Z", "IndividualDeadlineSet", deadline="2026-06-12T09:00:00Z"
    )
    assert due(*third("2026-06-10T09:00:00Z", "2026-06-10T12:00:00Z"), again) == (
        "2026-06-12T09:00:00Z"
    )


def test_C_58_a_closing_ends_it_like_a_response() -> None:
    closed = happened("2026-06-10T10:00:00Z", "ClosureNoticeSent")
    objected = happened("2026-06-11T10:00:00Z", "ObjectionAccepted")
    told = clock(closed, objected, when="2026-06-11T10:00:00Z")
    assert (told.state, written(told.deadline)) == ("running", "2026-06-12T17:00:00Z")


def test_C_58_as_read_first_it_stood_still_for_nothing() -> None:
    told = clock(ASKED, terms=REGULATIONS_READ_FIRST)
    assert (told.state, told.overdue) == ("individual_deadline", True)
