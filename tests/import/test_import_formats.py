"""CSV and XES with a mapping: the examples of docs/importing.md, and what is wrong in files."""

import gzip
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from docket_devstack.workspace import PROJECT
from docket_import.cases import Case, cases_of, survey
from docket_import.fault import BadLine
from docket_import.files import format_of
from docket_import.formats import reader_for
from docket_import.helpdesk import Closed, TicketCreated
from docket_import.mapping import history_of
from docket_import.rules import ImportRules

EXAMPLES = PROJECT / "data/import-examples"


def read(path: Path, mapping: Path | None = None) -> Sequence[Case]:
    return list(cases_of(survey(path, reader_for(path, mapping))))


def told(case: Case) -> list[tuple[str, str, str | None]]:
    """Return what happened to a case, when, and which agent did it."""
    return [
        (type(each.what).__name__, f"{each.occurred_at.astimezone(UTC):%d %H:%M}", each.agent)
        for each in case.lines
    ]


def test_csv_with_a_row_for_each_thing_that_happened() -> None:
    cases = {case.id: case for case in read(EXAMPLES / "log.csv", EXAMPLES / "log.toml")}

    assert told(cases["4711"]) == [
        ("TicketCreated", "02 08:12", None),
        ("InformationRequested", "02 08:40", "J. Schmidt"),
        ("InformationProvided", "02 10:02", None),
        ("Responded", "02 10:30", "J. Schmidt"),
        ("Closed", "03 15:00", "J. Schmidt"),
        ("Finalized", "08 22:59", None),
    ]
    assert cases["4711"].lines[0].what == TicketCreated(
        "Phone",
        "2 - High",
        caller_id="Özlem Kaya",
        location="Bäckerei Müller",
        subject='Kasse "links" druckt nicht',
        description="Seit 9 Uhr kommt kein Bon.\nNeustart hilft nicht.",
        email="oezlem.kaya@mueller.example",
    )
    assert [line.number for line in cases["4712"].lines] == [5, 8, 11]


def test_csv_with_a_row_for_each_case() -> None:
    cases = {case.id: case for case in read(EXAMPLES / "issues.csv", EXAMPLES / "issues.toml")}

    assert told(cases["SUP-17"]) == [
        ("TicketCreated", "10 06:30", None),
        ("Responded", "10 07:05", "Max"),
        ("Closed", "11 15:20", "Max"),
    ]
    assert cases["SUP-17"].lines[-1].what == Closed(text="Password policy was reset")
    assert [len(case.lines) for case in cases.values()] == [3, 2, 1]


def test_xes_whose_first_event_opens_a_case(tmp_path: Path) -> None:
    packed = tmp_path / "any.name"
    packed.write_bytes(gzip.compress((EXAMPLES / "log.xes").read_bytes()))

    first, second = read(packed, EXAMPLES / "xes.toml")

    assert told(first) == [
        ("TicketCreated", "12 08:00", "Value 1"),
        ("Responded", "12 08:30", "Value 3"),
        ("InformationRequested", "13 07:00", "Value 3"),
        ("Closed", "14 10:00", "Value 3"),
        ("Finalized", "29 10:00", None),
    ]
    assert first.lines[0].what == TicketCreated("Email", "2 - High", location="Ελληνικά Νερά")
    assert told(second) == [("TicketCreated", "15 06:00", None)]


@pytest.mark.parametrize(
    ("file", "mapping"),
    [("log.csv", "log.toml"), ("issues.csv", "issues.toml"), ("log.xes", "xes.toml")],
)
def test_every_example_can_be_imported(file: str, mapping: str) -> None:
    rules = ImportRules("example", present=datetime(2026, 11, 30, tzinfo=UTC))

    for case in read(EXAMPLES / file, EXAMPLES / mapping):
        assert history_of(case, rules)


def test_a_large_xes_file_is_read_trace_by_trace(tmp_path: Path) -> None:
    head, trace, tail = _torn(EXAMPLES / "log.xes")
    many = tmp_path / "many.xes"
    many.write_text(head + "".join(trace.replace("Case 1", f"C{n}") for n in range(2000)) + tail)

    surveyed = survey(many, reader_for(many, EXAMPLES / "xes.toml"))

    assert len(surveyed.records) == 2001
    assert next(cases_of(surveyed)).id == "C0"


def _torn(path: Path) -> tuple[str, str, str]:
    text = path.read_text()
    begins, ends = text.index("  <trace>"), text.index("</trace>") + len("</trace>\n")
    return text[:begins], text[begins:ends], text[ends:]


@pytest.fixture
def written(tmp_path: Path) -> Callable[[bytes, str], Path]:
    def write(content: bytes, name: str = "file") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ((EXAMPLES / "log.csv").read_bytes(), "looks like CSV; right would be --mapping"),
        ((EXAMPLES / "log.xes").read_bytes(), "looks like XES; right would be --mapping"),
        (gzip.compress((EXAMPLES / "log.xes").read_bytes()), "looks like XES"),
        (b"PK\x03\x04 and so on", "a zip archive, as spreadsheets are too: unpack it"),
        ("\ufeffcase".encode("utf-16-le"), "UTF-16: save it as UTF-8"),
        (gzip.compress(b"{" * 9000)[:-9], "cut off or damaged"),
    ],
    ids=["csv", "xes", "packed xes", "zip", "UTF-16", "cut off"],
)
def test_a_file_of_another_format_is_told_what_it_is(
    content: bytes, said: str, written: Callable[..., Path]
) -> None:
    with pytest.raises(BadLine, match=said):
        read(written(content))


def test_a_byte_order_mark_is_left_out(written: Callable[..., Path]) -> None:
    sample = (PROJECT / "data/uci-incidents/events.sample.jsonl").read_bytes()
    marked = written(b"\xef\xbb\xbf" + sample)

    assert format_of(marked) == "jsonl"
    assert survey(marked).faults == ()
    with_mark = written(b"\xef\xbb\xbf" + (EXAMPLES / "log.csv").read_bytes(), "marked.csv")
    assert len(read(with_mark, EXAMPLES / "log.toml")) == 2


LOG = (EXAMPLES / "log.csv").read_text()


@pytest.mark.parametrize(
    ("was", "becomes", "line", "field", "said"),
    [
        ("4712;02.03.2026 10:05", ";02.03.2026 10:05", 5, "case", "Ticket is empty"),
        ("4712;02.03.2026 10:05", "4712;2026-03-02", 5, "occurred_at", "2026-06-11T12:00:00Z"),
        ("eröffnet;;normal", "eröffnet;;asap", 5, "data.priority", "one of 1 - Critical"),
        ("Antwort;M. Roth", "Anruf;M. Roth", 11, "type", "one of TicketCreated"),
        ("M. Roth;;;;;;;Der", "M. Roth;;;;;;;;Der", 11, "the row", "12 cells under 11"),
    ],
)
def test_what_is_wrong_in_a_row_is_named(
    was: str, becomes: str, line: int, field: str, said: str, written: Callable[..., Path]
) -> None:
    assert was in LOG
    path = written(LOG.replace(was, becomes).encode())
    surveyed = survey(path, reader_for(path, EXAMPLES / "log.toml"))

    faults = [*surveyed.faults, *(each for case in cases_of(surveyed) for each in case.faults)]

    assert [(each.line, each.field) for each in faults] == [(line, field)]
    assert said in str(faults[0])


@pytest.mark.parametrize(
    ("content", "mapping", "said"),
    [
        (LOG.replace("Vorgang", "Was"), "log.toml", "has no Vorgang; right would be columns"),
        (LOG.replace("ö", "\udcf6"), "log.toml", "is not utf-8.*cp1252"),
        (LOG.replace('""links""', '"links"'), "log.toml", "is no CSV"),
        ("<log><trace>", "xes.toml", "is no XML"),
        ("<html/>", "xes.toml", "no XES: it begins with html"),
        ('<!DOCTYPE l [<!ENTITY a "b">]><log>&a;</log>', "xes.toml", "is refused"),
    ],
)
def test_a_file_that_cannot_be_read_on_says_where_and_why(
    content: str, mapping: str, said: str, written: Callable[..., Path]
) -> None:
    path = written(content.encode(errors="surrogateescape"))

    with pytest.raises(BadLine, match=f"(?s){said}"):
        read(path, EXAMPLES / mapping)


MAPPING = (EXAMPLES / "log.toml").read_text()


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("[types]", "[typos]", "unknown field `typos`"),
        ("case =", "caze =", "columns: 'caze' is unknown; right would be one of account, agent"),
        ('= "Responded"', '= "Answered"', "types: 'Answered' is unknown"),
        ('= "TicketCreated"', '= ""', "nothing opens a case"),
        ('case = "Ticket"', "", "columns.case is missing"),
        ('type = "Vorgang"', "", "columns.type and columns.occurred_at are missing"),
        ("Europe/Berlin", "Europe/Nowhere", "Europe/Nowhere"),
        ('delimiter = ";"', 'delimiter = ";;"', "length <= 1"),
        ("[columns]", "[columns", "line 8"),
    ],
)
def test_what_is_wrong_in_a_mapping_is_named(
    was: str, becomes: str, said: str, written: Callable[..., Path]
) -> None:
    assert was in MAPPING
    mapping = written(MAPPING.replace(was, becomes).encode(), "m.toml")

    with pytest.raises(BadLine) as bad:
        read(EXAMPLES / "log.csv", mapping)
    assert said in str(bad.value)


def test_an_instant_without_a_zone_is_refused_where_the_mapping_names_none(
    written: Callable[..., Path],
) -> None:
    mapping = written(MAPPING.replace('timezone = "Europe/Berlin"', "").encode(), "m.toml")

    faults: Any = [each for case in read(EXAMPLES / "log.csv", mapping) for each in case.faults]

    assert {each.field for each in faults} == {"occurred_at"}
    assert "with its zone" in str(faults[0])
