"""The log for process mining, a trace for each ticket: XES (IEEE 1849-2023)."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

import asyncpg

from docket_events.characters import xml_quoted
from docket_export.selection import Selection, histories, parts, tickets
from docket_proof.chain import LogRow, instant

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2023" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="ID" prefix="identity" uri="http://www.xes-standard.org/identity.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/>
<date key="time:timestamp" value="1970-01-01T00:00:00Z"/></global>
<classifier name="Activity" keys="concept:name"/>
"""
_OF_TRACE = ("number", "account_id", "product", "priority", "channel", "status", "pack", "revision")


async def xes(connection: asyncpg.Connection, selection: Selection) -> AsyncIterator[bytes]:
    """Yield the log; a ticket is in it whole or not at all, a trace by its number."""
    selection = selection.of_whole_tickets
    yield _HEAD.encode()
    for part in await parts(connection):
        async for rows in tickets(connection, part, selection):
            ids = [row["ticket_id"] for row in rows]
            events = await histories(connection, part, ids, selection)
            traces = (
                line
                for row in rows
                if events[row["ticket_id"]]
                for line in _trace(row, events[row["ticket_id"]])
            )
            yield "".join(traces).encode()
    yield b"</log>\n"


def _trace(ticket: Mapping[str, Any], events: Sequence[LogRow]) -> Iterator[str]:
    yield "<trace>\n"
    yield _text("concept:name", ticket["number"])
    yield f'<id key="identity:id" value="{ticket["ticket_id"]}"/>\n'
    for name in _OF_TRACE:
        yield _text(f"docket:{name}", ticket[name])
    for event in events:
        yield "<event>"
        yield _text("concept:name", event.type)
        yield _text("lifecycle:transition", "complete")
        yield _text("org:resource", event.on_behalf_of or event.actor_id)
        yield _text("org:role", event.actor_kind)
        yield f'<date key="time:timestamp" value="{instant(event.occurred_at)}"/>'
        yield f'<id key="identity:id" value="{event.event_id}"/>'
        yield f'<int key="docket:version" value="{event.version}"/></event>\n'
    yield "</trace>\n"


def _text(key: str, value: object) -> str:
    return f"<string key={xml_quoted(key)} value={xml_quoted(str(value))}/>"
