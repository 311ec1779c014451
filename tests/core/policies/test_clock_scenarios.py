"""The worked scenarios and histories of packs R and I: every clock, window and timer they ask."""

from typing import Any

import pytest
from worked_scenarios import ANSWERED_ON_WEDNESDAY, SCENARIOS, governing, history

from docket_events.recorded import Fact
from docket_events.ticket import InformationRejected, InformationRequested
from docket_policies.clock.response_clock import response_clock
from docket_policies.deadlines.timers import objections_until, timers
from docket_policies.terms.loader import revision_in_force
from histories import answer, at, happened, history_of, policy_of, shared, written
from people import REGULATIONS as R

HISTORIES = {h["id"]: h for h in shared("histories.json")}


def asks(*names: str) -> list[Any]:
    return [
        pytest.param(scenario, check, id=f"{scenario_id}-{check.get('at', number)}")
        for scenario_id, scenario in SCENARIOS.items()
        for number, check in enumerate(scenario["checks"])
        if check["ask"] in names
    ]


@pytest.mark.parametrize(("scenario", "check"), asks("response_clock"))
def test_a_scenario_asks_the_response_clock(scenario: Any, check: Any) -> None:
    terms = governing(scenario)
    clock = answer(response_clock(history_of(scenario["events"]), terms, at(check["at"])))
    assert {name: clock[name] for name in check["expect"]} == check["expect"]


@pytest.mark.parametrize(
    ("told", "check"),
    [
        pytest.param(told, check, id=f"{history_id}-{check['at']}")
        for history_id, told in HISTORIES.items()
        for check in told["checks"]
    ],
)
def test_a_random_history_has_the_clock_that_was_counted_by_hand(told: Any, check: Any) -> None:
    terms = policy_of(told["policy"])
    clock = answer(response_clock(history_of(told["events"]), terms, at(check["at"])))
    assert {name: clock[name] for name in check["expect"]} == check["expect"]


def until_a_request_is_open(scenario: Any, check: Any) -> tuple[Fact, ...]:
    """Return what had happened when it was asked, else until the last request or rejection."""
    told = history_of(scenario["events"])
    opening = (InformationRequested, InformationRejected)
    asked = at(check["at"]) if "at" in check else None
    then = asked or max(f.occurred_at for f in told if isinstance(f.event, opening))
    return tuple(fact for fact in told if fact.occurred_at <= then)


@pytest.mark.parametrize(("scenario", "check"), asks("info_deadline_last_valid_instant"))
def test_R_6_9_b_the_last_valid_instant_of_an_answer(scenario: Any, check: Any) -> None:
    armed = timers(until_a_request_is_open(scenario, check), governing(scenario))
    (watched,) = (timer for timer in armed if timer.name == "InformationDeadlinePassed")
    assert written(watched.due_at) == check["expect"]


@pytest.mark.parametrize(
    ("scenario_id", "sent_at"),
    [
        ("R-047", "2026-06-09T18:03:00Z"),
        ("R-055", "2026-06-08T16:00:00Z"),
        ("R-116", "2026-06-11T10:05:00Z"),
    ],
)
def test_R_6_10_b_the_window_for_objections(scenario_id: str, sent_at: str) -> None:
    (expected,) = (
        check["expect"]
        for check in SCENARIOS[scenario_id]["checks"]
        if check["ask"] == "objection_window_ends_exclusive"
    )
    assert written(objections_until(R, at(sent_at))) == expected


CLOSED_AT_NOON = (
    happened("2026-06-08T09:00:00Z", "TicketCreated"),
    happened("2026-06-10T12:00:00Z", "ClosureNoticeSent"),
)
"""What I-037 says in words."""

WITH_A_CORRECTION = (
    CLOSED_AT_NOON[0],
    happened("2026-06-10T11:00:00Z", "DefectLinked", plan_reference="VM-4711"),
    CLOSED_AT_NOON[1],
)
RELEASED = happened("2026-09-01T00:00:00Z", "UpdateReleased", plan_reference="VM-4711")


@pytest.mark.parametrize(
    ("scenario_id", "number", "told"),
    [
        ("R-047", 0, history("R-047")),
        ("I-012", 0, ANSWERED_ON_WEDNESDAY),
        ("I-037", 0, CLOSED_AT_NOON),
        ("I-037", 1, (*WITH_A_CORRECTION, RELEASED)),
    ],
)
def test_a_scenario_asks_for_a_timer(scenario_id: str, number: int, told: tuple[Fact, ...]) -> None:
    scenario = SCENARIOS[scenario_id]
    asked = [check["expect"] for check in scenario["checks"] if check["ask"] == "timer"]
    (armed,) = timers(told, governing(scenario))
    answered = {
        "name": armed.name,
        "clause": armed.clause,
        "fires_at": written(armed.fires_at),
        "due_at": written(armed.due_at),
    }
    assert {name: answered[name] for name in asked[number]} == asked[number]


def test_I_3_9_1_c_nothing_is_due_before_the_correction_is_out() -> None:
    assert timers(WITH_A_CORRECTION, governing(SCENARIOS["I-037"])) == ()


def test_I_3_4_no_timer_is_armed_after_forwarding() -> None:
    (check,) = (c for c in SCENARIOS["I-010"]["checks"] if c["ask"] == "timers_armed")
    assert list(timers(history("I-010"), governing(SCENARIOS["I-010"]))) == check["expect"]


@pytest.mark.parametrize(
    ("scenario", "check"),
    [param for param in asks("timer", "timers") if "at" in param.values[1]],
)
def test_a_scenario_asks_which_timers_are_armed_at_an_instant(scenario: Any, check: Any) -> None:
    told = [f for f in history_of(scenario["events"]) if f.occurred_at <= at(check["at"])]
    name = check.get("name")
    armed = [
        {"name": t.name, "fires_at": written(t.fires_at), "clause": t.clause}
        for t in timers(told, governing(scenario))
        if name in (None, t.name)
    ]
    expected = check["expect"]
    assert armed == ([expected] if isinstance(expected, dict) else expected or [])


def test_every_timer_that_a_scenario_asks_for_is_asked_here() -> None:
    asking = {
        scenario_id
        for scenario_id, scenario in SCENARIOS.items()
        for check in scenario["checks"]
        if check["ask"].startswith("timer") and "at" not in check
    }
    assert asking == {"R-047", "I-012", "I-037"}


def test_R_2_2_I_11_1_the_edition_of_the_scenarios_is_in_force() -> None:
    for scenario_id in ("R-062", "I-034"):
        scenario = SCENARIOS[scenario_id]
        check = next(check for check in scenario["checks"] if check["ask"] == "revision")
        assert revision_in_force(scenario["pack"], at(check["created_at"])) == check["expect"]
