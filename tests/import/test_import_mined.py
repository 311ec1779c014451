"""The imported incidents in the hands of a process miner: what it counts is what the log has."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from docket_devstack.workspace import PROJECT
from docket_export.formats import Format, export
from docket_export.selection import Selection
from docket_import.cases import survey
from docket_import.loading import load
from docket_import.rules import ImportRules
from docket_runtime.database import Database

SAMPLE = PROJECT / "data/uci-incidents/events.sample.jsonl"
WHOLE = PROJECT.parent / "shared/data/uci-incidents/events.jsonl.gz"
FILES = [SAMPLE, *([pytest.param(WHOLE, marks=pytest.mark.full)] if WHOLE.exists() else [])]


@pytest.mark.filterwarnings("ignore")  # what pm4py thinks of its surroundings is not our affair
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
async def test_pm4py_reads_xes_and_ocel_with_the_counts_of_the_log(
    path: Path, database: Any, tmp_path: Path
) -> None:
    pm4py = pytest.importorskip("pm4py", reason="pm4py is a peer: make full installs it")
    writer = await Database(database.url("docket_ticket_api"), "test", may_lose=True).connect()
    await load(writer, survey(path), ImportRules("uci-498"))
    await writer.close()
    log = await asyncpg.connect(database.url("docket_auditor"))
    events, tickets = await log.fetchrow(
        "select count(*), count(distinct ticket_id) from docket.events"
    )

    async def exported(format_: Format, name: str) -> str:
        file = tmp_path / name
        with file.open("wb") as out:
            async for piece in export(log, format_, Selection()):
                out.write(piece)
        return str(file)

    xes, ocel = await exported("xes", "log.xes"), await exported("ocel", "log.jsonocel")
    await log.close()

    frame = await asyncio.to_thread(pm4py.read_xes, xes)
    assert (len(frame), frame["case:concept:name"].nunique()) == (events, tickets)
    read = await asyncio.to_thread(pm4py.read_ocel2_json, ocel)
    assert len(read.events) == events
    assert (read.objects["ocel:type"] == "ticket").sum() == tickets
