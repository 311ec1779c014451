"""The shared scenarios, histories and vectors as questions in the `docket simulate` format.

What a scenario says in words only stands in given.json as fields of its asks and as events.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DOMAIN = HERE.parent / "tests" / "data" / "domain"
FILES = ("scenarios.json", "histories.json", "calendar-vectors.json")

_NO_ANSWER = object()


@dataclass(frozen=True, slots=True)
class Asked:
    """One line to ask and, for each of its asks, the answer expected; `readings` decide it."""

    file: str
    line: Mapping[str, Any]
    expected: tuple[Any, ...]
    readings: tuple[str, ...] = ()

    def right(self, answer: Mapping[str, Any]) -> list[bool]:
        """Say of each ask whether its answer is the one expected."""
        answers = answer.get("answers", [])
        if answer.get("id") != self.line["id"] or len(answers) != len(self.expected):
            return [False] * len(self.expected)
        return [_holds(a, e) for a, e in zip(answers, self.expected, strict=True)]


def questions(file: str) -> Iterator[Asked]:
    """Return the questions of one of FILES."""
    data = json.loads((DOMAIN / file).read_text(encoding="utf-8"))
    match file:
        case "scenarios.json":
            yield from _scenarios(data["scenarios"])
        case "histories.json":
            yield from map(_history, data)
        case "calendar-vectors.json":
            yield from map(_vector, data)
        case _:
            raise ValueError(f"no questions in {file}")


def _scenarios(scenarios: list[Any]) -> Iterator[Asked]:
    """Ask each check of a scenario on a line of its own: their givens differ."""
    given = json.loads((HERE / "given.json").read_text(encoding="utf-8"))
    by_id = {scenario["id"]: scenario for scenario in scenarios}
    for scenario in scenarios:
        said = given.get(scenario["id"], {})
        told = by_id[said["like"]] if "like" in said else scenario
        for number, check in enumerate(scenario["checks"]):
            more = dict(said.get("checks", {}).get(str(number), {}))
            events = [*told["events"], *said.get("events", ()), *more.pop("events", ())]
            ask = {**said.get("asks", {}), **check, **more}
            ask["data"] = {**check.get("data", {}), **more.get("data", {})}
            if isinstance(ask.get("releases"), str):
                ask["releases"] = given["releases"][ask["releases"]]
            expected = ask.pop("expect")
            line = {
                "id": f"{scenario['id']} {number}",
                "pack": scenario["pack"],
                "policy": scenario.get("policy", {}),
                "events": events,
                "asks": [ask],
            }
            yield Asked("scenarios.json", line, (expected,), tuple(scenario.get("readings", ())))


def _history(told: Mapping[str, Any]) -> Asked:
    policy = dict(told["policy"])
    line = {
        "id": told["id"],
        "pack": policy.pop("pack"),
        "policy": policy,
        "events": told["events"],
        "asks": [{"ask": "response_clock", "at": check["at"]} for check in told["checks"]],
    }
    return Asked("histories.json", line, tuple(check["expect"] for check in told["checks"]))


def _vector(vector: Mapping[str, Any]) -> Asked:
    name = "working_time_between" if "end" in vector else "working_time_add"
    fields = ("calendar", "start", "end", "amount_seconds", "pauses", "reversed")
    ask = {"ask": name, **{field: vector[field] for field in fields if field in vector}}
    expected = vector.get("by_convention", {}).get("close", vector["expected"])
    line = {"id": vector["id"], "asks": [ask]}
    return Asked("calendar-vectors.json", line, (expected,))


def _holds(answer: Any, expected: Any) -> bool:
    """Say whether an answer has what is expected: of an object at least the fields named."""
    if isinstance(expected, Mapping):
        return _has(answer, expected)
    return _has(answer.get("answer", answer.get("error", _NO_ANSWER)), expected)


def _has(value: Any, expected: Any) -> bool:
    """Compare objects at every depth as subsets, lists element by element."""
    match value, expected:
        case Mapping(), Mapping():
            return all(_has(value.get(name, _NO_ANSWER), each) for name, each in expected.items())
        case list(), list():
            return len(value) == len(expected) and all(map(_has, value, expected))
        case _:
            return _same(value, expected)


def _same(value: Any, expected: Any) -> bool:
    """Compare two values; instants by the moment they name, however they are written."""
    if value == expected and type(value) is type(expected):
        return True
    try:
        return datetime.fromisoformat(value) == datetime.fromisoformat(expected)
    except (TypeError, ValueError):
        return False
