"""What the check of written pages finds: links that lead nowhere, records of another form."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

sys.path.insert(0, str(ROOT / "docs"))

from pages import links, records  # noqa: E402 - the pages are scripts of docs/, no package

RECORD = "\n\n".join(["# 0001 A choice", *(f"## {name}\n\nwords" for name in records.HEADINGS)])


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "docs/decisions").mkdir(parents=True)
    (tmp_path / "libs").mkdir()
    (tmp_path / "libs/a.py").write_text(
        "TABLE = 1\n\n\nclass Handler:\n    def transact(self): ...\n"
    )
    (tmp_path / "libs/a.sql").write_text("create function docket.append_batch() ...")
    return tmp_path


def faults(house: Path, text: str) -> list[str]:
    (house / "docs/page.md").write_text(text)
    return list(links.broken(house))


@pytest.mark.parametrize(
    "right",
    [
        "[a](../libs/a.py)",
        "[a](../libs/a.py#Handler)",
        "[a](../libs/a.py#Handler.transact)",
        "[a](../libs/a.py#TABLE)",
        "[a](../libs/a.sql#docket.append_batch)",
        "# A trip, in full\n\n[up](#a-trip-in-full)",
        "[elsewhere](https://example.org/nothing)",
        "`libs/a.py`",
        "```\n[a](gone.md)\n```",
        "    [a](gone.md)",
    ],
)
def test_what_exists_is_no_fault(house: Path, right: str) -> None:
    assert faults(house, right) == []


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("[a](../libs/gone.py)", "no such file"),
        ("[a](../libs/a.py#transact)", "nothing of this name"),
        ("[a](../libs/a.sql#docket.erase)", "nothing of this name"),
        ("# A trip\n\n[up](#another-trip)", "nothing of this name"),
        ("![a](picture.png)", "no such file"),
        ("`libs/gone.py`", "no such path"),
    ],
)
def test_what_leads_nowhere_is_named_with_its_page(house: Path, wrong: str, named: str) -> None:
    (fault,) = faults(house, wrong)

    assert fault.startswith("docs/page.md: ")
    assert named in fault


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (RECORD, None),
        (RECORD.replace("# 0001", "# 0002"), "the title"),
        (RECORD.replace("## Alternatives\n", "## Measured\n"), "the headings"),
        (RECORD + "\nmore" * 45, "lines; a record has at most 45"),
        (RECORD.replace("words", "Replaced by 0007.", 1), "replaced by 0007"),
    ],
)
def test_a_record_has_five_headings_and_fits_on_one_screen(
    house: Path, text: str, named: str | None
) -> None:
    folder = house / "docs/decisions"
    (folder / "0001-a-choice.md").write_text(text)

    found = list(records.malformed(folder))

    assert (found == []) if named is None else (len(found) == 1 and named in found[0])


def test_a_number_is_used_once(house: Path) -> None:
    folder = house / "docs/decisions"
    (folder / "0001-a-choice.md").write_text(RECORD)
    (folder / "0001-another.md").write_text(RECORD)

    (fault,) = records.malformed(folder)
    assert "the number is that of" in fault
