"""The log in the formats of other tools: whole, in part, and with the counts that the log has."""

import csv
import json
import subprocess
import sys
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import asyncpg
import pytest
from icalendar import Calendar
from jsonschema import Draft202012Validator
from ocel_schema import OCEL

from chronicle import Chronicle, utc
from docket_events.access import AccessRestricted
from docket_events.clock import ResponseOverdue
from docket_events.combining import MergedInto, TicketsMerged, TicketSplit
from docket_events.notice import RegistrationNoticeSent
from docket_events.ticket import PriorityChanged, ResponseSent
from docket_export.formats import KINDS, Format, export
from docket_export.selection import Selection
from docket_export.selection_check import UnknownName, check_names, is_empty, tickets_named
from docket_runtime.database import Database
from docket_runtime.new_ids import new_id
from people import created
from sla_clock.clock_loop import ClockLoop

ALL = Selection()
XES = "{http://www.xes-standard.org/}"


@pytest.fixture
async def tickets(database: Any, chronicle: Chronicle) -> list[Any]:
    """Return three tickets of 3, 4 and 2 events: two of acme, the second of which was overdue."""

    def story(number: str, **more: Any) -> list[Any]:
        noticed = RegistrationNoticeSent(utc("2026-06-01T09:10:00"), new_id())
        return [
            ("2026-06-01T09:00:00", created(number=number, **more)),
            ("2026-06-01T09:10:00", noticed),
        ]

    made = [
        await chronicle.ticket(
            *story("DKT-1"), ("2026-06-03T09:00:00", PriorityChanged("High", criteria=("<&> ½",)))
        ),
        await chronicle.ticket(
            *story("DKT-2"),
            ("2026-06-05T09:00:00", ResponseOverdue(1, utc("2026-06-04T09:10:00"), "R-6.7-c")),
            ("2026-06-06T09:00:00", ResponseSent()),
        ),
        await chronicle.ticket(*story("DKT-3", account_id="other", product="DCImanager 6")),
    ]
    clocks = ClockLoop(Database(database.url("docket_sla_clock"), "sla-clock", may_lose=True))
    while await clocks.step():
        pass
    await clocks.close()
    return made


async def exported(database: Any, format_: Format, selection: Selection = ALL) -> bytes:
    connection = await asyncpg.connect(database.url("docket_auditor"))
    try:
        return b"".join([piece async for piece in export(connection, format_, selection)])
    finally:
        await connection.close()


async def test_lines_have_every_event_in_order_as_it_is_stored(
    database: Any, chronicle: Chronicle, tickets: list[Any]
) -> None:
    lines = [json.loads(line) for line in (await exported(database, "jsonl")).splitlines()]
    rows = await chronicle.rows("select * from docket.events order by position")

    assert [line["position"] for line in lines] == [*range(1, 10)]
    assert [line["hash"] for line in lines] == [row["hash"].hex() for row in rows]
    assert [line["data"] for line in lines] == [json.loads(row["body"]) for row in rows]
    assert lines[0]["at"] == "2026-06-01T09:00:00.000000Z"
    table = list(csv.DictReader(StringIO((await exported(database, "csv")).decode(), newline="")))
    assert [json.loads(line["data"]) for line in table] == [line["data"] for line in lines]


@pytest.mark.parametrize(
    ("selection", "positions"),
    [
        (Selection(account="acme"), [1, 2, 3, 4, 5, 6, 7]),
        (Selection(product="DCImanager 6"), [8, 9]),
        (Selection(breach=True), [4, 5, 6, 7]),
        (Selection(from_=utc("2026-06-03T09:00:00")), [3, 6, 7]),
        (Selection(utc("2026-06-03T09:00:00"), utc("2026-06-06T09:00:00")), [3, 6]),
        (Selection(account="other", breach=True), []),
        (Selection(account="nobody"), []),
    ],
)
async def test_a_part_is_chosen_by_time_account_product_and_breach(
    database: Any, tickets: list[Any], selection: Selection, positions: list[int]
) -> None:
    lines = (await exported(database, "jsonl", selection)).splitlines()

    assert [json.loads(line)["position"] for line in lines] == positions


@pytest.mark.parametrize(
    ("selection", "counts"),
    [
        (ALL, {"DKT-1": 3, "DKT-2": 4, "DKT-3": 2}),
        (
            Selection(utc("2026-06-03T09:00:00"), utc("2026-06-06T09:00:00")),
            {"DKT-1": 3, "DKT-2": 4},
        ),
        (Selection(utc("2026-06-05T00:00:00"), utc("2026-06-06T00:00:00")), {"DKT-2": 4}),
        (Selection(utc("2026-06-05T00:00:00"), cases="created"), {}),
        (
            Selection(until=utc("2026-06-02T00:00:00"), cases="created", account="other"),
            {"DKT-3": 2},
        ),
        (Selection(utc("2026-06-01T00:00:00"), cases="closed"), {}),
    ],
)
async def test_process_mining_gets_whole_tickets(
    database: Any, tickets: list[Any], selection: Selection, counts: dict[str, int]
) -> None:
    xes = ElementTree.fromstring(await exported(database, "xes", selection))
    ocel = json.loads(await exported(database, "ocel", selection))

    assert _traces(xes) == counts
    assert len(ocel["events"]) == sum(counts.values())
    told = [each for each in ocel["objects"] if each["type"] == "ticket"]
    assert {each["attributes"][0]["value"] for each in told} == {*counts}


def _traces(log: ElementTree.Element) -> dict[str | None, int]:
    return {
        trace.find(f"{XES}string[@key='concept:name']").get("value"): len(  # type: ignore[union-attr]  # every trace has a name
            trace.findall(f"{XES}event")
        )
        for trace in log.findall(f"{XES}trace")
    }


async def test_csv_says_of_each_event_whose_ticket_it_is(database: Any, tickets: list[Any]) -> None:
    table = list(csv.DictReader(StringIO((await exported(database, "csv")).decode(), newline="")))

    told = {(row["number"], row["account_id"], row["product"], row["priority"]) for row in table}
    assert told == {
        ("DKT-1", "acme", "VMmanager 6", "High"),
        ("DKT-2", "acme", "VMmanager 6", "Low"),
        ("DKT-3", "other", "DCImanager 6", "Low"),
    }


async def test_one_ticket_alone_is_taken_by_its_id(database: Any, tickets: list[Any]) -> None:
    one = Selection(tickets=(tickets[1],))

    lines = (await exported(database, "jsonl", one)).splitlines()
    xes = ElementTree.fromstring(await exported(database, "xes", one))

    assert [json.loads(line)["position"] for line in lines] == [4, 5, 6, 7]
    assert _traces(xes) == {"DKT-2": 4}
    assert (await exported(database, "bundle", one)).startswith(b"PK")


async def test_tickets_are_named_by_id_or_number(database: Any, tickets: list[Any]) -> None:
    connection = await asyncpg.connect(database.url("docket_auditor"))

    found = await tickets_named(connection, ["DKT-2", str(tickets[0])])
    nothing = await tickets_named(connection, [])
    for unknown in ("DKT-9", str(new_id())):
        with pytest.raises(UnknownName, match=unknown) as refused:
            await tickets_named(connection, [unknown])
        assert refused.value.code == "unknown_ticket"
    await connection.close()

    assert (found, nothing) == ((tickets[1], tickets[0]), None)


async def test_ocel_relates_tickets_that_were_divided_or_combined(
    database: Any, chronicle: Chronicle, tickets: list[Any]
) -> None:
    one, other, apart = tickets
    at = utc("2026-06-07T09:00:00")
    await chronicle.then(one, ("2026-06-07T09:00:00", TicketsMerged((at,), "Low", (str(other),))))
    await chronicle.then(other, ("2026-06-07T09:00:00", MergedInto(str(one))))
    await chronicle.then(apart, ("2026-06-07T09:00:00", TicketSplit((str(other),))))

    log = json.loads(await exported(database, "ocel", Selection(account="other")))

    objects = {each["id"]: each for each in log["objects"]}
    related = objects[str(apart)]["relationships"]
    assert {"objectId": str(other), "qualifier": "divided into"} in related
    assert objects[str(other)]["type"] == "ticket"
    named = [
        r["objectId"] for e in (*log["events"], *log["objects"]) for r in e.get("relationships", ())
    ]
    assert set(named) <= objects.keys()
    whole = {each["id"]: each for each in json.loads(await exported(database, "ocel"))["objects"]}
    qualifiers = [r["qualifier"] for t in (one, other) for r in whole[str(t)]["relationships"]]
    assert qualifiers == ["of", "combined from", "of", "merged into"]


async def test_xes_has_a_trace_for_each_ticket(database: Any, tickets: list[Any]) -> None:
    log = ElementTree.fromstring(await exported(database, "xes"))

    assert _traces(log) == {"DKT-1": 3, "DKT-2": 4, "DKT-3": 2}
    ids = [each.get("value") for each in log.findall(f"{XES}trace/{XES}id")]
    assert ids == sorted(map(str, tickets))
    first = log.find(f".//{XES}event/{XES}string[@key='concept:name']")
    assert first is not None
    assert first.get("value") == "TicketCreated"


async def test_ocel_is_as_the_standard_asks_and_refers_to_nothing_it_has_not(
    database: Any, tickets: list[Any]
) -> None:
    log = json.loads(await exported(database, "ocel"))

    Draft202012Validator(OCEL).validate(log)
    objects = {each["id"]: each["type"] for each in log["objects"]}
    assert len(objects) == len(log["objects"])
    related = [
        relation["objectId"]
        for each in (*log["events"], *log["objects"])
        for relation in each.get("relationships", ())
    ]
    assert set(related) <= set(objects)
    assert {each["type"] for each in log["events"]} <= {each["name"] for each in log["eventTypes"]}
    assert sorted(objects.values()) == ["account"] * 2 + ["actor"] + ["ticket"] * 3
    assert len(log["events"]) == 9


@pytest.mark.parametrize("format_", KINDS)
async def test_an_empty_log_is_exported_too(database: Any, format_: Format) -> None:
    made = await exported(database, format_)

    if format_ == "ocel":
        Draft202012Validator(OCEL).validate(json.loads(made))
    elif format_ == "xes":
        assert ElementTree.fromstring(made).findall(f"{XES}trace") == []
    elif format_ == "ics":
        assert Calendar.from_ical(made.decode()).walk("VEVENT") == []
    elif format_ == "bundle":
        assert made.startswith(b"PK")
    else:
        assert len(made.splitlines()) == (1 if format_ == "csv" else 0)


async def test_the_calendar_has_an_entry_for_each_deadline_ahead(
    database: Any, chronicle: Chronicle, tickets: list[Any]
) -> None:
    timers = await chronicle.rows("select * from docket.timers")
    calendar = Calendar.from_ical((await exported(database, "ics")).decode())
    entries = {str(entry["uid"]): entry["dtstart"].dt for entry in calendar.walk("VEVENT")}

    assert len(timers) > 0
    assert entries == {
        f"{timer['ticket_id']}/{timer['name']}/{timer['key']}@docket": timer["fires_at"]
        for timer in timers
    }
    first, *_, last = sorted(entries.values())
    some = Calendar.from_ical((await exported(database, "ics", Selection(first, last))).decode())
    chosen = [entry["dtstart"].dt for entry in some.walk("VEVENT")]
    assert sorted(chosen) == [at for at in sorted(entries.values()) if at < last]
    of_other = await exported(database, "ics", Selection(account="other"))
    only = Calendar.from_ical(of_other.decode())
    assert 0 < len(only.walk("VEVENT")) < len(timers)


READ_BY_PM4PY = """
import pm4py, sys
log = pm4py.read_xes(sys.argv[1])
ocel = pm4py.read_ocel2_json(sys.argv[2])
print(log["case:concept:name"].nunique(), len(log), len(ocel.events), len(ocel.objects))
"""


@pytest.mark.full
@pytest.mark.skipif(find_spec("pm4py") is None, reason="pm4py comes with make bench alone (AGPL)")
async def test_pm4py_reads_the_counts_that_the_log_has(
    database: Any, tickets: list[Any], tmp_path: Path
) -> None:
    xes, ocel = tmp_path / "log.xes", tmp_path / "log.jsonocel"
    xes.write_bytes(await exported(database, "xes"))
    ocel.write_bytes(await exported(database, "ocel"))

    read = subprocess.run(
        [sys.executable, "-c", READ_BY_PM4PY, xes, ocel], capture_output=True, text=True, check=True
    )
    assert read.stdout.split() == ["3", "9", "9", "6"]


async def test_a_name_of_which_the_log_has_nothing_is_refused(
    database: Any, tickets: list[Any], chronicle: Chronicle
) -> None:
    await chronicle.account("quiet", ("2026-06-01T09:00:00", AccessRestricted("quiet", "unpaid")))
    connection = await asyncpg.connect(database.url("docket_auditor"))

    for known in (Selection(account="acme"), Selection(account="quiet"), ALL):
        await check_names(connection, known)
    for unknown in (Selection(account="nosuch"), Selection(product="nosuch")):
        with pytest.raises(UnknownName, match="nosuch"):
            await check_names(connection, unknown)
    empty = [
        await is_empty(connection, selection)
        for selection in (
            ALL,
            Selection(account="quiet"),
            Selection(until=utc("2020-01-01T00:00:00")),
        )
    ]
    await connection.close()
    assert empty == [False, True, True]


def test_a_selection_of_no_time_is_refused() -> None:
    with pytest.raises(ValueError, match="not behind"):
        Selection(utc("2026-06-09T00:00:00"), utc("2026-06-08T00:00:00"))
