"""The list of readings: whole, about clauses that exist, and what every refusal names is known."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docket_policies.eligibility.admission import gates_of
from docket_policies.eligibility.criteria import clause_of_criteria
from docket_policies.terms.editions import all_editions
from docket_policies.terms.loader import edition, pack_of_revision, revisions
from docket_policies.terms.readings import ALLOWED, AMBIGUITY
from docket_simulation.clauses import all_clauses, clause_of
from docket_simulation.clauses.readings import Reading, all_readings, reading_of

ROOT = Path(__file__).parents[2]

sys.path.insert(0, str(ROOT / "docs"))

from pages import acting, clauses, readings, tracing  # noqa: E402 - scripts of docs/, no package

NEWEST = 71
CLAUSE = re.compile(r"[CRIHM]-[\w.*-]+")


def test_the_list_has_every_reading_in_its_order() -> None:
    assert [*all_readings()] == [f"C-{number:02}" for number in range(1, NEWEST + 1)]
    assert reading_of("C-99") is None


@pytest.mark.parametrize("reading", all_readings().values(), ids=lambda reading: reading.id)
def test_a_reading_asks_answers_shows_and_is_about_clauses_that_exist(reading: Reading) -> None:
    assert reading.says.endswith("?")
    assert reading.chosen
    assert reading.example
    assert reading.clauses
    assert [clause for clause in reading.clauses if clause_of(clause) is None] == []


def test_every_field_of_the_data_is_the_key_of_a_reading_that_is_listed() -> None:
    for key, reading_id in AMBIGUITY.items():
        reading = reading_of(reading_id)
        assert reading is not None
        assert key in reading.keys
        values = reading.values()[key]
        assert values.keys() == {each.revision for each in all_editions() if not each.no_target}
        assert {*values.values()} <= {*ALLOWED[key]}


def test_scenarios_speak_of_readings_that_are_listed() -> None:
    assert set(tracing.scenarios_of_readings()) <= set(all_readings())


def test_the_page_has_a_section_for_every_reading() -> None:
    heads = [line[3:] for line in readings.page().splitlines() if line.startswith("## ")]

    assert heads == [*all_readings()]


def named_by_refusals() -> Iterator[str]:
    """Yield what a refusal may name: as recorded, in the rules, at a door, and in the terms."""
    yield from acting.refusing()
    for file in (ROOT / "libs" / "lifecycle").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and CLAUSE.fullmatch(str(node.value)):
                yield str(node.value)
    for each in all_editions():
        yield from (gate.clause for gate in gates_of(each))
        yield clause_of_criteria(each.pack, each.revision) or each.clause
        yield each.no_target or each.clause
    for revision in revisions():
        for terms in edition(pack_of_revision(revision), revision):
            tables: tuple[Any, ...] = (terms.phases, terms.refusals, terms.absent)
            yield from (clause for table in tables for clause in table.values())
            yield from (row.clause for row in terms.capabilities.values())
            for rows in (terms.closing_reasons, terms.rejection_reasons, terms.excuses):
                yield from (row.clause for row in rows.values())
            yield terms.absent_clause


def test_every_clause_or_reading_that_a_refusal_can_name_is_known() -> None:
    unknown = {name for name in named_by_refusals() if not (clause_of(name) or reading_of(name))}

    assert unknown == set()


def test_what_a_clause_does_is_said_of_every_implemented_one_and_of_no_other() -> None:
    cells = [
        line.removeprefix("| ").split(" | ")
        for line in clauses.page().splitlines()
        if clause_of(line.removeprefix("| ").split(" | ")[0])
    ]

    assert len(cells) == len(all_clauses())
    for clause_id, _, _, does, *_ in cells:
        clause = clause_of(clause_id)
        assert clause is not None
        assert (does == "–") is not bool(clauses.where(clause)), clause_id
        if clause_id in acting.refusing():
            assert does.startswith("refuses"), clause_id


@pytest.mark.parametrize(
    ("clause", "does"),
    [
        ("R-6.9-b", "refuses"),
        ("R-6.7-LOW", "counts"),
        ("R-5.2-HI-VM1", "tells"),
        ("I-3.9.1-c", "erases"),
        ("I-6.1.5", "tells"),
        ("R-3.2.2-a", acting.ANSWERS),
        ("R-A1-VM-2", acting.ANSWERS),
        ("I-8.5-UP", acting.ANSWERS),
    ],
)
def test_what_some_clauses_do(clause: str, does: str) -> None:
    assert does in acting.does(clause).split(", ")
