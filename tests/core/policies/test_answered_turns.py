"""A turn that was answered is judged for good: priority, budget, deadline, verdict (C-55, C-65).

2026-06-08 is a Monday; no holiday lies near it.
"""

import pytest

from docket_events.recorded import Fact
from docket_policies.clock.response_clock import ResponseClock, TurnClock, response_clock
from docket_policies.deadlines.timers import timers
from docket_policies.terms.policy import Policy
from histories import FIRST, NOTICE, at, emergency, happened, high, written
from people import INFRASTRUCTURE, REGULATIONS_READ_FIRST
from people import REGULATIONS as R

MONDAY, THURSDAY = "2026-06-08T09:00:00Z", "2026-06-11T14:00:00Z"
LATER = "2026-06-20T09:00:00Z"
ASKED = happened("2026-06-08T11:00:00Z", "InformationRequested", request="q1")
ANSWERED = happened("2026-06-08T12:00:00Z", "ResponseSent")


def clock(history: tuple[Fact, ...], when: str = LATER, terms: Policy = R) -> ResponseClock:
    return response_clock(history, terms, at(when))


def verdict(turn: TurnClock) -> tuple[object, ...]:
    """Return what a turn is judged by, and how."""
    due, breached = written(turn.due_at), written(turn.breached_at)
    return turn.priority, turn.budget_s, turn.consumed_s, due, breached, written(turn.answered_at)


LOW_AND_ANSWERED = (FIRST, NOTICE, happened("2026-06-10T09:00:00Z", "ResponseSent"))


def test_C_55_a_priority_raised_after_the_answer_makes_no_breach_of_it() -> None:
    raised = happened("2026-06-10T10:00:00Z", "PriorityChanged", to="Emergency")
    told = clock((*LOW_AND_ANSWERED, raised))

    assert (told.state, told.priority) == ("satisfied", "Emergency")
    assert (written(told.deadline), told.overdue) == (THURSDAY, False)
    assert not told.turns[0].is_breach
    assert timers((*LOW_AND_ANSWERED, raised), R) == ()


@pytest.mark.parametrize(
    "between", [(), (happened("2026-06-08T21:00:00Z", "UserReplied"),)], ids=["", "with thanks"]
)
def test_C_55_a_priority_lowered_after_the_answer_takes_no_breach_away(
    between: tuple[Fact, ...],
) -> None:
    """The verdict does not depend on whether the user said thanks in between."""
    overdue = happened(
        "2026-06-08T17:00:01Z",
        "ResponseOverdue",
        turn=1,
        due_at="2026-06-08T17:00:00Z",
        clause="R-6.7-EM",
    )
    late = happened("2026-06-08T20:00:00Z", "ResponseSent")
    lowered = happened("2026-06-09T10:00:00Z", "PriorityChanged", to="Low")
    told = emergency(MONDAY, overdue, late, *between, lowered)

    assert written(clock(told).turns[0].breached_at) == "2026-06-08T17:00:00Z"
    assert not any(timer.name == "BreachWithdrawn" for timer in timers(told, R))


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_C_55_at_one_instant_the_order_recorded_decides(seconds: int) -> None:
    raised = happened(f"2026-06-10T{9 + (seconds > 0):02}:00:00Z", "PriorityChanged", to="High")
    answered = LOW_AND_ANSWERED[2]
    order = (raised, answered) if seconds < 0 else (answered, raised)

    assert clock((FIRST, NOTICE, *order)).turns[0].breached == (seconds < 0)


AFTERWARDS = {
    "R": (
        happened("2026-06-08T13:00:00Z", "PriorityChanged", to="Emergency"),
        happened("2026-06-08T14:00:00Z", "ProductTeamEscalated"),
        happened("2026-06-08T15:00:00Z", "ThirdPartyWaitStarted", id="v1"),
        happened("2026-06-08T16:00:00Z", "UncoordinatedChangeRecorded"),
    ),
    "I": (
        happened("2026-06-08T13:00:00Z", "PriorityChanged", to="Low"),
        happened("2026-06-08T14:00:00Z", "DeveloperConsultationStarted"),
        happened("2026-06-08T15:00:00Z", "PeriodExtended", seconds=7_200),
        happened("2026-06-08T16:00:00Z", "ForwardedToRelevantTeam"),
    ),
}
"""What moves the clock of a turn that is not answered, under each pack."""

TERMS = {"R": R, "I": INFRASTRUCTURE}


@pytest.mark.parametrize("pack", TERMS)
@pytest.mark.parametrize("ended_by", [ANSWERED, ASKED], ids=["response", "request"])
def test_C_55_whatever_happens_after_the_duty_ended_leaves_the_turn_as_it_was_judged(
    pack: str, ended_by: Fact
) -> None:
    told, terms = high(ended_by), TERMS[pack]
    before = verdict(clock(told, "2026-06-08T12:30:00Z", terms).turns[0])

    for afterwards in AFTERWARDS[pack]:
        told = (*told, afterwards)
        assert verdict(clock(told, terms=terms).turns[0]) == before, afterwards


def test_C_55_a_turn_that_a_closing_ended_keeps_its_verdict_after_an_objection() -> None:
    closed = happened("2026-06-09T10:00:00Z", "ClosureNoticeSent")
    objected = happened("2026-06-10T10:00:00Z", "ObjectionAccepted")
    raised = happened("2026-06-10T11:00:00Z", "PriorityChanged", to="Emergency")

    before = clock(high(closed), "2026-06-09T10:00:00Z").turns[0]
    after = clock(high(closed, objected, raised))

    assert verdict(after.turns[0]) == verdict(before)
    assert after.turns[1].priority == "Emergency"


def test_C_55_as_read_first_every_change_judged_an_answered_turn_again() -> None:
    raised = happened("2026-06-10T10:00:00Z", "PriorityChanged", to="Emergency")
    told = clock((*LOW_AND_ANSWERED, raised), terms=REGULATIONS_READ_FIRST)
    assert (told.overdue, written(told.turns[0].breached_at)) == (True, "2026-06-10T10:00:00Z")


SUSPENDED = happened("2026-06-08T13:00:00Z", "TicketSuspended", by="ann")
RESUMED = happened("2026-06-08T14:00:00Z", "TicketResumed", by="ann")
DUE = "2026-06-09T16:00:00Z"


def test_C_65_suspending_an_answered_ticket_opens_no_turn_and_keeps_its_deadline() -> None:
    suspended = clock(high(ANSWERED, SUSPENDED), "2026-06-08T13:30:00Z")
    resumed = clock(high(ANSWERED, SUSPENDED, RESUMED), "2026-06-12T15:00:00Z")

    assert (suspended.state, written(suspended.deadline)) == ("suspended", DUE)
    assert (resumed.state, resumed.turn, resumed.overdue) == ("satisfied", 1, False)
    assert (written(resumed.deadline), written(resumed.ended_at)) == (DUE, "2026-06-08T12:00:00Z")
    assert timers(high(ANSWERED, SUSPENDED, RESUMED), R) == ()


def test_C_65_a_reply_after_the_resumption_opens_the_turn() -> None:
    replied = happened("2026-06-08T15:00:00Z", "UserReplied")
    told = clock(high(ANSWERED, SUSPENDED, RESUMED, replied), "2026-06-08T15:00:00Z")
    assert (told.state, told.turn, written(told.deadline)) == ("running", 2, "2026-06-10T13:00:00Z")


@pytest.mark.parametrize(
    "later",
    [
        happened("2026-06-08T13:00:00Z", "InformationRequested", request="q1"),
        happened("2026-06-08T13:00:00Z", "TicketRevoked"),
        happened("2026-06-08T13:00:00Z", "UncoordinatedChangeRecorded"),
        happened("2026-06-08T13:00:00Z", "ClosureNoticeSent"),
    ],
    ids=lambda fact: type(fact.event).__name__,
)
def test_C_65_by_when_an_answered_turn_was_owed_is_shown_for_ever(later: Fact) -> None:
    assert written(clock(high(ANSWERED, later)).turns[0].due_at) == DUE


def test_C_07_a_resumption_with_a_request_open_opens_a_turn_that_the_request_holds() -> None:
    told = high(ASKED, SUSPENDED, RESUMED)
    held = clock(told, "2026-06-08T14:00:00Z")
    answered = happened("2026-06-08T15:00:00Z", "InformationProvided", request="q1")

    assert (held.state, held.turn, held.consumed_s) == ("waiting_user", 2, 0)
    assert written(clock((*told, answered), "2026-06-08T15:00:00Z").deadline) == (
        "2026-06-10T13:00:00Z"
    )


def test_C_65_as_read_first_a_turn_opened_with_nothing_to_answer() -> None:
    told = clock(high(ANSWERED, SUSPENDED, RESUMED), terms=REGULATIONS_READ_FIRST)
    assert (told.turn, told.overdue) == (2, True)
