"""Taking back what was told: a breach is judged by the deadline as it is known now (C-09).

2026-06-08 is a Monday; no holiday lies near it.
"""

from docket_events.recorded import Fact
from docket_policies.clock.response_clock import response_clock
from docket_policies.deadlines.timers import timers
from docket_policies.terms.policy import Policy
from histories import at, happened, high, written
from people import REGULATIONS as R
from people import REGULATIONS_READ_FIRST

DUE = "2026-06-09T16:00:00Z"
OVERDUE = happened(
    "2026-06-09T16:00:01Z", "ResponseOverdue", turn=1, due_at=DUE, clause="R-6.7-HIGH"
)
LOWERED = happened("2026-06-10T09:00:00Z", "PriorityChanged", to="Low")
WITHDRAWN = happened(
    "2026-06-10T09:00:00Z", "BreachWithdrawn", turn=1, due_at=DUE, clause="R-6.7-LOW"
)


def armed(*later: Fact, terms: Policy = R) -> dict[str, str | None]:
    return {
        f"{timer.name} {timer.key}": written(timer.due_at)
        for timer in timers(high(OVERDUE, *later), terms)
    }


def test_a_later_deadline_of_the_same_turn_takes_the_breach_back_at_once() -> None:
    assert armed(LOWERED) == {
        "BreachWithdrawn 1": DUE,
        "ResponseOverdue 1": "2026-06-11T14:00:00Z",
    }
    (timer, _) = timers(high(OVERDUE, LOWERED), R)
    assert (written(timer.fires_at), timer.clause) == ("2026-06-10T09:00:00Z", "R-6.7-LOW")


def test_what_was_taken_back_is_not_taken_back_again() -> None:
    assert armed(LOWERED, WITHDRAWN) == {"ResponseOverdue 1": "2026-06-11T14:00:00Z"}


def test_a_deadline_that_is_in_force_again_is_told_again() -> None:
    raised = happened("2026-06-10T10:00:00Z", "PriorityChanged", to="High")
    assert armed(LOWERED, WITHDRAWN, raised) == {"ResponseOverdue 1": DUE}


def test_an_earlier_deadline_takes_nothing_back() -> None:
    raised = happened("2026-06-10T09:00:00Z", "PriorityChanged", to="Emergency")
    assert armed(raised) == {}


ANSWERED = happened("2026-06-09T17:00:00Z", "ResponseSent")


def test_C_55_a_priority_lowered_after_the_answer_takes_no_breach_back() -> None:
    assert armed(ANSWERED) == {}
    assert armed(ANSWERED, LOWERED) == {}


def test_C_55_a_priority_lowered_before_the_answer_and_recorded_later_takes_it_back() -> None:
    lowered = happened("2026-06-09T16:30:00Z", "PriorityChanged", to="Low")
    assert armed(ANSWERED, lowered) == {"BreachWithdrawn 1": DUE}


def test_C_09_as_read_first_an_answer_given_meanwhile_may_turn_out_to_be_in_time() -> None:
    assert armed(ANSWERED, LOWERED, terms=REGULATIONS_READ_FIRST) == {"BreachWithdrawn 1": DUE}


def test_C_09_an_answer_in_time_that_is_told_after_the_breach_takes_it_back() -> None:
    """The deadline stands; what was told as overdue had been answered before it."""
    told_late = happened("2026-06-09T15:59:00Z", "ResponseSent")
    assert armed(told_late) == {"BreachWithdrawn 1": DUE}
    assert armed(happened(DUE, "ResponseSent")) == {"BreachWithdrawn 1": DUE}
    assert armed(told_late, WITHDRAWN) == {}


def test_C_09_a_closing_notice_in_time_that_is_told_after_the_breach_takes_it_back() -> None:
    decided = happened("2026-06-09T15:00:00Z", "ClosureDecided")
    told_late = happened("2026-06-09T15:59:00Z", "ClosureNoticeSent")
    assert armed(decided, told_late)["BreachWithdrawn 1"] == DUE


def test_a_breach_of_an_earlier_turn_stays_with_it() -> None:
    split = happened("2026-06-10T09:00:00Z", "TicketSplit", parts=["T2"])
    assert not any(name.startswith("BreachWithdrawn") for name in armed(split, LOWERED))


def rejected_at(when: str, terms: Policy) -> set[str]:
    """Let the answer open a turn that is due on Tuesday at 18:00, and be rejected."""
    asked = happened("2026-06-08T10:00:00Z", "InformationRequested", request="q1")
    given = happened("2026-06-08T11:00:00Z", "InformationProvided", request="q1")
    late = happened(
        "2026-06-09T18:00:01Z",
        "ResponseOverdue",
        turn=2,
        due_at="2026-06-09T18:00:00Z",
        clause="R-6.7-HIGH",
    )
    rejected = happened(when, "InformationRejected", request="q1")
    told = high(asked, given, late, rejected)
    return {f"{timer.name} {timer.key}" for timer in timers(told, terms)}


def test_C_56_a_rejection_after_the_deadline_takes_no_breach_back() -> None:
    assert rejected_at("2026-06-10T10:00:00Z", R) == {"InformationDeadlinePassed q1"}


def test_C_56_a_rejection_in_time_that_is_told_after_the_breach_takes_it_back() -> None:
    assert "BreachWithdrawn 2" in rejected_at("2026-06-09T18:00:00Z", R)
    assert "BreachWithdrawn 2" not in rejected_at("2026-06-09T18:00:01Z", R)


def test_C_05_as_read_first_a_turn_that_was_taken_back_takes_its_breach_along() -> None:
    assert "BreachWithdrawn 2" in rejected_at("2026-06-10T10:00:00Z", REGULATIONS_READ_FIRST)


def test_R_6_6_d_a_change_nobody_agreed_to_takes_no_breach_back_that_was_there_before() -> None:
    change = happened("2026-06-10T09:00:00Z", "UncoordinatedChangeRecorded")
    assert armed(change) == {}
    clock = response_clock(high(OVERDUE, change), R, at("2026-06-10T09:00:00Z"))
    assert (clock.state, clock.overdue) == ("void", False)
    assert written(clock.turns[0].breached_at) == DUE
