"""The log in the formats of other tools: whole, in part, and with the counts that the log has."""

import csv
import json
from io import StringIO
from typing import Any
from xml.etree import ElementTree

import asyncpg
import pytest
from icalendar import Calendar
from jsonschema import Draft202012Validator
from ocel_schema import OCEL
from three_tickets import ALL, XES, exported, traces

from chronicle import Chronicle, utc
from docket_events.access import AccessRestricted
from docket_export.formats import KINDS, Format
from docket_export.selection import Selection
from docket_export.selection_check import UnknownName, check_names, is_empty, tickets_named
from docket_runtime.new_ids import new_id


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
    assert traces(xes) == {"DKT-2": 4}
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
