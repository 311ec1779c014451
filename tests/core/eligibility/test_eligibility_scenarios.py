"""Every check of the worked scenarios that asks about eligibility, each by the ask of its name."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from given import SCENARIOS, question

from docket_policies.eligibility.asks import ASKS, COMMANDS
from docket_policies.eligibility.question import Unanswerable

BY_EVENTS = {"response_clock", "command", "timer", "timers", "timers_armed", "state"}
"""Asks about a history: the clock and the lifecycle answer them, with some exceptions below."""

BY_CALENDAR = {"working_time_add", "working_time_between"}

DATES_OF_EVENTS = {"info_deadline_last_valid_instant", "objection_window_ends_exclusive"}

DECIDED_HERE = {
    "R-057": "create",
    "R-063": "publish_revision",
    "I-021": "create",
    "I-022": "create",
    "I-027": "install_update, create",
    "I-031": "purchase_extension",
    "I-032": "disclose_settings, recommend_client_area_ticket",
    "I-034": "publish_revision",
    "M-004": "renew_ispmanager5",
}
"""Scenarios whose commands eligibility decides without a history."""


def checks() -> list[Any]:
    found = []
    for scenario_id, scenario in SCENARIOS.items():
        for number, check in enumerate(scenario["checks"]):
            ask = check["ask"]
            here = ask not in BY_EVENTS | DATES_OF_EVENTS | BY_CALENDAR
            here |= ask == "command" and check["command"] in DECIDED_HERE.get(scenario_id, "")
            here |= scenario["pack"] in "HM" and ask not in ("response_clock", "timers", "command")
            if here:
                found.append(pytest.param(scenario_id, number, id=f"{scenario_id}-{number}"))
    return found


def answered(scenario_id: str, number: int) -> Any:
    check = SCENARIOS[scenario_id]["checks"][number]
    asked = question(scenario_id, number)
    match check["ask"]:
        case "command":
            return COMMANDS[check["command"]](asked)
        case "timer":
            return ASKS["license_refresh_due"](asked)
        case "error":
            with pytest.raises(Unanswerable) as refused:
                ASKS["support_window"]({**asked, "at": "2006-03-08T12:00:00Z"})
            assert check["message"] in refused.value.detail
            return {"answer": refused.value.code}
        case ask:
            return ASKS[ask](asked)


def holds(answer: Mapping[str, Any], expected: object) -> bool:
    if isinstance(expected, Mapping):
        return {name: answer[name] for name in expected} == expected
    return bool(answer["answer"] == expected)


@pytest.mark.parametrize(("scenario_id", "number"), checks())
def test_a_worked_scenario_has_its_answer(scenario_id: str, number: int) -> None:
    expected = SCENARIOS[scenario_id]["checks"][number]["expect"]
    answer = answered(scenario_id, number)
    assert holds(answer, expected), (answer, expected)


def test_all_of_them_hold() -> None:
    """Print N/N by ask; nothing that asks about eligibility is left out."""
    told, held = Counter[str](), Counter[str]()
    for parameter in checks():
        scenario_id, number = parameter.values
        check = SCENARIOS[str(scenario_id)]["checks"][number]
        told[check["ask"]] += 1
        held[check["ask"]] += holds(answered(str(scenario_id), int(str(number))), check["expect"])
    for ask in sorted(told):
        print(f"{ask}: {held[ask]}/{told[ask]}")
    print(f"eligibility: {held.total()}/{told.total()}")
    assert held == told
    assert told.total() >= 131
