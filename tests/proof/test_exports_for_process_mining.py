"""The log as process miners read it: XES and OCEL, whole tickets, and the counts of the log."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator
from ocel_schema import OCEL
from three_tickets import ALL, XES, exported, traces

from chronicle import Chronicle, utc
from docket_events.combining import MergedInto, TicketsMerged, TicketSplit
from docket_export.selection import Selection


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

    assert traces(xes) == counts
    assert len(ocel["events"]) == sum(counts.values())
    told = [each for each in ocel["objects"] if each["type"] == "ticket"]
    assert {each["attributes"][0]["value"] for each in told} == {*counts}


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

    assert traces(log) == {"DKT-1": 3, "DKT-2": 4, "DKT-3": 2}
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
