"""Writing down what becomes of a file: announced, received part by part, complete, given up."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Update, func, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request as HttpRequest

from docket_events.ids import partition_of_ticket
from docket_runtime.database import reachable
from docket_runtime.files import Files
from docket_runtime.schema.tables import attachments as table
from ticket_api.tickets.files import COLUMNS, PRESENT, Attachment, changed, of_row, of_ticket

_ADOPT = text("""
    insert into docket.attachments (partition, attachment_id, ticket_id, by_kind, by_id,
        request_hash, name, media_type, size, sha256, parts, received, announced_at, touched_at,
        settled)
    select c.partition, c.content_id, c.ticket_id, e.actor_kind, e.actor_id, '', given ->> 'name',
        given ->> 'media_type', (given ->> 'size')::bigint, decode(given ->> 'sha256', 'hex'), '{}',
        0, e.recorded_at, docket.present(), false
    from docket.contents as c
    join docket.events as e
        on e.partition = c.partition and e.ticket_id = c.ticket_id and e.version = 1
    cross join lateral (select convert_from(c.body, 'UTF8')::jsonb as given) as file
    where c.partition = :partition and c.ticket_id = :ticket_id
        and c.kind = 'attachment' and c.body is not null
    on conflict do nothing
""")


def file_store_of(http: HttpRequest) -> Files:
    """Return where the bytes of the files lie."""
    return cast(Files, http.app.state.files)


async def announce(engine: AsyncEngine, known: Mapping[str, Any]) -> Attachment:
    """Keep an announcement, or return the earlier one that has its id; raise Unavailable."""
    begun = {"parts": [], "received": 0, "settled": False}
    moments = {"announced_at": PRESENT, "touched_at": PRESENT}
    statement = (
        insert(table)
        .values(**known, **begun, **moments)
        .on_conflict_do_update(
            index_elements=[table.c.partition, table.c.attachment_id],
            set_={"touched_at": PRESENT},
        )
        .returning(*COLUMNS)
    )
    with reachable():
        async with engine.begin() as connection:
            return of_row((await connection.execute(statement)).one())


async def find(engine: AsyncEngine, ticket_id: UUID, attachment_id: UUID) -> Attachment | None:
    """Return a file of a ticket, None where it has no such; raise Unavailable."""
    rows = await of_ticket(engine, ticket_id, [attachment_id])
    return rows[0] if rows else None


async def adopt(engine: AsyncEngine, ticket_id: UUID) -> None:
    """Await the bytes of files that were announced in opening the ticket; raise Unavailable."""
    with reachable():
        async with engine.begin() as connection:
            whose = {"partition": partition_of_ticket(ticket_id), "ticket_id": ticket_id}
            await connection.execute(_ADOPT, whose)


async def advance(engine: AsyncEngine, known: Attachment, part: UUID, size: int) -> bool:
    """Count a part that was written; False where others came first. Raise Unavailable."""
    statement = _as_known(known).values(
        parts=func.array_append(table.c.parts, part),
        received=table.c.received + size,
        touched_at=PRESENT,
    )
    return bool(await changed(engine, statement))


async def begin_again(engine: AsyncEngine, known: Attachment) -> bool:
    """Count nothing of what was written; False where others came first. Raise Unavailable."""
    return bool(await changed(engine, _as_known(known).values(parts=[], received=0)))


async def complete(engine: AsyncEngine, known: Attachment) -> bool:
    """Note that all of it is there as announced; False where others came first."""
    statement = _as_known(known).values(completed_at=PRESENT, touched_at=PRESENT)
    return bool(await changed(engine, statement))


async def give_up(engine: AsyncEngine, known: Attachment) -> None:
    """Forget a file that was never sent; its bytes go soon. Raise Unavailable."""
    forgotten = {"erased_at": PRESENT, "name": None, "sha256": None}
    await changed(engine, _row_of(known).where(table.c.erased_at.is_(None)).values(**forgotten))


async def settle(engine: AsyncEngine, known: Attachment) -> None:
    """Note that nothing more follows from it; raise Unavailable."""
    await changed(engine, _row_of(known).values(settled=True))


def _row_of(known: Attachment) -> Update:
    return update(table).where(
        table.c.partition == known.partition, table.c.attachment_id == known.attachment_id
    )


def _as_known(known: Attachment) -> Update:
    """Return an update that does nothing if the file was written to since it was read."""
    return _row_of(known).where(
        table.c.received == known.received,
        table.c.parts == list(known.parts),
        table.c.completed_at.is_(None),
        table.c.erased_at.is_(None),
    )
