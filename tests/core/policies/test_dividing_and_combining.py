"""Parts and combined tickets: from when they are counted, and which waits come along (C-08).

2026-06-08 is a Monday; no holiday lies near it.
"""

from dataclasses import replace

from docket_events.recorded import Fact
from docket_policies.clock.response_clock import addressing_time, response_clock
from docket_policies.deadlines.timers import timers
from histories import answer, at, happened, high, written
from people import INFRASTRUCTURE, REGULATIONS_READ_FIRST
from people import REGULATIONS as R

TUESDAY, WEDNESDAY = "2026-06-09T11:00:00Z", "2026-06-10T10:00:00Z"


def merged(**data: object) -> Fact:
    created = {"created_at": ["2026-06-08T09:00:00Z", TUESDAY], "priority": "High"}
    return happened(WEDNESDAY, "TicketsMerged", **{**created, **data})


def part(**data: object) -> Fact:
    return happened(
        "2026-06-09T12:00:00Z",
        "SplitChildCreated",
        **{
            "parent": "T1",
            "parent_created_at": "2026-06-08T09:00:00Z",
            "parent_base": "2026-06-08T09:00:00Z",
            "priority": "Low",
            **data,
        },
    )


def test_R_6_3_b_a_low_part_is_timed_from_its_own_making() -> None:
    clock = response_clock((part(),), R, at("2026-06-09T12:00:00Z"))
    assert (clock.state, written(clock.deadline)) == ("running", "2026-06-12T17:00:00Z")
    assert clock.turns[0].clause == "R-6.3-b"


def test_R_6_3_b_what_is_left_of_the_parent_is_timed_from_the_split_too() -> None:
    split = happened("2026-06-09T12:00:00Z", "TicketSplit", parts=["T2"])
    clock = response_clock(high(split), R, at("2026-06-09T12:00:00Z"))
    assert (clock.turn, written(clock.deadline)) == (2, "2026-06-11T10:00:00Z")
    answered = happened("2026-06-08T10:00:00Z", "ResponseSent")
    assert response_clock(high(answered, split), R, at(WEDNESDAY)).state == "satisfied"


def test_a_breach_before_the_split_stays_with_its_turn() -> None:
    split = happened("2026-06-10T09:00:00Z", "TicketSplit", parts=["T2"])
    clock = response_clock(high(split), R, at("2026-06-10T09:00:00Z"))
    assert [turn.breached for turn in clock.turns] == [True, False]
    assert not clock.overdue


def test_a_part_of_a_ticket_whose_clock_never_started_waits_for_its_notice() -> None:
    by_phone = happened("2026-06-09T12:00:00Z", "TicketCreated", channel="phone", split_from="T1")
    child = part(parent_base=None)
    assert response_clock((by_phone, child), R, at(WEDNESDAY)).state == "not_started"
    notice = happened(WEDNESDAY, "RegistrationNoticeSent")
    assert response_clock((by_phone, child, notice), R, at(WEDNESDAY)).state == "running"


def test_the_notice_of_a_part_starts_nothing_anew() -> None:
    created = happened("2026-06-09T12:00:00Z", "TicketCreated", split_from="T1")
    notice = happened("2026-06-09T15:00:00Z", "RegistrationNoticeSent")
    clock = response_clock((created, part(), notice), R, at("2026-06-09T15:00:00Z"))
    assert (clock.turn, written(clock.deadline)) == (1, "2026-06-12T17:00:00Z")


def test_I_3_3_a_part_keeps_the_countdown_of_its_parent_under_its_own_priority() -> None:
    clock = response_clock((part(),), INFRASTRUCTURE, at("2026-06-09T12:00:00Z"))
    assert (clock.consumed_s, written(clock.deadline)) == (27 * 3600, "2026-06-09T17:00:00Z")
    assert clock.turns[0].clause == "I-3.3"


def test_R_039_an_open_request_of_a_source_holds_the_combined_clock_and_its_answer_restarts() -> (
    None
):
    history = high(merged(open_requests=["q7"]))
    waiting = answer(response_clock(history, R, at("2026-06-10T12:00:00Z")))
    assert (waiting["clock_state"], waiting["consumed_s"]) == ("waiting_user", 8 * 3600)
    provided = happened("2026-06-10T15:00:00Z", "InformationProvided", request="q7")
    clock = response_clock((*history, provided), R, at("2026-06-10T15:00:00Z"))
    assert (clock.consumed_s, written(clock.deadline)) == (0, "2026-06-12T13:00:00Z")


def test_C_05_a_request_taken_over_is_open_since_it_was_made() -> None:
    asked = {"request": "q7", "requested_at": "2026-06-08T15:00:00Z"}
    (timer,) = timers(high(merged(open_requests=[asked])), R)
    assert (timer.name, timer.key, written(timer.due_at)) == (
        "InformationDeadlinePassed",
        "q7",
        "2026-06-11T15:00:00Z",
    )


def test_the_other_waits_of_the_sources_hold_the_combined_clock_until_the_last_has_ended() -> None:
    history = high(
        merged(third_parties=["v7"], cause_unknown=True, agreed_for="2026-06-10T14:00:00Z"),
        happened("2026-06-10T11:00:00Z", "ThirdPartyResponseReceived", id="v7"),
        happened("2026-06-10T12:00:00Z", "CauseEstablished"),
    )
    states = [
        response_clock(history, R, at(f"2026-06-10T{hour}:00:00Z")).state
        for hour in (10, 11, 12, 14)
    ]
    assert states == ["waiting_third_party", "cause_unknown", "scheduled_operation", "running"]
    assert written(response_clock(history, R, at("2026-06-10T14:00:00Z")).deadline) == (
        "2026-06-11T13:00:00Z"
    )


def test_waits_that_ended_on_an_older_source_are_not_carried() -> None:
    waited = (
        happened("2026-06-09T12:00:00Z", "ThirdPartyWaitStarted", id="v1"),
        happened("2026-06-09T17:00:00Z", "ThirdPartyResponseReceived", id="v1"),
    )
    clock = response_clock(high(*waited, merged()), R, at(WEDNESDAY))
    assert clock.consumed_s == 8 * 3600


def test_the_most_recent_ticket_keeps_its_own_pauses_when_older_ones_are_combined_into_it() -> None:
    waited = (
        happened("2026-06-08T12:00:00Z", "ThirdPartyWaitStarted", id="v1"),
        happened("2026-06-08T17:00:00Z", "ThirdPartyResponseReceived", id="v1"),
    )
    older = merged(created_at=["2026-06-08T09:00:00Z", "2026-06-05T09:00:00Z"])
    clock = response_clock(high(*waited, older), R, at(WEDNESDAY))
    assert clock.consumed_s == (9 - 5 + 9 + 1) * 3600


def test_combining_what_is_all_answered_leaves_the_ball_with_the_user() -> None:
    answered = happened("2026-06-08T12:00:00Z", "ResponseSent")
    clock = response_clock(high(answered, merged(answered=True)), R, at(WEDNESDAY))
    assert clock.state == "satisfied"
    assert response_clock(high(answered, merged()), R, at(WEDNESDAY)).state == "running"


def test_an_unanswered_older_ticket_brings_the_ball_back_to_the_answered_most_recent_one() -> None:
    answered = happened("2026-06-08T12:00:00Z", "ResponseSent")
    older = merged(created_at=["2026-06-08T09:00:00Z", "2026-06-05T09:00:00Z"])
    clock = response_clock(high(answered, older), R, at(WEDNESDAY))
    assert (clock.state, clock.turn, clock.consumed_s) == ("running", 2, 19 * 3600)


def test_C_09_a_combined_ticket_is_not_overdue_before_anybody_knew_of_its_deadline() -> None:
    late = merged(created_at=["2026-06-08T09:00:00Z", "2026-06-08T10:00:00Z"])
    clock = response_clock(high(late), R, at(WEDNESDAY))
    assert clock.overdue
    assert written(clock.turns[1].breached_at) == WEDNESDAY
    (timer,) = timers(high(late), R)
    assert (timer.name, written(timer.fires_at)) == ("ResponseOverdue", WEDNESDAY)


def test_C_23_a_source_ends_where_it_was_combined_without_window() -> None:
    history = high(happened(WEDNESDAY, "MergedInto", into="T1"))
    clock = response_clock(history, R, at("2026-06-12T10:00:00Z"))
    assert (clock.state, written(clock.ended_at)) == ("closed", WEDNESDAY)
    assert timers(history, R) == ()
    assert clock.clause == "R-6.3-a"
    first = response_clock(history, REGULATIONS_READ_FIRST, at("2026-06-12T10:00:00Z"))
    assert first == replace(clock, clause="R-6.10-c"), "as read first every end was a closing"


def test_C_35_merging_moves_no_clock_where_the_terms_do_not_know_it() -> None:
    clock = response_clock(high(merged()), INFRASTRUCTURE, at(WEDNESDAY))
    assert clock.turn == 1


def test_R_6_3_b_the_addressing_time_begins_with_the_most_recent_ticket() -> None:
    measured = addressing_time(high(merged()), R, at("2026-06-10T11:00:00Z"))
    assert (measured.wall_s, measured.working_s) == (24 * 3600, 9 * 3600)
    child = addressing_time((part(),), R, at("2026-06-09T13:00:00Z"))
    assert child.wall_s == 3600
    kept = addressing_time((part(),), INFRASTRUCTURE, at("2026-06-09T13:00:00Z"))
    assert kept.wall_s == 28 * 3600


def test_C_08_a_wait_that_began_with_the_ticket_is_kept_when_others_are_combined_into_it() -> None:
    """To the second: it began when the most recent of the tickets was created."""
    target = (
        happened(TUESDAY, "TicketCreated"),
        happened(TUESDAY, "RegistrationNoticeSent"),
        happened(TUESDAY, "PriorityChanged", to="High"),
        happened(TUESDAY, "ThirdPartyWaitStarted", id="v1"),
        merged(third_parties=["v1"]),
    )

    clock = response_clock(target, R, at(WEDNESDAY))
    assert (clock.state, clock.consumed_s) == ("waiting_third_party", 0)


def test_R_6_1_c_the_addressing_time_is_that_of_the_most_recent_from_the_very_second_on() -> None:
    history = high(merged())

    assert addressing_time(history, R, at("2026-06-10T09:59:59Z")).wall_s == 49 * 3600 - 1
    assert addressing_time(history, R, at(WEDNESDAY)).wall_s == 23 * 3600
