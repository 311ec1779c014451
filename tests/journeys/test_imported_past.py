"""An imported past stays past: the whole house runs, and nothing fires, nobody gets a mail."""

import asyncio
import json
from pathlib import Path

import asyncpg
from house import House, eventually

from docket_devstack.workspace import PROJECT
from docket_import.cases import survey
from docket_import.loading import Loaded, load
from docket_import.rules import ImportRules
from docket_runtime.database import Database

SAMPLE = PROJECT / "data/uci-incidents/events.sample.jsonl"

OPEN_ENDS = {
    "never answered": ["TicketCreated"],
    "asked and not told": ["TicketCreated", "Responded", "InformationRequested"],
    "told and not answered": ["TicketCreated", "InformationRequested", "InformationProvided"],
    "resolved, its window long over": ["TicketCreated", "Responded", "Closed"],
    "reopened and left alone": ["TicketCreated", "Closed", "Reopened"],
}

BEHIND = """
    select count(*) from docket.log_partitions join docket.checkpoints using (partition)
    where consumer in ('relay', 'sla-clock') and position = head_position
"""


def with_open_ends(folder: Path) -> Path:
    """Return a file of the sample and of cases that were left open in 2016."""
    created = {"channel": "Email", "priority": "1 - Critical"}
    lines = [
        {
            "case": case,
            "occurred_at": f"2016-03-01T0{hour}:00:00Z",
            "type": type_,
            "data": created if type_ == "TicketCreated" else {},
        }
        for case, types in OPEN_ENDS.items()
        for hour, type_ in enumerate(types)
    ]
    file = folder / "incidents.jsonl"
    file.write_text(SAMPLE.read_text() + "".join(json.dumps(line) + "\n" for line in lines))
    return file


async def importing(url: str, file: Path) -> Loaded:
    connection = await Database(url, "import", may_lose=True).connect()
    try:
        return await load(connection, survey(file), ImportRules("uci-498"))
    finally:
        await connection.close()


def ask(url: str, query: str) -> int:
    async def answer() -> int:
        connection = await asyncpg.connect(url)
        try:
            return int(await connection.fetchval(query))
        finally:
            await connection.close()

    return asyncio.run(answer())


def test_an_imported_past_fires_no_timer_and_sends_no_notice(house: House, tmp_path: Path) -> None:
    house.start()
    url = house.database.url()

    loaded = asyncio.run(
        importing(house.database.url("docket_ticket_api"), with_open_ends(tmp_path))
    )
    assert loaded.imported == 300 + len(OPEN_ENDS)

    # a ticket of today behind them: who has told Ann of it has seen all that was imported
    ann = house.caller("customer", "ann", "acme")
    body = {"product": "VMmanager 6", "contact": {"email": "ann@acme.example"}}
    today = ann.post("/v1/tickets", **body).json()["id"]
    ann.sees(today, "RegistrationNoticeSent")
    eventually(lambda: ask(url, BEHIND) == 2, "relay and clocks have seen the log")

    assert [str(mail["To"]) for mail in house.mailboxes.mails] == ["ann@acme.example"]
    imported = "ticket_id in (select ticket_id from docket.tickets where imported)"
    assert ask(url, f"select count(*) from docket.timers where {imported}") == 0
    assert ask(url, f"select count(*) from docket.events where {imported}") == loaded.events
    assert ask(url, f"select count(*) from docket.clocks where {imported}") == loaded.imported
    assert ask(url, "select count(*) from docket.timers") > 0  # today's own
