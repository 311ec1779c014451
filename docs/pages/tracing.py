"""Where a clause is named: in code and data, in the tests, in the worked scenarios, in tables."""

import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from docket_simulation.clauses import all_clauses

ROOT = Path(__file__).parents[2]

ROWS_TEST = "tests/simulation/test_rows_of_the_terms.py"
"""Asks every row of the tables below by its name, and compares the clause of the answer."""

SCENARIOS = "tests/data/domain/scenarios.json"

_NAME = re.compile(r"(?<![\w-])[RIHM]-[\w.*&-]*[\w*]")
_TEST_NAME = re.compile(r"def test_([RIHM]_\w+)")
_CODE = {".py", ".toml", ".sql", ".txt", ".html"}
_ROW_TABLES = ("closing_reasons", "rejection_reasons", "excuses")


@cache
def implemented() -> Mapping[str, Sequence[str]]:
    """Return the files of code and data that name a clause, by its id."""
    found: dict[str, list[str]] = defaultdict(list)
    for folder in ("libs", "services", "migrations"):
        for file in _files(ROOT / folder, _CODE):
            if "clauses" not in file.parts:
                _note(found, file, _NAME.findall(file.read_text(encoding="utf-8")))
    return found


@cache
def tested() -> Mapping[str, Sequence[str]]:
    """Return the tests that name a clause, by its id; scenarios and table rows among them."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in _files(ROOT / "tests", {".py"}):
        text = file.read_text(encoding="utf-8")
        named = [clause_of(test) for test in _TEST_NAME.findall(text)]
        _note(found, file, [*_NAME.findall(text), *filter(None, named)])
    for clause in _rows():
        found[clause].append(ROWS_TEST)
    for clause, scenarios in scenarios_of().items():
        found[clause].append(f"{SCENARIOS} ({', '.join(scenarios)})")
    return found


@cache
def scenarios_of() -> Mapping[str, Sequence[str]]:
    """Return the scenarios that are about a clause, or expect it, by its id."""
    found: dict[str, list[str]] = defaultdict(list)
    for scenario in json.loads((ROOT / SCENARIOS).read_text(encoding="utf-8"))["scenarios"]:
        expected = [check["expect"] for check in scenario["checks"]]
        named = [e["clause"] for e in expected if isinstance(e, Mapping) and "clause" in e]
        for clause in {*scenario["clauses"], *named}:
            found[clause].append(scenario["id"])
    return found


@cache
def scenarios_of_readings() -> Mapping[str, Sequence[str]]:
    """Return the scenarios that show a reading, by its id."""
    found: dict[str, list[str]] = defaultdict(list)
    for scenario in json.loads((ROOT / SCENARIOS).read_text(encoding="utf-8"))["scenarios"]:
        for reading in scenario.get("readings", ()):
            found[reading].append(scenario["id"])
    return found


def clause_of(test: str) -> str | None:
    """Return the clause a test is named after: R_6_9_b_... is about R-6.9-b and not about R-6.9."""
    fitting = [c for c in all_clauses() if f"{test}_".startswith(re.sub(r"\W", "_", c) + "_")]
    return max(fitting, key=len, default=None)


def _rows() -> Iterator[str]:
    """Yield the clauses of the rows that ROWS_TEST asks."""
    packs = ROOT / "libs" / "policies" / "docket_policies" / "packs"
    for file in sorted(packs.rglob("*.toml")):
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        if file.name == "criteria.toml":
            yield from data["criteria"]
        elif file.name == "scope.toml":
            yield from _clauses(data)
        else:
            for offer in data.get("offers", [data]):
                yield from _clauses(offer.get("targets", {}))
            for table in _ROW_TABLES:
                yield from _clauses(data.get(table, {}))


def _clauses(data: Any) -> Iterator[str]:
    if isinstance(data, Mapping):
        if isinstance(data.get("clause"), str):
            yield data["clause"]
        for value in data.values():
            yield from _clauses(value)


def _files(folder: Path, kinds: set[str]) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        if file.suffix in kinds and "__pycache__" not in file.parts:
            yield file


def _note(found: dict[str, list[str]], file: Path, names: Sequence[str]) -> None:
    for name in dict.fromkeys(names):
        found[name].append(file.relative_to(ROOT).as_posix())
