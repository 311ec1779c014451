"""The pages made from rules and data say what those say, and leave no cell empty."""

import sys
from pathlib import Path

import pytest

from docket_lifecycle.state.ticket import Status
from docket_policies.terms.editions import all_editions
from docket_policies.terms.loader import revisions
from docket_simulation.asks.command_words import VERBS

sys.path.insert(0, str(Path(__file__).parents[2] / "docs"))

from pages import lifecycle, regulations
from pages.exploring import walk


@pytest.fixture(scope="module")
def life() -> str:
    return lifecycle.page()


def test_the_table_of_the_lifecycle_has_every_command_under_every_edition_and_no_empty_cell(
    life: str,
) -> None:
    rows = [line.strip("|").split("|") for line in life.splitlines() if line.startswith("| ")]
    heads = [row for row in rows if row[0].strip() == "command"]
    verbs = [row[0].strip() for row in rows if row[0].strip() != "command"]

    assert len(heads) == len(revisions())
    assert sorted(verbs) == sorted([*VERBS] * len(heads))
    assert all(cell.strip() for row in rows for cell in row)


def test_every_phase_is_reached_under_some_pack() -> None:
    reached = {
        phase for pack, policy in lifecycle.POLICIES.items() for phase in walk(pack, policy).phases
    }

    assert reached == set(Status)


def test_the_arrows_are_those_of_the_terms(life: str) -> None:
    ours, theirs = life.split("## R:")[1], life.split("## R:")[0]

    assert "closed --> open: object" in ours
    assert "closed --> final: end of the window" in ours
    assert "open --> closed: silence of the user" in theirs
    assert "object" not in theirs.split("```")[1]
    assert "→ suspended" in ours
    assert "ticket_revoked (R-6.6-a)" in ours


def test_the_page_of_the_packs_has_every_edition_with_its_numbers() -> None:
    page = regulations.page()

    for edition in all_editions():
        assert edition.revision in page
    assert "| all products | High | 16 h | R_BH | R-6.7-HIGH |" in page
    assert "hours 72" in page
    for line in page.splitlines():
        if line.startswith("| "):
            assert all(cell.strip() for cell in line.replace("\\|", "").strip("|").split("|")), line
