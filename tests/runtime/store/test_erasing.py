"""An event that says what is erased is the erasing, in its own transaction."""

from uuid import UUID

import asyncpg
import pytest
from msgspec import structs
from streams import Log, append_of, grown, new_ticket
from test_hash_chain import broken_at

from docket_events.erasure import AttachmentErased, ContentErased
from docket_lifecycle.state.ticket import Ticket
from docket_runtime.new_ids import new_id
from docket_runtime.store.append import Appender, append_on
from docket_runtime.store.values import Append, Conflict, NewContent, NewEvent, StreamAppend
from people import MONDAY, PIA

FILE = """
    insert into docket.attachments values (0, $1, $2, 'customer', 'ann', '', 'a.log', 'text/plain',
        3, '\\x00', '{}', 3, now(), now(), now(), true)
"""


def erasing(ticket: Ticket, *events: AttachmentErased | ContentErased) -> Append:
    after = structs.replace(ticket, version=ticket.version + len(events))
    new = tuple(NewEvent(new_id(), event, MONDAY) for event in events)
    return append_of(StreamAppend(ticket.id, ticket.version, new, after), actor=PIA)


async def told(log: Log, appender: Appender, kind: str = "comment") -> tuple[Ticket, list[UUID]]:
    """Write a ticket with two contents; return it and their ids."""
    stream = grown(new_ticket())
    contents = tuple(
        NewContent(new_id(), stream.ticket_id, kind, b"who I am", b"salt") for _ in range(2)
    )
    await appender.append(append_of(stream, contents=contents))
    return stream.after, [content.id for content in contents]


async def test_C_40_body_and_salt_go_with_the_event_and_the_rest_stays(
    log: Log, appender: Appender
) -> None:
    ticket, (gone, kept) = await told(log, appender)

    await appender.append(erasing(ticket, ContentErased((gone,), "person_asked", "C-40")))

    rows = {row["content_id"]: row for row in await log.rows("select * from docket.contents")}
    (event,) = await log.rows("select * from docket.events where type = 'ContentErased'")
    assert (rows[gone]["body"], rows[gone]["salt"]) == (None, None)
    assert rows[gone]["erased_at"] == event["recorded_at"]
    assert (rows[kept]["body"], rows[kept]["erased_at"]) == (b"who I am", None)
    assert await broken_at(log) is None


async def test_C_40_a_file_loses_its_name_and_digest_and_is_marked_to_be_removed(
    log: Log, appender: Appender
) -> None:
    ticket, (gone, _) = await told(log, appender, "attachment")
    await log.rows(FILE, gone, ticket.id)

    await appender.append(erasing(ticket, AttachmentErased((gone,), "resolved", "I-3.9.1-b")))

    (row,) = await log.rows("select * from docket.attachments")
    assert (row["name"], row["sha256"], row["removed_at"]) == (None, None, None)
    assert row["erased_at"] is not None
    assert (await log.rows("select body from docket.contents where content_id = $1", gone))[0][
        "body"
    ] is None


async def test_an_erasing_that_was_not_written_erases_nothing(log: Log, appender: Appender) -> None:
    ticket, (gone, _) = await told(log, appender)
    stale = structs.replace(ticket, version=0)

    outcome = await appender.append(erasing(stale, ContentErased((gone,), "unlawful")))

    assert isinstance(outcome, Conflict)
    assert len(await log.rows("select from docket.contents where body is not null")) == 2


async def test_a_transaction_that_is_rolled_back_leaves_event_and_content(
    log: Log, appender: Appender, connection: asyncpg.Connection
) -> None:
    ticket, (gone, _) = await told(log, appender)
    written = connection.transaction()
    await written.start()
    await append_on(connection, [erasing(ticket, ContentErased((gone,), "unlawful"))])
    await written.rollback()

    assert len(await log.rows("select from docket.contents where body is not null")) == 2


async def test_erasing_what_is_erased_keeps_the_first_moment(log: Log, appender: Appender) -> None:
    ticket, (gone, _) = await told(log, appender)
    first = erasing(ticket, ContentErased((gone,), "unlawful"))
    await appender.append(first)
    before = await log.rows("select * from docket.contents order by content_id")

    await appender.append(erasing(first.streams[0].after, ContentErased((gone,), "unlawful")))

    assert await log.rows("select * from docket.contents order by content_id") == before


@pytest.mark.parametrize("role", ["docket_sla_clock", "docket_notifier", "docket_auditor"])
async def test_only_ticket_api_knows_files(database, role: str) -> None:
    connection = await asyncpg.connect(database.url(role))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("select from docket.attachments")
    await connection.close()
