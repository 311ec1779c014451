"""Developers and relevant teams under pack I: whose hours count, and when nothing counts at all.

2026-06-12 is a Friday; no holiday lies near it.
"""

import pytest

from docket_events.recorded import Fact
from docket_policies.clock.response_clock import ResponseClock, response_clock
from docket_policies.deadlines.timers import timers
from docket_policies.terms.loader import policy, with_special_conditions
from docket_policies.terms.policy import Policy
from histories import I_REVISION, at, happened, high, written
from people import INFRASTRUCTURE, REGULATIONS_READ_FIRST
from people import REGULATIONS as R

FRIDAY, FRIDAY_EVENING = "2026-06-12T20:00:00Z", "2026-06-12T17:30:00Z"


def ticket(priority: str, *later: Fact, start: str = FRIDAY) -> tuple[Fact, ...]:
    return (
        happened(start, "TicketCreated", priority=priority),
        happened(start, "RegistrationNoticeSent"),
        *later,
    )


def clock(history: tuple[Fact, ...], when: str) -> ResponseClock:
    return response_clock(history, INFRASTRUCTURE, at(when))


def test_I_3_1_c_from_the_consultation_on_the_developers_hours_count() -> None:
    consulted = happened("2026-06-13T08:00:00Z", "DeveloperConsultationStarted")
    told = clock(ticket("High", consulted), "2026-06-14T12:00:00Z")
    assert (told.consumed_s, told.remaining_s) == (12 * 3600, 4 * 3600)
    assert (written(told.deadline), told.clause) == ("2026-06-15T10:00:00Z", "I-3.1-c")
    assert [(span.counted_s // 3600, span.calendar) for span in told.spans] == [
        (12, "ALWAYS"),
        (0, "I_DEV"),
    ]


def test_I_3_1_c_after_the_consultation_the_hours_of_the_product_count_again() -> None:
    history = ticket(
        "High",
        happened("2026-06-13T00:00:00Z", "DeveloperConsultationStarted"),
        happened("2026-06-14T00:00:00Z", "DeveloperConsultationEnded"),
    )
    told = clock(history, "2026-06-14T00:00:00Z")
    assert (told.consumed_s, written(told.deadline)) == (4 * 3600, "2026-06-14T12:00:00Z")
    assert told.clause == "I-2.6-HIGH-STD"


def test_I_3_1_c_a_public_holiday_is_no_day_of_the_developers() -> None:
    consulted = happened("2026-10-27T14:00:00Z", "DeveloperConsultationStarted")
    history = ticket("High", consulted, start="2026-10-27T14:00:00Z")
    told = clock(history, "2026-10-27T14:00:00Z")
    assert written(told.deadline) == "2026-10-30T12:00:00Z"


@pytest.mark.parametrize(
    ("priority", "level", "deadline"),
    [
        ("Emergency", "Standard", "2026-06-13T04:00:00Z"),
        ("Low", "Privilege", "2026-06-13T12:00:00Z"),
    ],
)
def test_C_32_an_emergency_and_the_level_privilege_stay_around_the_clock(
    priority: str, level: str, deadline: str
) -> None:
    history = ticket(priority, happened(FRIDAY, "DeveloperConsultationStarted"))
    terms = policy("I", I_REVISION, "VMmanager 6", level)
    told = response_clock(history, terms, at(FRIDAY))
    assert written(told.deadline) == deadline
    assert told.clause.startswith("I-2.6-")


def test_a_consultation_moves_no_clock_where_the_terms_know_none() -> None:
    consulted = happened("2026-06-08T10:00:00Z", "DeveloperConsultationStarted")
    told = response_clock(high(consulted), R, at("2026-06-08T11:00:00Z"))
    assert (told.clause, written(told.deadline)) == ("R-6.7-HIGH", "2026-06-09T16:00:00Z")


AGREED = {"High": {"hours": 4, "calendar": "ALWAYS"}}


@pytest.mark.parametrize(
    ("terms", "kind", "clause"),
    [
        (R, "ProductTeamEscalated", "R-2.3"),
        (INFRASTRUCTURE, "DeveloperConsultationStarted", "I-1.3"),
    ],
)
def test_C_11_what_was_agreed_prevails_over_the_hours_of_a_team(
    terms: Policy, kind: str, clause: str
) -> None:
    agreed = with_special_conditions(terms, AGREED)
    handed_on = ticket("High", happened("2026-06-12T17:40:00Z", kind), start=FRIDAY_EVENING)
    told = response_clock(handed_on, agreed, at("2026-06-12T17:45:00Z"))
    assert (written(told.deadline), told.clause) == ("2026-06-12T21:30:00Z", clause)


def test_C_11_the_agreement_may_say_that_the_hours_of_the_team_apply() -> None:
    agreed = with_special_conditions(R, {"High": {**AGREED["High"], "team_hours": True}})
    escalated = happened("2026-06-12T17:40:00Z", "ProductTeamEscalated")
    told = response_clock(
        ticket("High", escalated, start=FRIDAY_EVENING), agreed, at("2026-06-12T17:45:00Z")
    )
    assert (written(told.deadline), told.clause) == ("2026-06-15T12:30:00Z", "R-6.7-d")


@pytest.mark.parametrize(
    ("priority", "deadline", "clause"),
    [("High", "2026-06-13T00:00:00Z", "I-1.3"), ("Medium", "2026-06-17T12:00:00Z", "I-3.1-c")],
)
def test_C_11_an_agreement_about_one_priority_leaves_the_others_to_the_terms(
    priority: str, deadline: str, clause: str
) -> None:
    agreed = with_special_conditions(INFRASTRUCTURE, AGREED)
    consulted = happened(FRIDAY, "DeveloperConsultationStarted")
    told = response_clock(ticket(priority, consulted), agreed, at(FRIDAY))
    assert (written(told.deadline), told.clause) == (deadline, clause)


def test_C_11_a_priority_that_is_agreed_later_keeps_its_agreed_hours_during_an_escalation() -> None:
    agreed = with_special_conditions(R, AGREED)
    handed_on = ticket(
        "Low",
        happened("2026-06-12T17:40:00Z", "ProductTeamEscalated"),
        happened("2026-06-12T17:50:00Z", "PriorityChanged", to="High"),
        start=FRIDAY_EVENING,
    )
    told = response_clock(handed_on, agreed, at("2026-06-12T17:55:00Z"))
    assert (written(told.deadline), told.clause) == ("2026-06-12T21:30:00Z", "R-2.3")


def test_C_11_as_read_first_an_agreement_yielded_to_the_hours_of_the_team() -> None:
    agreed = with_special_conditions(REGULATIONS_READ_FIRST, AGREED)
    escalated = happened("2026-06-12T17:40:00Z", "ProductTeamEscalated")
    told = response_clock(
        ticket("High", escalated, start=FRIDAY_EVENING), agreed, at("2026-06-12T17:45:00Z")
    )
    assert (written(told.deadline), told.clause) == ("2026-06-15T12:30:00Z", "R-6.7-d")


FORWARDED = happened("2026-06-13T00:00:00Z", "ForwardedToRelevantTeam", kind="error")


def test_C_34_back_from_the_relevant_team_a_full_turn_begins() -> None:
    returned = happened("2026-06-20T00:00:00Z", "ReturnedFromRelevantTeam")
    told = clock(ticket("High", FORWARDED, returned), "2026-06-20T00:00:00Z")
    assert (told.turn, told.consumed_s, written(told.deadline)) == (2, 0, "2026-06-20T16:00:00Z")
    assert told.turns[1].clause == "I-3.4"
    assert not told.turns[0].breached


def test_I_3_4_a_breach_before_forwarding_stays_a_breach() -> None:
    late = happened("2026-06-14T00:00:00Z", "ForwardedToRelevantTeam")
    told = clock(ticket("High", late), "2026-06-15T00:00:00Z")
    assert (told.state, told.deadline, told.overdue) == ("no_target", None, False)
    assert written(told.turns[0].breached_at) == "2026-06-13T12:00:00Z"


def test_I_3_4_forwarding_takes_the_term_away_also_where_no_clock_had_started() -> None:
    by_phone = happened("2026-06-12T20:00:00Z", "TicketCreated", channel="phone")
    told = clock((by_phone, FORWARDED), "2026-06-14T00:00:00Z")
    assert (told.state, told.budget_s, told.clause) == ("no_target", None, "I-3.4")


def test_forwarding_takes_nothing_away_where_the_terms_know_none() -> None:
    forwarded = happened("2026-06-08T10:00:00Z", "ForwardedToRelevantTeam")
    assert response_clock(high(forwarded), R, at("2026-06-08T11:00:00Z")).state == "running"


def test_I_3_5_c_an_extension_adds_to_the_budget_of_the_turn() -> None:
    extended = happened("2026-06-13T02:00:00Z", "PeriodExtended", seconds=4 * 3600)
    told = clock(ticket("High", extended), "2026-06-13T02:00:00Z")
    assert (told.budget_s, told.remaining_s) == (20 * 3600, 14 * 3600)
    assert written(told.deadline) == "2026-06-13T16:00:00Z"
    armed = {
        timer.name: written(timer.fires_at)
        for timer in timers(ticket("High", extended), INFRASTRUCTURE)
    }
    assert armed["ResponseDueSoon"] == "2026-06-13T11:00:00Z"


def test_I_3_5_c_a_period_that_has_run_out_cannot_be_extended() -> None:
    extended = happened("2026-06-13T12:00:01Z", "PeriodExtended", seconds=4 * 3600)
    told = clock(ticket("High", extended), "2026-06-13T13:00:00Z")
    assert (told.budget_s, written(told.deadline), told.overdue) == (
        16 * 3600,
        "2026-06-13T12:00:00Z",
        True,
    )


def test_I_3_5_c_the_next_turn_has_its_own_budget() -> None:
    history = ticket(
        "High",
        happened("2026-06-13T02:00:00Z", "PeriodExtended", seconds=4 * 3600),
        happened("2026-06-13T03:00:00Z", "ResponseSent"),
        happened("2026-06-13T04:00:00Z", "UserReplied"),
    )
    assert clock(history, "2026-06-13T04:00:00Z").budget_s == 16 * 3600


def test_an_extension_adds_nothing_where_the_terms_grant_none() -> None:
    extended = happened("2026-06-08T10:00:00Z", "PeriodExtended", seconds=4 * 3600)
    assert response_clock(high(extended), R, at("2026-06-08T11:00:00Z")).budget_s == 16 * 3600


@pytest.mark.parametrize(
    "kind",
    [
        "TicketSuspended",
        "ThirdPartyWaitStarted",
        "CauseUnknownDeclared",
        "UncoordinatedChangeRecorded",
    ],
)
def test_C_35_what_stops_the_clock_of_pack_r_stops_none_of_pack_i(kind: str) -> None:
    data = {"id": "v1"} if kind == "ThirdPartyWaitStarted" else {}
    told = clock(ticket("High", happened(FRIDAY, kind, **data)), "2026-06-13T00:00:00Z")
    assert (told.state, told.consumed_s) == ("running", 4 * 3600)
