"""The response clock by clause, where the worked scenarios say nothing or not enough.

2026-06-08 is a Monday; no holiday lies near it.
"""

from docket_events.recorded import Fact
from docket_policies.clock.response_clock import ResponseClock, response_clock
from histories import FIRST, at, emergency, happened, high, written
from people import REGULATIONS as R


def clock(history: tuple[Fact, ...], when: str) -> ResponseClock:
    return response_clock(history, R, at(when))


def due(history: tuple[Fact, ...], when: str) -> str | None:
    return written(clock(history, when).deadline)


def test_R_1_14_nothing_counts_before_the_registration_notice() -> None:
    told = clock((FIRST,), "2026-06-10T12:00:00Z")
    assert (told.state, told.turn, told.spans, told.clause) == ("not_started", 0, (), "R-1.14")


def test_R_1_14_a_second_registration_notice_starts_nothing_anew() -> None:
    again = happened("2026-06-08T12:00:00Z", "RegistrationNoticeSent")
    assert due(high(again), "2026-06-08T12:00:00Z") == "2026-06-09T16:00:00Z"


def test_C_04_a_response_at_the_deadline_is_in_time_and_one_second_later_is_not() -> None:
    in_time = high(happened("2026-06-09T16:00:00Z", "ResponseSent"))
    late = high(happened("2026-06-09T16:00:01Z", "ResponseSent"))
    assert not clock(in_time, "2026-06-10T09:00:00Z").overdue
    assert clock(late, "2026-06-10T09:00:00Z").overdue
    assert not clock(in_time, "2026-06-10T09:00:00Z").turns[0].breached
    assert clock(late, "2026-06-10T09:00:00Z").turns[0].breached_at == at("2026-06-09T16:00:00Z")


def test_C_54_a_response_after_closing_time_is_late_though_no_business_second_passed() -> None:
    history = (
        happened("2026-06-08T11:00:00Z", "TicketCreated"),
        happened("2026-06-08T11:00:00Z", "RegistrationNoticeSent"),
        happened("2026-06-08T11:00:00Z", "PriorityChanged", to="High"),
        happened("2026-06-09T18:03:00Z", "ResponseSent"),
    )
    told = clock(history, "2026-06-10T08:00:00Z")
    assert (written(told.deadline), told.overdue) == ("2026-06-09T18:00:00Z", True)


def test_C_04_a_breach_stays_with_its_turn() -> None:
    history = high(
        happened("2026-06-09T17:00:00Z", "ResponseSent"),
        happened("2026-06-10T09:00:00Z", "UserReplied"),
    )
    told = clock(history, "2026-06-10T10:00:00Z")
    assert [turn.breached for turn in told.turns] == [True, False]
    assert (told.turn, told.overdue, told.consumed_s) == (2, False, 3600)


def test_C_02_each_of_several_requests_gives_a_full_turn_when_it_is_answered() -> None:
    history = high(
        happened("2026-06-08T12:00:00Z", "InformationRequested", request="q1"),
        happened("2026-06-08T13:00:00Z", "InformationProvided", request="q1"),
        happened("2026-06-08T15:00:00Z", "InformationRequested", request="q2"),
        happened("2026-06-09T10:00:00Z", "InformationProvided", request="q2"),
    )
    told = clock(history, "2026-06-09T10:00:00Z")
    assert (told.turn, written(told.deadline)) == (3, "2026-06-10T17:00:00Z")
    assert [turn.consumed_s for turn in told.turns] == [3 * 3600, 2 * 3600, 0]


def test_C_05_the_wait_ends_with_the_last_of_several_answers() -> None:
    history = high(
        happened("2026-06-08T12:00:00Z", "InformationRequested", request="q1"),
        happened("2026-06-08T12:30:00Z", "InformationRequested", request="q2"),
        happened("2026-06-08T14:00:00Z", "InformationProvided", request="q2"),
        happened("2026-06-09T09:00:00Z", "InformationProvided", request="q1"),
    )
    assert clock(history, "2026-06-08T15:00:00Z").state == "waiting_user"
    assert due(history, "2026-06-09T09:00:00Z") == "2026-06-10T16:00:00Z"


def test_C_05_the_turn_of_an_insufficient_answer_is_void_and_its_number_is_not_used_again() -> None:
    history = high(
        happened("2026-06-08T10:00:00Z", "InformationRequested", request="q1"),
        happened("2026-06-08T12:00:00Z", "InformationProvided", request="q1"),
        happened("2026-06-08T13:00:00Z", "InformationRejected", request="q1"),
        happened("2026-06-09T09:00:00Z", "InformationProvided", request="q1"),
    )
    waiting = clock(history, "2026-06-08T14:00:00Z")
    assert (waiting.turn, waiting.state, waiting.consumed_s) == (1, "waiting_user", 3600)
    told = clock(history, "2026-06-09T09:00:00Z")
    assert [(turn.number, turn.void) for turn in told.turns] == [(1, False), (2, True), (3, False)]
    assert told.turn == 3


def test_C_05_an_answer_the_provider_has_acted_on_gave_a_turn_that_stands() -> None:
    history = high(
        happened("2026-06-08T10:00:00Z", "InformationRequested", request="q1"),
        happened("2026-06-08T12:00:00Z", "InformationProvided", request="q1"),
        happened("2026-06-08T13:00:00Z", "ResponseSent"),
        happened("2026-06-08T14:00:00Z", "InformationRejected", request="q1"),
    )
    told = clock(history, "2026-06-08T15:00:00Z")
    assert (told.turn, told.state) == (2, "waiting_user")
    assert not told.turns[1].void


def test_C_07_waits_open_at_resumption_go_on_holding_the_clock() -> None:
    history = high(
        happened("2026-06-08T12:00:00Z", "TicketSuspended"),
        happened("2026-06-08T13:00:00Z", "ThirdPartyWaitStarted", id="v1"),
        happened("2026-06-09T09:00:00Z", "TicketResumed"),
        happened("2026-06-10T09:00:00Z", "ThirdPartyResponseReceived", id="v1"),
    )
    held = clock(history, "2026-06-09T12:00:00Z")
    assert (held.state, held.deadline, held.consumed_s) == ("waiting_third_party", None, 0)
    assert held.spans[-1].cause is history[4]
    assert due(history, "2026-06-10T09:00:00Z") == "2026-06-11T16:00:00Z"


def test_C_03_a_minute_is_not_waited_twice_where_waits_overlap() -> None:
    history = high(
        happened("2026-06-08T10:00:00Z", "ThirdPartyWaitStarted", id="v1"),
        happened("2026-06-08T12:00:00Z", "CauseUnknownDeclared"),
        happened("2026-06-08T14:00:00Z", "ThirdPartyResponseReceived", id="v1"),
        happened("2026-06-08T16:00:00Z", "CauseEstablished"),
    )
    assert due(history, "2026-06-08T16:00:00Z") == "2026-06-10T13:00:00Z"
    states = [span.state for span in clock(history, "2026-06-08T17:00:00Z").spans]
    assert states == [
        "running", "waiting_third_party", "waiting_third_party", "cause_unknown", "running",
    ]  # fmt: skip  # one line is read at once


def test_C_17_a_later_agreement_replaces_the_earlier_and_cancelling_ends_the_wait() -> None:
    moved = high(
        happened("2026-06-08T12:00:00Z", "OperationScheduled", agreed_for="2026-06-09T12:00:00Z"),
        happened("2026-06-08T13:00:00Z", "OperationScheduled", agreed_for="2026-06-10T12:00:00Z"),
    )
    assert due(moved, "2026-06-09T13:00:00Z") == "2026-06-11T16:00:00Z"
    cancelled = (*moved, happened("2026-06-08T14:00:00Z", "OperationCancelled"))
    assert due(cancelled, "2026-06-08T14:00:00Z") == "2026-06-09T18:00:00Z"


def test_C_17_the_agreed_hour_ends_the_wait_by_itself() -> None:
    history = high(
        happened("2026-06-08T12:00:00Z", "OperationScheduled", agreed_for="2026-06-09T10:00:00Z")
    )
    told = clock(history, "2026-06-09T11:00:00Z")
    assert (told.state, told.consumed_s) == ("running", 4 * 3600)
    assert [written(span.to) for span in told.spans] == [
        "2026-06-08T12:00:00Z",
        "2026-06-09T10:00:00Z",
        "2026-06-09T11:00:00Z",
    ]


def test_C_09_a_raised_priority_can_find_the_ticket_overdue_and_the_breach_begins_then() -> None:
    history = (
        happened("2026-06-12T17:00:00Z", "TicketCreated"),
        happened("2026-06-12T17:00:00Z", "RegistrationNoticeSent"),
        happened("2026-06-15T09:00:00Z", "PriorityChanged", to="Emergency"),
    )
    told = clock(history, "2026-06-15T09:00:00Z")
    assert (written(told.deadline), told.overdue) == ("2026-06-13T01:00:00Z", True)
    assert told.turns[0].breached_at == at("2026-06-15T09:00:00Z")


def test_R_6_7_d_on_return_from_the_product_team_an_emergency_runs_round_the_clock_again() -> None:
    history = emergency(
        "2026-06-12T16:00:00Z",
        happened("2026-06-12T19:00:00Z", "ProductTeamEscalated"),
        happened("2026-06-13T10:00:00Z", "ProductTeamReturned"),
    )
    assert due(history, "2026-06-13T10:00:00Z") == "2026-06-13T15:00:00Z"
    away = clock(history, "2026-06-13T09:00:00Z")
    assert (away.clause, away.spans[-1].calendar) == ("R-6.7-d", "R_BH")


def test_R_6_7_d_escalating_after_the_deadline_cures_no_breach() -> None:
    history = emergency(
        "2026-06-12T16:00:00Z", happened("2026-06-13T01:00:00Z", "ProductTeamEscalated")
    )
    told = clock(history, "2026-06-13T02:00:00Z")
    assert (written(told.deadline), told.overdue) == ("2026-06-13T00:00:00Z", True)


def test_what_happened_counts_and_not_the_order_in_which_it_was_written_down() -> None:
    history = high(
        happened("2026-06-08T14:00:00Z", "UserCommented"),
        happened("2026-06-08T12:00:00Z", "ThirdPartyWaitStarted", id="v1"),
        happened("2026-06-08T13:00:00Z", "ThirdPartyResponseReceived", id="v1"),
    )
    assert due(history, "2026-06-08T15:00:00Z") == "2026-06-09T17:00:00Z"


def test_what_has_not_happened_yet_does_not_count() -> None:
    history = high(happened("2026-06-08T14:00:00Z", "ResponseSent"))
    assert clock(history, "2026-06-08T13:59:59Z").state == "running"
    assert clock(history, "2026-06-08T14:00:00Z").state == "satisfied"


def test_every_span_says_which_event_caused_it_and_by_which_clause() -> None:
    asked = happened("2026-06-08T12:00:00Z", "InformationRequested", request="q1")
    history = high(asked)
    running, waiting = clock(history, "2026-06-08T18:00:00Z").spans
    assert (running.cause, running.clause, running.calendar) == (history[2], "R-6.7-HIGH", "R_BH")
    assert (waiting.cause, waiting.clause, waiting.calendar) == (asked, "R-6.8-a", None)
    assert (running.counted_s, waiting.counted_s) == (3 * 3600, 0)
