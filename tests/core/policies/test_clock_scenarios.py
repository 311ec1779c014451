"""The worked scenarios and histories of pack R: every clock, window and timer they ask about."""

from dataclasses import replace
from typing import Any

import pytest
from told import R, answer, at, history_of, policy_of, shared, written

from docket_events.codec import UnknownEventType
from docket_events.recorded import Fact
from docket_policies.clock import response_clock
from docket_policies.deadlines import information_deadline, objections_until, timers
from docket_policies.model import Policy

LATER_EVENTS = {
    "R-037a": "SplitChildCreated",
    "R-038": "TicketsMerged",
    "R-042": "IndependentMeasuresAgreed",
}
"""Scenarios whose events are not part of the log yet."""

SCENARIOS = {s["id"]: s for s in shared("scenarios.json")["scenarios"] if s["pack"] == "R"}

HISTORIES = {h["id"]: h for h in shared("histories.json") if h["policy"]["pack"] == "R"}

OTHER_READINGS: dict[tuple[str, str], dict[str, str]] = {
    ("R-003", "C-09 restart"): {"priority": "restart"},
    ("R-011", "C-01 first message"): {"start": "first_message"},
    ("R-013", "C-18 any channel"): {"channel": "any"},
    ("R-015", "C-02 resume"): {"info": "resume"},
    ("R-016", "C-05 counted from the message"): {"upload": "message"},
    ("R-022", "C-07 resume"): {"suspend": "resume"},
    ("R-025", "C-03 wall"): {"pause": "wall_time"},
    ("R-030", "C-09 stopwatch"): {"priority": "stopwatch"},
    ("R-030", "C-09 restart"): {"priority": "restart"},
    ("R-033", "C-11 escalation does not touch"): {"pt": "ignore"},
    ("R-033", "C-11 all 8 hours recounted"): {"pt": "recount"},
    ("R-045", "C-06 every message restarts"): {"comment": "restart"},
    ("R-047", "C-20 exact 120 hours"): {"days": "from_moment"},
    ("R-047", "C-20 five business days"): {"days": "business_days"},
}


def history(scenario_id: str) -> tuple[Fact, ...]:
    return history_of(SCENARIOS[scenario_id]["events"])


def reading(**other: str) -> Policy:
    return replace(R, readings=replace(R.readings, **other))  # type: ignore[arg-type]  # names are checked by the loader


def asks(ask: str) -> list[Any]:
    return [
        pytest.param(scenario, check, id=f"{scenario_id}-{check.get('at', number)}")
        for scenario_id, scenario in SCENARIOS.items()
        if scenario_id not in LATER_EVENTS
        for number, check in enumerate(scenario["checks"])
        if check["ask"] == ask
    ]


@pytest.mark.parametrize(("scenario", "check"), asks("response_clock"))
def test_a_scenario_asks_the_response_clock(scenario: Any, check: Any) -> None:
    terms = policy_of({"pack": "R", **scenario["policy"]})
    clock = answer(response_clock(history_of(scenario["events"]), terms, at(check["at"])))
    assert {name: clock[name] for name in check["expect"]} == check["expect"]


def test_the_scenarios_left_out_wait_for_events_that_are_not_in_the_log_yet() -> None:
    for scenario_id, kind in LATER_EVENTS.items():
        with pytest.raises(UnknownEventType, match=kind):
            history(scenario_id)


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


@pytest.mark.parametrize(
    ("scenario_id", "start", "other"),
    [(scenario_id, start, other) for (scenario_id, start), other in OTHER_READINGS.items()],
)
def test_another_reading_is_another_value_in_the_data(
    scenario_id: str, start: str, other: dict[str, str]
) -> None:
    scenario = SCENARIOS[scenario_id]
    (expected,) = (a for a in scenario["alternatives"] if a["reading"].startswith(start))
    told, terms = history(scenario_id), reading(**other)
    if "deadline" in expected:
        clock = response_clock(told, terms, at(expected["at"]))
        assert (written(clock.deadline), clock.overdue) == (
            expected["deadline"],
            expected["overdue"],
        )
    elif scenario_id == "R-025":
        assert (
            written(response_clock(told, terms, at("2026-06-15T11:00:00Z")).deadline)
            == (expected["value"])
        )
    else:
        ends = objections_until(terms, at("2026-06-09T18:03:00Z"))
        last_valid = "exact" in expected["reading"]
        instant = at(expected["value"])
        assert ends is not None
        assert (ends - instant).total_seconds() == (1 if last_valid else 0)


@pytest.mark.parametrize("scenario_id", ["R-018", "R-021"])
def test_R_6_9_b_the_last_valid_instant_of_an_answer(scenario_id: str) -> None:
    (expected,) = (
        check["expect"]
        for check in SCENARIOS[scenario_id]["checks"]
        if check["ask"] == "info_deadline_last_valid_instant"
    )
    asked = next(
        f for f in history(scenario_id) if type(f.event).__name__ == "InformationRequested"
    )
    assert written(information_deadline(R, asked.occurred_at)) == expected


@pytest.mark.parametrize(
    ("scenario_id", "sent_at"),
    [("R-047", "2026-06-09T18:03:00Z"), ("R-055", "2026-06-08T16:00:00Z")],
)
def test_R_6_10_b_the_window_for_objections(scenario_id: str, sent_at: str) -> None:
    (expected,) = (
        check["expect"]
        for check in SCENARIOS[scenario_id]["checks"]
        if check["ask"] == "objection_window_ends_exclusive"
    )
    assert written(objections_until(R, at(sent_at))) == expected


def test_R_6_10_b_the_timer_of_scenario_R_047() -> None:
    (expected,) = (c["expect"] for c in SCENARIOS["R-047"]["checks"] if c["ask"] == "timer")
    (armed,) = timers(history("R-047"), R)
    assert {"name": armed.name, "fires_at": written(armed.fires_at)} == expected
