"""What takes the term away or ends the clock: void terms, agreed dates, closing, revoking.

2026-06-08 is a Monday; no holiday lies near it.
"""

from dataclasses import replace

import pytest

from docket_events.recorded import Fact
from docket_policies.clock.response_clock import ResponseClock, response_clock
from histories import at, happened, high, written
from people import REGULATIONS as R
from people import REGULATIONS_READ_FIRST


def clock(history: tuple[Fact, ...], when: str) -> ResponseClock:
    return response_clock(history, R, at(when))


def test_R_6_6_d_an_uncoordinated_change_takes_the_term_away_for_good() -> None:
    history = high(
        happened("2026-06-08T12:00:00Z", "UncoordinatedChangeRecorded"),
        happened("2026-06-08T13:00:00Z", "TicketSuspended"),
        happened("2026-06-08T14:00:00Z", "TicketResumed"),
        happened("2026-06-08T15:00:00Z", "InformationRequested", request="q1"),
        happened("2026-06-08T16:00:00Z", "InformationProvided", request="q1"),
    )
    turns = {"2026-06-08T12:00:00Z": 1, "2026-06-08T16:00:00Z": 3, "2026-07-08T12:00:00Z": 3}
    for when, turn in turns.items():
        told = clock(history, when)
        assert (told.state, told.deadline, told.overdue) == ("void", None, False)
        assert (told.turn, told.clause) == (turn, "R-6.6-d")


AGREED_AND_WAITED = high(
    happened("2026-06-08T14:00:00Z", "IndividualDeadlineSet", deadline="2026-07-01T12:00:00Z"),
    happened("2026-06-08T15:00:00Z", "ThirdPartyWaitStarted", id="v1"),
)


def test_C_58_an_individual_deadline_stands_still_while_a_third_party_is_awaited() -> None:
    waiting = clock(AGREED_AND_WAITED, "2026-07-02T12:00:00Z")
    assert (waiting.state, waiting.deadline, waiting.overdue) == (
        "waiting_third_party",
        None,
        False,
    )
    heard = happened("2026-06-09T15:00:00Z", "ThirdPartyResponseReceived", id="v1")
    history = (*AGREED_AND_WAITED, heard)
    assert clock(history, "2026-06-09T15:00:00Z").state == "individual_deadline"
    assert not clock(history, "2026-07-02T12:00:00Z").overdue
    assert clock(history, "2026-07-02T12:00:01Z").overdue


def test_R_3_4_as_read_first_an_individual_deadline_is_a_date_that_no_wait_moves() -> None:
    def first(history: tuple[Fact, ...], when: str) -> ResponseClock:
        return response_clock(history, REGULATIONS_READ_FIRST, at(when))

    assert first(AGREED_AND_WAITED, "2026-07-01T12:00:00Z").state == "individual_deadline"
    assert not first(AGREED_AND_WAITED, "2026-07-01T12:00:00Z").overdue
    assert first(AGREED_AND_WAITED, "2026-07-01T12:00:01Z").overdue
    answered = (*AGREED_AND_WAITED, happened("2026-06-30T12:00:00Z", "ResponseSent"))
    told = first(answered, "2026-07-02T12:00:00Z")
    assert (told.state, told.overdue, told.budget_s) == ("satisfied", False, None)


def test_R_6_10_c_the_clock_runs_until_the_closing_notice_is_sent() -> None:
    history = high(
        happened("2026-06-09T15:59:00Z", "ClosureDecided"),
        happened("2026-06-09T16:04:00Z", "ClosureNoticeSent"),
    )
    assert clock(history, "2026-06-09T16:01:00Z").state == "running"
    told = clock(history, "2026-06-10T09:00:00Z")
    assert (told.state, told.clause) == ("closed", "R-6.10-c")
    assert (written(told.ended_at), told.overdue) == ("2026-06-09T16:04:00Z", True)


def test_R_6_10_c_the_closing_time_is_the_sending_even_where_it_was_written_down_later() -> None:
    notice = happened("2026-06-09T16:30:00Z", "ClosureNoticeSent", sent_at="2026-06-09T15:00:00Z")
    told = clock(high(notice), "2026-06-10T09:00:00Z")
    assert (written(told.ended_at), told.overdue) == ("2026-06-09T15:00:00Z", False)


def test_C_22_an_accepted_objection_opens_a_full_turn_and_a_refused_one_restores_the_closing() -> (
    None
):
    reopened = high(
        happened("2026-06-08T12:00:00Z", "InformationRequested", request="q1"),
        happened("2026-06-12T12:00:00Z", "ClosureNoticeSent"),
        happened("2026-06-15T09:00:00Z", "ObjectionAccepted"),
    )
    told = clock(reopened, "2026-06-15T09:00:00Z")
    assert (told.state, told.turn, written(told.deadline)) == (
        "running",
        2,
        "2026-06-16T16:00:00Z",
    )
    refused = (*reopened, happened("2026-06-15T10:00:00Z", "ObjectionRefused"))
    again = clock(refused, "2026-06-20T09:00:00Z")
    assert (again.state, again.turn, again.turns[1].void) == ("closed", 1, True)
    assert written(again.ended_at) == "2026-06-12T12:00:00Z"


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("ResponseSent", {}),
        ("InformationRequested", {"request": "q1"}),
        ("ClosureDecided", {}),
    ],
)
def test_C_22_an_objection_that_was_acted_on_cannot_be_refused_any_more(
    kind: str, data: dict[str, str]
) -> None:
    """The rules write no such refusal; where a history tells of one it moves no clock."""
    acted_on = high(
        happened("2026-06-12T12:00:00Z", "ClosureNoticeSent"),
        happened("2026-06-15T09:00:00Z", "ObjectionAccepted"),
        happened("2026-06-15T09:30:00Z", kind, **data),
    )
    refused = (*acted_on, happened("2026-06-15T10:00:00Z", "ObjectionRefused"))

    for when in ("2026-06-15T10:00:00Z", "2026-06-20T09:00:00Z"):
        told = clock(refused, when)
        assert told.state != "closed"
        assert replace(told, turns=()) == replace(clock(acted_on, when), turns=())
        assert [turn.void for turn in told.turns] == [False, False]


def test_C_58_what_takes_the_term_away_and_what_ends_it_stand_before_an_agreed_deadline() -> None:
    agreed = high(
        happened("2026-06-08T14:00:00Z", "IndividualDeadlineSet", deadline="2026-07-01T12:00:00Z")
    )
    later = "2026-06-09T12:00:00Z"

    assert clock(agreed, later).state == "individual_deadline"
    for kind, state in (
        ("UncoordinatedChangeRecorded", "void"),
        ("ResponseSent", "satisfied"),
        ("ClosureNoticeSent", "closed"),
        ("TicketRevoked", "revoked"),
    ):
        assert clock((*agreed, happened("2026-06-09T09:00:00Z", kind)), later).state == state


def test_R_6_6_a_after_revoking_nothing_counts() -> None:
    history = high(
        happened("2026-06-10T09:00:00Z", "TicketRevoked"),
        happened("2026-06-11T09:00:00Z", "UserReplied"),
    )
    told = clock(history, "2026-06-12T09:00:00Z")
    assert (told.state, told.deadline, told.budget_s, told.overdue) == (
        "revoked",
        None,
        None,
        False,
    )
    assert told.turns[0].breached
