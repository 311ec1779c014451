"""Three tickets in a log, the log as it is exported, and what an export has of them."""

from typing import Any
from xml.etree import ElementTree

import asyncpg

from chronicle import Chronicle, utc
from docket_events.clock import ResponseOverdue
from docket_events.notice import RegistrationNoticeSent
from docket_events.ticket import PriorityChanged, ResponseSent
from docket_export.formats import Format, export
from docket_export.selection import Selection
from docket_runtime.database import Database
from docket_runtime.new_ids import new_id
from people import created
from sla_clock.clock_loop import ClockLoop

ALL = Selection()
XES = "{http://www.xes-standard.org/}"


async def three_tickets(database: Any, chronicle: Chronicle) -> list[Any]:
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


def traces(log: ElementTree.Element) -> dict[str | None, int]:
    """Return how many events the trace of each number has."""
    return {
        trace.find(f"{XES}string[@key='concept:name']").get("value"): len(  # type: ignore[union-attr]  # every trace has a name
            trace.findall(f"{XES}event")
        )
        for trace in log.findall(f"{XES}trace")
    }
