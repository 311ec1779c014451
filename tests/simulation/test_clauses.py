"""The list of clauses against the code, the data and the tests that name them."""

import sys
from collections import Counter
from pathlib import Path

import pytest

from docket_simulation.clauses import Clause, all_clauses, clause_of

ROOT = Path(__file__).parents[2]

sys.path.insert(0, str(ROOT / "docs"))

from pages import clauses, tracing  # noqa: E402 - the pages are scripts of docs/, no package

SECTIONS = {"R-5.2", "I-3.8", "I-4", "I-5", "I-10.2", "H-plan"}
"""Clauses that are named where their subclauses stand and say nothing of their own."""


def test_the_list_has_every_clause_of_the_four_terms() -> None:
    """A later edition may add to them; those of the first ones stay."""
    listed = all_clauses().values()
    first = Counter({"regulations": 217, "infrastructure": 250, "h-sphere": 44, "ispmanager": 71})

    assert first <= Counter(clause.pack for clause in listed)
    assert all(clause.says and clause.kind for clause in listed)
    assert clause_of("R-99") is None


@pytest.mark.parametrize("clause", all_clauses().values(), ids=lambda clause: clause.id)
def test_a_clause_is_implemented_and_shown_or_says_why_not(clause: Clause) -> None:
    if clauses.where(clause):
        assert clauses.shown_by(clause) or clause.id in SECTIONS, "no test names it"
    elif clause.see is not None:
        other = clause_of(clause.see)
        assert other is not None
        assert clauses.where(other), f"{clause.see} is not implemented either"
    else:
        assert clause.without, "it is implemented nowhere, and nothing says why"


def test_the_files_and_tests_that_the_list_names_exist() -> None:
    for clause in all_clauses().values():
        for path in (*clauses.where(clause), *clauses.shown_by(clause)):
            assert (ROOT / path.partition(" ")[0]).is_file(), (clause.id, path)
        assert (clause.at is None) == (clause.test is None), clause.id


def test_every_clause_that_a_test_or_a_scenario_names_is_in_the_list() -> None:
    named = set(tracing.scenarios_of())

    assert named - set(all_clauses()) == set()


def test_a_test_is_named_after_the_longest_clause_its_name_begins_with() -> None:
    assert tracing.clause_of("R_6_9_b_the_72_hours_end") == "R-6.9-b"
    assert tracing.clause_of("R_6_9_reasons") == "R-6.9"
    assert tracing.clause_of("C_13_the_holidays") is None


def test_the_page_has_a_row_for_every_clause() -> None:
    rows = [line.split(" | ")[0].removeprefix("| ") for line in clauses.page().splitlines()]

    assert [row for row in rows if clause_of(row)] == list(all_clauses())
