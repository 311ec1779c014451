"""The file of another helpdesk as cases: mixed lines, packed files, cut files."""

import gzip
from pathlib import Path

import pytest

from docket_import.cases import cases_of, survey
from docket_import.fault import BadLine

_LINE = (
    '{{"case": "{case}", "occurred_at": "2016-03-01T{at}:00Z", "type": "{type}", "data": {data}}}'
)
_CREATED = '{"channel": "Phone", "priority": "4 - Low"}'


def line(case: str, at: str, type_: str = "Responded") -> str:
    data = _CREATED if type_ == "TicketCreated" else "{}"
    return _LINE.format(case=case, at=at, type=type_, data=data)


MIXED = "\n".join(
    [
        line("A", "09:00", "TicketCreated"),
        line("B", "09:01", "TicketCreated"),
        line("B", "09:02"),
        "",
        line("C", "09:03", "TicketCreated"),
        line("A", "09:04"),
        line("C", "09:05"),
    ]
)


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    path = tmp_path / "mixed.jsonl"
    path.write_text(MIXED)
    return path


def test_mixed_lines_become_cases_each_handed_out_when_it_is_complete(mixed: Path) -> None:
    found = [(case.id, [line.number for line in case.lines]) for case in cases_of(survey(mixed))]

    assert found == [("B", [2, 3]), ("A", [1, 6]), ("C", [5, 7])]


def test_a_case_is_handed_out_before_the_rest_of_the_file_is_read(mixed: Path) -> None:
    surveyed = survey(mixed)
    mixed.write_text("\n".join([*MIXED.splitlines()[:3], '{"case": "A"}']))
    handed_out = cases_of(surveyed)

    assert next(handed_out).id == "B"
    assert [fault.line for case in handed_out for fault in case.faults] == [4, 4]


def test_the_first_cases_are_those_that_begin_first(mixed: Path) -> None:
    first = survey(mixed).first(2)

    assert [case.id for case in cases_of(first)] == ["B", "A"]


def test_a_packed_file_is_known_by_its_content(mixed: Path, tmp_path: Path) -> None:
    packed = tmp_path / "mixed.jsonl"
    packed.write_bytes(gzip.compress(MIXED.encode()))

    assert survey(packed).records == {"A": 2, "B": 2, "C": 2}


def test_a_packed_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    packed = tmp_path / "cut.jsonl.gz"
    packed.write_bytes(gzip.compress(MIXED.encode())[:-20])

    with pytest.raises(BadLine, match="cut off or damaged"):
        survey(packed)


def test_lines_of_which_no_case_can_be_told_are_all_found_by_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text("nonsense\n" + MIXED + "\n{}")

    surveyed = survey(path)

    assert [(each.line, each.field) for each in surveyed.faults] == [
        (1, "the whole line"),
        (9, "case"),
        (9, "occurred_at"),
        (9, "type"),
    ]
    assert surveyed.records == {"A": 2, "B": 2, "C": 2}
