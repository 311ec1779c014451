"""Working-time cases from the test suites of other projects, taken as facts, and our own."""

from datetime import datetime
from typing import Any

import pytest

from docket_policies.calendars.calendar_format import read_calendar
from docket_policies.calendars.time_arithmetic import add, add_beside, between, between_beside
from histories import shared

VECTORS = shared("calendar-vectors.json")


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_a_case_of_another_project(vector: dict[str, Any]) -> None:
    calendar = read_calendar(vector["calendar"], name=vector["id"])
    start = instant(vector["start"])
    pauses = [(instant(begin), instant(stop)) for begin, stop in vector.get("pauses", [])]
    if vector["op"] == "add":
        assert add(calendar, start, vector["amount_seconds"]) == _close(vector)
    elif vector["op"] == "between":
        counted = between(calendar, start, instant(vector["end"]))
        if vector.get("reversed") == "zero":
            counted = max(0, counted)
        assert counted == vector["expected"]
    elif "end" in vector:
        assert between_beside(calendar, start, instant(vector["end"]), pauses) == vector["expected"]
    else:
        assert add_beside(calendar, start, vector["amount_seconds"], pauses) == _close(vector)


@pytest.mark.parametrize(
    "check",
    [
        pytest.param(check, id=f"{scenario['id']}-{number}")
        for scenario in shared("scenarios.json")["scenarios"]
        for number, check in enumerate(scenario["checks"])
        if check["ask"].startswith("working_time")
    ],
)
def test_C_70_a_scenario_asks_for_working_time(check: dict[str, Any]) -> None:
    calendar = read_calendar(check["calendar"], name="asked")
    start = instant(check["start"])
    pauses = [(instant(begin), instant(stop)) for begin, stop in check.get("pauses", [])]
    if check["ask"] == "working_time_between":
        counted = between_beside(calendar, start, instant(check["end"]), pauses)
        assert counted == check["expect"]
    else:
        amount = check["amount_seconds"]
        assert add_beside(calendar, start, amount, pauses) == instant(check["expect"])


def _close(vector: dict[str, Any]) -> datetime:
    """Return the expected instant under our convention: due at the end of the last second."""
    return instant(vector.get("by_convention", {}).get("close", vector["expected"]))


def test_there_are_as_many_cases_as_were_collected() -> None:
    assert len(VECTORS) == 150
    assert {vector["op"] for vector in VECTORS} == {"add", "between", "pause_sequence"}
