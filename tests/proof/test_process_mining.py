"""Exports for process mining: their counts are the log's, and other programs read them."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import asyncpg
import pytest
from jsonschema import Draft7Validator, FormatChecker

from docket_cli.importing.loading import check, load
from docket_cli.local.place import PROJECT
from docket_export.formats import Format, export
from docket_export.selection import Selection
from docket_runtime.database import Database

SAMPLE = PROJECT / "data/uci-incidents/events.sample.jsonl"
WHOLE = PROJECT.parent / "shared/data/uci-incidents/events.jsonl.gz"
FILES = [SAMPLE, *([pytest.param(WHOLE, marks=pytest.mark.full)] if WHOLE.exists() else [])]


def _listed(properties: dict[str, Any], *optional: str) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {
        "type": "array",
        "items": {"type": "object", "properties": properties, "required": required},
    }


_TEXT = {"type": "string"}
_INSTANT = {"type": "string", "format": "date-time"}
_TYPES = _listed({"name": _TEXT, "attributes": _listed({"name": _TEXT, "type": _TEXT})})
_RELATIONS = _listed({"objectId": _TEXT, "qualifier": _TEXT})
OCEL_2 = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {
        "eventTypes": _TYPES,
        "objectTypes": _TYPES,
        "events": _listed(
            {
                "id": _TEXT,
                "type": _TEXT,
                "time": _INSTANT,
                "attributes": _listed({"name": _TEXT, "value": {}}),
                "relationships": _RELATIONS,
            },
            "attributes",
            "relationships",
        ),
        "objects": _listed(
            {
                "id": _TEXT,
                "type": _TEXT,
                "attributes": _listed({"name": _TEXT, "time": _INSTANT, "value": {}}),
                "relationships": _RELATIONS,
            },
            "attributes",
            "relationships",
        ),
    },
    "required": ["eventTypes", "objectTypes", "events", "objects"],
}
"""What OCEL 2.0 asks of its JSON, said again as a schema."""


@pytest.fixture(params=FILES, ids=lambda path: path.name)
async def log(request: pytest.FixtureRequest, database: Any) -> AsyncIterator[asyncpg.Connection]:
    """The imported incidents, as an auditor reads them."""
    path: Path = request.param
    writer = await Database(database.url("docket_ticket_api"), "test").connect()
    await load(writer, check(path, "uci-498"), "uci-498")
    await writer.close()
    connection = await asyncpg.connect(database.url("docket_auditor"))
    yield connection
    await connection.close()


async def exported(log: asyncpg.Connection, format_: Format, folder: Path) -> Path:
    file = folder / f"log.{format_}"
    with file.open("wb") as out:
        async for piece in export(log, format_, Selection()):
            out.write(piece)
    return file


async def counts(log: asyncpg.Connection) -> tuple[int, int]:
    """Return how many events and how many tickets the log has."""
    row = await log.fetchrow("select count(*), count(distinct ticket_id) from docket.events")
    return row[0], row[1]


async def test_the_ocel_is_what_the_standard_asks_for(
    log: asyncpg.Connection, tmp_path: Path
) -> None:
    events, tickets = await counts(log)
    told = json.loads((await exported(log, "ocel", tmp_path)).read_bytes())

    if tickets < 1000:  # checking every event of the whole data against a schema takes minutes
        validator = Draft7Validator(OCEL_2, format_checker=FormatChecker())
        assert next(validator.iter_errors(told), None) is None
    assert len(told["events"]) == len({event["id"] for event in told["events"]}) == events
    objects = {each["id"]: each["type"] for each in told["objects"]}
    assert len(objects) == len(told["objects"])
    assert sum(kind == "ticket" for kind in objects.values()) == tickets
    types = {each["name"] for each in told["eventTypes"]}
    assert {event["type"] for event in told["events"]} <= types
    related = {r["objectId"] for event in told["events"] for r in event["relationships"]}
    assert related <= objects.keys()


async def test_the_xes_has_a_trace_a_ticket(log: asyncpg.Connection, tmp_path: Path) -> None:
    events, tickets = await counts(log)
    found = {"trace": 0, "event": 0}
    for _, element in ElementTree.iterparse(await exported(log, "xes", tmp_path)):
        name = element.tag.rpartition("}")[2]
        if name in found:
            found[name] += 1
            element.clear()

    assert found == {"trace": tickets, "event": events}


@pytest.mark.filterwarnings("ignore")  # what pm4py thinks of its surroundings is not our affair
async def test_pm4py_reads_both_with_the_counts_of_the_log(
    log: asyncpg.Connection, tmp_path: Path
) -> None:
    pm4py = pytest.importorskip("pm4py", reason="pm4py is a peer: make full installs it")
    events, tickets = await counts(log)
    xes = await exported(log, "xes", tmp_path)
    ocel = (await exported(log, "ocel", tmp_path)).rename(tmp_path / "log.jsonocel")

    frame = await asyncio.to_thread(pm4py.read_xes, str(xes))
    assert (len(frame), frame["case:concept:name"].nunique()) == (events, tickets)
    read = await asyncio.to_thread(pm4py.read_ocel2_json, str(ocel))
    assert len(read.events) == events
    assert (read.objects["ocel:type"] == "ticket").sum() == tickets
