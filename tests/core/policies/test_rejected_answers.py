"""An answer that the provider rejects: what it does to the turn and to the 72 hours (C-05, C-56).

2026-06-08 is a Monday; no holiday lies near it.
"""

import pytest

from docket_events.recorded import Fact
from docket_policies.clock.response_clock import ResponseClock, response_clock
from docket_policies.deadlines.timers import timers
from docket_policies.terms.policy import Policy
from histories import at, happened, high, written
from people import REGULATIONS as R
from people import REGULATIONS_READ_FIRST

ASKED = happened("2026-06-08T10:00:00Z", "InformationRequested", request="q1")
DUE = "2026-06-09T18:00:00Z"
"""When a turn is due that an answer opened on Monday at 11:00."""


def given_at(when: str, **data: object) -> Fact:
    return happened(when, "InformationProvided", request="q1", **data)


def rejected_at(when: str) -> Fact:
    return happened(when, "InformationRejected", request="q1")


def valid_until(*later: Fact, terms: Policy = R) -> str | None:
    """Return the last instant at which the request may still be answered."""
    armed = timers(high(ASKED, *later), terms)
    (until,) = [timer.due_at for timer in armed if timer.name == "InformationDeadlinePassed"]
    return written(until)


def clock(*later: Fact, when: str = "2026-06-20T09:00:00Z", terms: Policy = R) -> ResponseClock:
    return response_clock(high(ASKED, *later), terms, at(when))


ON_MONDAY = given_at("2026-06-08T11:00:00Z")
LATE = rejected_at("2026-06-12T12:00:00Z")


def test_C_56_a_rejection_after_the_deadline_leaves_the_breach_and_ends_the_turn() -> None:
    told = clock(ON_MONDAY, LATE)
    turn = told.turns[1]

    assert (told.state, told.turn, told.overdue) == ("waiting_user", 2, True)
    assert (turn.void, turn.is_breach, written(turn.breached_at)) == (False, True, DUE)
    assert written(turn.answered_at) == "2026-06-12T12:00:00Z"
    overdue = happened(
        "2026-06-09T18:00:01Z", "ResponseOverdue", turn=2, due_at=DUE, clause="R-6.7-HIGH"
    )
    armed = timers(high(ASKED, ON_MONDAY, overdue, LATE), R)
    assert [timer.name for timer in armed] == ["InformationDeadlinePassed"]


@pytest.mark.parametrize(("when", "void"), [(DUE, True), ("2026-06-09T18:00:01Z", False)])
def test_C_56_the_deadline_itself_is_in_time(when: str, void: bool) -> None:
    """The boundary to the second."""
    told = clock(ON_MONDAY, rejected_at(when))
    assert (told.turns[1].void, told.turns[1].is_breach) == (void, not void)


def test_C_56_what_happens_after_the_rejection_leaves_the_breach_as_it_was_judged() -> None:
    lowered = happened("2026-06-12T13:00:00Z", "PriorityChanged", to="Low")
    again = given_at("2026-06-13T12:00:00Z")
    twice = rejected_at("2026-06-13T13:00:00Z")

    told = clock(ON_MONDAY, LATE, lowered, again, twice)

    assert [turn.is_breach for turn in told.turns] == [False, True, False]
    assert (told.turns[1].priority, written(told.turns[1].due_at)) == ("High", DUE)


def test_C_56_the_hours_for_information_are_longer_by_what_lay_with_the_provider() -> None:
    assert valid_until() == "2026-06-11T10:00:00Z"
    assert valid_until(ON_MONDAY, LATE) == "2026-06-15T11:00:00Z"
    assert valid_until(ON_MONDAY, LATE, terms=REGULATIONS_READ_FIRST) == "2026-06-11T10:00:00Z"


def test_C_56_several_times_with_the_provider_add_up() -> None:
    first = (ON_MONDAY, rejected_at("2026-06-08T13:00:00Z"))
    second = (given_at("2026-06-09T09:00:00Z"), rejected_at("2026-06-09T12:00:00Z"))
    assert valid_until(*first, *second) == "2026-06-11T15:00:00Z"


def test_C_56_an_answer_lies_with_the_provider_from_its_whole_arrival() -> None:
    announced = given_at("2026-06-08T11:00:00Z", upload_pending=True)
    arrived = happened("2026-06-08T16:00:00Z", "UploadCompleted", request="q1")
    rejected = rejected_at("2026-06-08T17:00:00Z")

    assert valid_until(announced, rejected) == "2026-06-11T10:00:00Z"
    assert valid_until(announced, arrived, rejected) == "2026-06-11T11:00:00Z"


def test_C_56_an_answer_after_the_72_hours_leaves_none_of_them_when_it_is_rejected() -> None:
    late = (given_at("2026-06-11T12:00:00Z"), rejected_at("2026-06-12T12:00:00Z"))
    until = valid_until(*late)
    assert until == "2026-06-12T10:00:00Z"
    assert at(until) < late[1].occurred_at


@pytest.mark.parametrize("kind", ["ThirdPartyWaitStarted", "CauseUnknownDeclared"])
def test_C_56_a_turn_whose_deadline_nobody_knows_is_taken_back(kind: str) -> None:
    data = {"id": "v1"} if kind == "ThirdPartyWaitStarted" else {}
    waiting = happened("2026-06-08T12:00:00Z", kind, **data)
    assert clock(ON_MONDAY, waiting, LATE).turns[1].void


def test_C_05_as_read_first_a_late_rejection_takes_the_turn_back() -> None:
    told = clock(ON_MONDAY, LATE, terms=REGULATIONS_READ_FIRST)
    assert (told.turns[1].void, told.overdue) == (True, False)
