"""Future deadlines as a calendar (iCalendar, RFC 5545), an entry for each armed timer."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import asyncpg
from icalendar import Calendar, Event

from docket_events.characters import inert
from docket_events.instants import wire
from docket_export.selection import Selection, parts, tickets
from docket_runtime.database import reachable

_TIMERS = """
    select timer.*, t.number, t.priority, t.product, (select docket.present()) as present
    from docket.timers as timer
    join docket.tickets as t on t.partition = timer.partition and t.ticket_id = timer.ticket_id
    where timer.partition = $1 and timer.ticket_id = any ($2)
        and ($3::timestamptz is null or timer.fires_at >= $3)
        and ($4::timestamptz is null or timer.fires_at < $4)
    order by timer.ticket_id, timer.fires_at, timer.name, timer.key
"""
_SAYS = {
    "ResponseDueSoon": "a response is due soon",
    "ResponseOverdue": "a response is due",
    "InformationDeadlinePassed": "the information asked for is due",
    "ClosureBecameFinal": "the closing becomes final",
    "TicketAutoClosed": "the ticket is closed for silence",
    "AttachmentErasureDue": "its files are erased",
    "BreachWithdrawn": "a breach is withdrawn",
}
_END = b"END:VCALENDAR\r\n"


async def deadlines(connection: asyncpg.Connection, selection: Selection) -> AsyncIterator[bytes]:
    """Yield the calendar; `from_` and `until` of the selection apply to when a timer fires.

    That instant is also the one at which an entry stands; what it is about may be due later.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Docket//deadlines//EN")
    calendar.add("version", "2.0")
    yield calendar.to_ical().removesuffix(_END)
    of_tickets = replace(selection, from_=None, until=None, cases=None)
    for part in await parts(connection):
        async for rows in tickets(connection, part, of_tickets):
            ids = [row["ticket_id"] for row in rows]
            with reachable():
                timers = await connection.fetch(
                    _TIMERS, part.partition, ids, selection.from_, selection.until
                )
            yield b"".join(_entry(timer) for timer in timers)
    yield _END


def _entry(timer: Mapping[str, Any]) -> bytes:
    entry = Event()
    entry.add("uid", inert(f"{timer['ticket_id']}/{timer['name']}/{timer['key']}@docket"))
    entry.add("dtstamp", timer["present"])
    entry.add("dtstart", timer["fires_at"])
    says = _SAYS.get(timer["name"], timer["name"])
    entry.add("summary", inert(f"{timer['number']} ({timer['priority']}): {says}"))
    due = f" due {wire(timer['due_at'])}" if timer["due_at"] is not None else ""
    clause = f", by {timer['clause']}" if timer["clause"] is not None else ""
    entry.add("description", inert(f"{timer['name']}{due}{clause}; {timer['product']}"))
    entry.add("categories", [timer["name"]])
    return bytes(entry.to_ical())
