"""Whatever stands in an id, a name or a value: every format stays readable and does nothing.

Each string of a class of characters goes through all formats and is read by other people's readers.
"""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import asyncpg
import pytest
from icalendar import Calendar
from jsonschema import Draft202012Validator
from ocel_schema import OCEL

from chronicle import Chronicle, content, utc
from docket_audit.point import Point
from docket_audit.replay import replay
from docket_audit.timeline import timeline
from docket_events.characters import xml_text
from docket_events.ids import in_partition
from docket_events.notice import RegistrationNoticeSent
from docket_events.recorded import Actor
from docket_events.ticket import PriorityChanged, ResponseSent
from docket_export.flat_files import CsvCells
from docket_export.formats import Format, export
from docket_export.selection import Selection
from docket_runtime.database import Database
from docket_runtime.new_ids import new_id
from docket_simulation.pictures.clock_picture import picture
from hostile import ACTIVE, HOSTILE
from people import created
from sla_clock.clock_loop import ClockLoop

XES = "{http://www.xes-standard.org/}"
CLASSES = [*HOSTILE]
RUNS = re.compile("[\\s\x00]*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


@pytest.fixture
async def tickets(database: Any, chronicle: Chronicle) -> Mapping[str, UUID]:
    """Return a ticket for each class, with its string wherever a string can stand."""
    made = {}
    for name, text in HOSTILE.items():
        fields = {"account_id": text, "requester_id": text, "product": text, "kind": text}
        ticket_id = in_partition(new_id(), 0)
        reason, why = content(ticket_id, "reason", text.encode())
        made[name] = await chronicle.ticket(
            ("2026-06-01T09:00:00", created(number=text, **fields)),
            ("2026-06-01T09:10:00", RegistrationNoticeSent(utc("2026-06-01T09:10:00"), new_id())),
            ("2026-06-01T10:00:00", PriorityChanged("High", None, why)),
            actor=Actor("agent", text, text),
            contents=[reason],
            ticket_id=ticket_id,
        )
    clocks = ClockLoop(Database(database.url("docket_sla_clock"), "sla-clock", may_lose=True))
    while await clocks.step():
        pass
    await clocks.close()
    return made


async def exported(
    database: Any,
    format_: Format,
    selection: Selection | None = None,
    cells: CsvCells | None = None,
) -> bytes:
    connection = await asyncpg.connect(database.url("docket_auditor"))
    try:
        pieces = export(connection, format_, selection or Selection(), (), cells)
        return b"".join([piece async for piece in pieces])
    finally:
        await connection.close()


async def test_lines_of_json_are_exact(database: Any, tickets: Mapping[str, UUID]) -> None:
    lines = [json.loads(line) for line in (await exported(database, "jsonl")).splitlines()]

    told = [line for line in lines if line["type"] == "TicketCreated"]
    assert [line["actor_id"] for line in told] == [*HOSTILE.values()]
    assert [line["data"]["kind"] for line in told] == [*HOSTILE.values()]


async def test_no_cell_of_csv_runs_in_a_spreadsheet(
    database: Any, tickets: Mapping[str, UUID]
) -> None:
    guarded = (await exported(database, "csv")).decode()
    rows = list(csv.DictReader(io.StringIO(guarded, newline="")))

    assert len(rows) == 3 * len(HOSTILE)
    assert not [cell for row in rows for cell in row.values() if RUNS.match(cell)]
    opened = [row for row in rows if row["type"] == "TicketCreated"]
    for row, text in zip(opened, HOSTILE.values(), strict=True):
        assert row["actor_id"].removeprefix("'") == row["number"].removeprefix("'") == text


async def test_cells_are_as_they_are_and_excel_has_its_mark_when_it_is_asked_for(
    database: Any, tickets: Mapping[str, UUID]
) -> None:
    raw = await exported(database, "csv", cells=CsvCells(raw=True, mark=True))
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))

    assert raw.startswith(b"\xef\xbb\xbf")
    assert [r["number"] for r in rows if r["type"] == "TicketCreated"] == [*HOSTILE.values()]
    assert not (await exported(database, "csv")).startswith(b"\xef\xbb\xbf")


async def test_xes_has_only_characters_of_xml(database: Any, tickets: Mapping[str, UUID]) -> None:
    made = await exported(database, "xes")
    log = ElementTree.fromstring(made)

    names = [
        trace.find(f"{XES}string[@key='concept:name']").get("value")  # type: ignore[union-attr]  # each trace has a name
        for trace in log.findall(f"{XES}trace")
    ]
    assert sorted(names) == sorted(map(xml_text, HOSTILE.values()))  # type: ignore[type-var]  # strings
    assert not re.search("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", made.decode())


async def test_ocel_refers_to_nothing_it_has_not(
    database: Any, tickets: Mapping[str, UUID]
) -> None:
    log = json.loads(await exported(database, "ocel"))

    Draft202012Validator(OCEL).validate(log)
    objects = {each["id"] for each in log["objects"]}
    assert {f"account:{text}" for text in HOSTILE.values()} <= objects
    related = [
        relation["objectId"]
        for each in (*log["events"], *log["objects"])
        for relation in each.get("relationships", ())
    ]
    assert set(related) <= objects


async def test_a_calendar_has_no_line_that_a_field_made(
    database: Any, tickets: Mapping[str, UUID]
) -> None:
    made = (await exported(database, "ics")).decode()
    entries = Calendar.from_ical(made).walk("VEVENT")

    assert len(entries) >= len(HOSTILE)
    assert made.count("BEGIN:VEVENT\r\n") - made.count("\\nBEGIN:VEVENT") == len(entries)
    assert not ACTIVE - {"\r", "\n"} & set(made.replace("\r\n", ""))


async def test_a_bundle_fits_and_its_program_prints_nothing_that_a_terminal_obeys(
    database: Any, tickets: Mapping[str, UUID], tmp_path: Path
) -> None:
    with zipfile.ZipFile(io.BytesIO(await exported(database, "bundle"))) as archive:
        archive.extractall(tmp_path)
    verify = [sys.executable, "-I", "verify.py"]
    right = subprocess.run(verify, cwd=tmp_path, capture_output=True, text=True)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["files"] |= {text.replace("\x00", ""): "00" for text in HOSTILE.values()}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    wrong = subprocess.run(verify, cwd=tmp_path, capture_output=True, text=True)

    assert (right.returncode, wrong.returncode) == (0, 1), right.stdout
    assert not (ACTIVE - {"\n"}) & set(right.stdout + wrong.stdout)


async def test_pictures_are_xml(chronicle: Chronicle, tickets: Mapping[str, UUID]) -> None:
    for ticket_id in tickets.values():
        await chronicle.then(ticket_id, ("2026-06-02T10:00:00", ResponseSent()))
        history = await chronicle.history(ticket_id)
        seen = replay(ticket_id, history, Point(), utc("2026-06-08T12:00:00"))

        for drawn in (timeline(seen, history, Point()), picture([seen.explanation])):
            assert ElementTree.fromstring(drawn).tag.endswith("svg")
