"""The worked scenarios and histories of packs R and I: every clock, window and timer they ask."""

from dataclasses import replace
from typing import Any

import pytest

from docket_events.recorded import Fact
from docket_policies.clock.response_clock import response_clock
from docket_policies.deadlines.timers import information_deadline, objections_until, timers
from docket_policies.terms.loader import revision_in_force
from docket_policies.terms.policy import Policy
from histories import answer, at, happened, history_of, policy_of, shared, written
from people import REGULATIONS as R

SCENARIOS = {s["id"]: s for s in shared("scenarios.json")["scenarios"] if s["pack"] in ("R", "I")}

HISTORIES = {h["id"]: h for h in shared("histories.json")}

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
    ("R-037a", "C-08 the parts keep"): {"split": "parent"},
    ("R-038", "C-08 timed from the merge"): {"merge": "merge"},
    ("R-038", "C-08 timed from the earliest"): {"merge": "earliest_source"},
    ("I-015", "C-02 resume"): {"info": "resume"},
    ("R-033", "C-11 all 8 hours recounted"): {"pt": "recount"},
    ("R-045", "C-06 every message restarts"): {"comment": "restart"},
    ("R-047", "C-20 exact 120 hours"): {"days": "from_moment"},
    ("R-047", "C-20 five business days"): {"days": "business_days"},
}


def history(scenario_id: str) -> tuple[Fact, ...]:
    return history_of(SCENARIOS[scenario_id]["events"])


def governing(scenario: Any) -> Policy:
    return policy_of({"pack": scenario["pack"], **scenario["policy"]})


def reading(terms: Policy, **other: str) -> Policy:
    return replace(terms, readings=replace(terms.readings, **other))  # type: ignore[arg-type]  # names are checked by the loader


def asks(ask: str) -> list[Any]:
    return [
        pytest.param(scenario, check, id=f"{scenario_id}-{check.get('at', number)}")
        for scenario_id, scenario in SCENARIOS.items()
        for number, check in enumerate(scenario["checks"])
        if check["ask"] == ask
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


@pytest.mark.parametrize(
    ("scenario_id", "start", "other"),
    [(scenario_id, start, other) for (scenario_id, start), other in OTHER_READINGS.items()],
)
def test_another_reading_is_another_value_in_the_data(
    scenario_id: str, start: str, other: dict[str, str]
) -> None:
    scenario = SCENARIOS[scenario_id]
    (expected,) = (a for a in scenario["alternatives"] if a["reading"].startswith(start))
    told, terms = history(scenario_id), reading(governing(scenario), **other)
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


ANSWERED_ON_WEDNESDAY = (
    happened("2026-06-10T09:00:00Z", "TicketCreated", priority="High"),
    happened("2026-06-10T09:00:00Z", "RegistrationNoticeSent"),
    happened("2026-06-10T14:37:00Z", "ResponseSent"),
)
"""What I-012 says in words."""

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


def test_every_timer_that_a_scenario_asks_for_is_asked_here() -> None:
    asking = {i for i, s in SCENARIOS.items() for c in s["checks"] if c["ask"].startswith("timer")}
    assert asking == {"R-047", "I-010", "I-012", "I-037"}


def test_R_2_2_I_11_1_the_edition_of_the_scenarios_is_in_force() -> None:
    for scenario_id in ("R-062", "I-034"):
        scenario = SCENARIOS[scenario_id]
        check = next(check for check in scenario["checks"] if check["ask"] == "revision")
        assert revision_in_force(scenario["pack"], at(check["created_at"])) == check["expect"]


def test_C_31_processing_on_business_days_only_is_another_calendar() -> None:
    (other,) = SCENARIOS["I-002"]["alternatives"]
    terms = governing(SCENARIOS["I-002"])
    business = terms.business
    hours = tuple(((6 * 3600, 18 * 3600),) if day else () for day in business.hours)
    calendar = replace(business, hours=hours)
    high = replace(terms.targets["High"], calendar=calendar)
    clock = response_clock(
        history("I-002"),
        replace(terms, targets={**terms.targets, "High": high}),
        at(other["at"]),
    )
    assert written(clock.deadline) == other["deadline"]


def test_C_30_an_emergency_in_the_hours_of_the_product_is_another_calendar() -> None:
    (other,) = SCENARIOS["I-003"]["alternatives"]
    terms = governing(SCENARIOS["I-003"])
    emergency = replace(terms.targets["Emergency"], calendar=terms.targets["High"].calendar)
    clock = response_clock(
        history("I-003"),
        replace(terms, targets={**terms.targets, "Emergency": emergency}),
        at(other["at"]),
    )
    assert written(clock.deadline) == other["deadline"]


def test_C_34_the_seven_days_may_be_read_to_go_on_after_forwarding() -> None:
    (other,) = SCENARIOS["I-010"]["alternatives"]
    terms = reading(governing(SCENARIOS["I-010"]), forward="ends_response")
    (timer,) = timers(history("I-010"), terms)
    assert written(timer.fires_at) == other["value"]


def test_C_33_the_seven_days_may_be_read_as_hours() -> None:
    (other,) = SCENARIOS["I-012"]["alternatives"]
    terms = reading(governing(SCENARIOS["I-012"]), days="from_moment")
    (timer,) = timers(ANSWERED_ON_WEDNESDAY, terms)
    assert written(timer.fires_at) == other["value"]


def test_C_08_a_part_under_pack_i_may_be_read_to_be_counted_from_the_split() -> None:
    (other,) = SCENARIOS["I-017a"]["alternatives"]
    part = happened(
        "2026-06-13T08:00:00Z",
        "SplitChildCreated",
        parent="T1",
        parent_created_at="2026-06-12T20:00:00Z",
        parent_base="2026-06-12T20:00:00Z",
        priority="High",
    )
    terms = governing(SCENARIOS["I-017a"])
    (check,) = SCENARIOS["I-017a"]["checks"]
    kept = answer(response_clock((part,), terms, part.occurred_at))
    assert {name: kept[name] for name in check["expect"]} == check["expect"]
    anew = response_clock((part,), reading(terms, split="newest_part"), part.occurred_at)
    assert written(anew.deadline) == other["value"]
