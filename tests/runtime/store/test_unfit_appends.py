"""What readers of the log could not read is not written, and only its own append fails."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from msgspec import structs
from streams import Log, append_of, command_of, grown, new_ticket

from docket_events.combining import OpenRequest, TicketsMerged
from docket_events.erasure import AttachmentErased, ContentErased
from docket_events.recorded import Actor, Event
from docket_events.ticket import ContentRef
from docket_lifecycle.state.ticket import Ticket
from docket_runtime.new_ids import new_id
from docket_runtime.store.append import Appender, append_on
from docket_runtime.store.rows import Columns, batch_of
from docket_runtime.store.values import Append, Appended, NewContent, NewEvent, StreamAppend
from people import BEN, MONDAY, PIA

APPEND = "select * from docket.append_batch(0::smallint, $1, $2)"
FIELDS = (
    *("append", "ticket_id", "expected_version", "version", "event_id", "type", "schema_version"),
    *("body", "occurred_at", "actor_kind", "actor_id", "on_behalf_of"),
    *("correlation_id", "causation_id", "number"),
)

NO_JSON = ("22021", "22P02")
"""What PostgreSQL calls a body that is no text, and one that is no JSON."""

Rows = list[Columns]


def changed(rows: Rows, n: int = 0, **values: Any) -> Rows:
    """Return the rows with other values in the n-th."""
    row = [*rows[n]]
    for name, value in values.items():
        row[FIELDS.index(name)] = value
    return [*rows[:n], tuple(row), *rows[n + 1 :]]


def rows_of(events: int = 1) -> Rows:
    return batch_of([append_of(grown(new_ticket(), events))]).rows


def without_ticket(row: Columns) -> Columns:
    first = FIELDS.index("number")
    return (*row[:first], *[None] * (len(row) - first))


ELSEWHERE = new_ticket(partition=3).id

UNFIT: dict[str, Rows] = {
    "an unknown type": changed(rows_of(), type="Nonsense"),
    "a schema version of later": changed(rows_of(), schema_version=9),
    "no schema version": changed(rows_of(), schema_version=0),
    "no text": changed(rows_of(), body=b"\xff\x00"),
    "no JSON": changed(rows_of(), body=b"{"),
    "nothing": changed(rows_of(), body=b""),
    "no object": changed(rows_of(), body=b"[]"),
    "a gap in the versions": changed(rows_of(2), 1, version=3),
    "a version twice": changed(rows_of(2), 1, version=1),
    "a version of its own": changed(rows_of(), version=7),
    "no expected version": changed(rows_of(), expected_version=None, version=1),
    "a ticket of another partition": changed(rows_of(), ticket_id=ELSEWHERE),
    "another ticket in the middle": changed(rows_of(2), 1, ticket_id=new_ticket().id),
    "an actor of another service": changed(rows_of(), actor_kind="operator"),
    "a ticket without its row": [without_ticket(rows_of()[0])],
    "a row before the last event": [
        changed(rows_of(2), 1)[0][: FIELDS.index("number")]
        + rows_of(1)[0][FIELDS.index("number") :],
        without_ticket(rows_of(2)[1]),
    ],
}


@pytest.mark.parametrize("rows", UNFIT.values(), ids=UNFIT.keys())
async def test_what_is_unfit_is_not_written(
    connection: asyncpg.Connection, log: Log, rows: Rows
) -> None:
    with pytest.raises(asyncpg.PostgresError) as refused:
        await connection.fetchrow(APPEND, rows, [])

    assert refused.value.sqlstate in ("DK001", *NO_JSON)
    assert await log.positions() == []
    assert await log.rows("select from docket.tickets") == []


async def test_a_row_without_an_event_is_not_written(
    connection: asyncpg.Connection, log: Log
) -> None:
    (row,) = rows_of()
    eventless = (*row[:3], *[None] * 11, *row[FIELDS.index("number") :])

    await connection.fetchrow(APPEND, [eventless], [])

    assert await log.rows("select from docket.tickets") == []


def of_another_ticket(ticket: Ticket) -> NewContent:
    return NewContent(new_id(), new_ticket().id, "comment", b"", b"")


def of_an_unknown_kind(ticket: Ticket) -> NewContent:
    return NewContent(new_id(), ticket.id, "gossip", b"", b"")


@pytest.mark.parametrize("content_of", [of_another_ticket, of_an_unknown_kind])
async def test_a_content_belongs_to_an_event_of_its_append(
    connection: asyncpg.Connection, log: Log, content_of: Callable[[Ticket], NewContent]
) -> None:
    ticket = new_ticket()

    with pytest.raises(asyncpg.PostgresError) as refused:
        await append_on(connection, [append_of(grown(ticket), contents=(content_of(ticket),))])

    assert refused.value.sqlstate == "DK001"
    assert await log.rows("select from docket.contents") == []


async def test_only_the_append_that_is_unfit_fails(appender: Appender, log: Log) -> None:
    appends = [append_of(grown(new_ticket())) for _ in range(20)]
    appends[7] = replace(appends[7], actor=Actor("operator", "oz"))

    outcomes = await asyncio.gather(
        *(appender.append(each) for each in appends), return_exceptions=True
    )

    assert isinstance(outcomes.pop(7), asyncpg.PostgresError)
    assert all(isinstance(outcome, Appended) for outcome in outcomes)
    assert await log.positions() == [*range(1, 20)]


async def test_a_stream_that_is_only_looked_at_changes_no_row(appender: Appender, log: Log) -> None:
    seen = new_ticket()
    await appender.append(append_of(grown(seen)))
    other = structs.replace(seen, version=1, priority="Emergency")

    looked_at = StreamAppend(seen.id, 1, (), other)
    await appender.append(append_of(looked_at, command=command_of(seen.id, "k")))

    (row,) = await log.rows("select priority from docket.tickets")
    assert row["priority"] == "Low"


async def told(appender: Appender, kind: str = "comment") -> tuple[Ticket, NewContent]:
    """Write a ticket with one content."""
    stream = grown(new_ticket())
    content = NewContent(new_id(), stream.ticket_id, kind, b"who I am", b"salt")
    await appender.append(append_of(stream, contents=(content,)))
    assert isinstance(stream.after, Ticket)
    return stream.after, content


def on(ticket: Ticket, *events: Event, actor: Actor = PIA) -> Append:
    after = structs.replace(ticket, version=ticket.version + len(events))
    new = tuple(NewEvent(new_id(), event, MONDAY) for event in events)
    return append_of(StreamAppend(ticket.id, ticket.version, new, after), actor=actor)


async def left(log: Log) -> Sequence[bytes]:
    rows = await log.rows("select body from docket.contents where body is not null")
    return [row["body"] for row in rows]


async def test_a_ticket_cannot_erase_what_another_one_has(appender: Appender, log: Log) -> None:
    _, theirs = await told(appender)
    mine, _ = await told(appender)

    with pytest.raises(asyncpg.PostgresError, match="may not erase") as refused:
        await appender.append(on(mine, ContentErased((theirs.id,), "unlawful")))

    assert refused.value.sqlstate == "DK001"
    assert len(await left(log)) == 2


async def test_an_event_about_files_erases_no_text(appender: Appender, log: Log) -> None:
    ticket, text = await told(appender)

    with pytest.raises(asyncpg.PostgresError, match="may not erase"):
        await appender.append(on(ticket, AttachmentErased((text.id,), "resolved")))

    assert len(await left(log)) == 1


async def test_what_was_handed_over_to_a_ticket_it_may_erase(appender: Appender, log: Log) -> None:
    _, theirs = await told(appender)
    mine, _ = await told(appender)
    request = OpenRequest("q1", MONDAY, items=ContentRef(theirs.id, "0" * 64))
    merged = TicketsMerged((MONDAY, MONDAY), "Low", open_requests=(request,))
    await appender.append(on(mine, merged, actor=BEN))
    mine = structs.replace(mine, version=mine.version + 1)

    await appender.append(on(mine, ContentErased((theirs.id,), "person_asked")))

    assert len(await left(log)) == 1
