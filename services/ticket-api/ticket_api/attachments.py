"""What is known of each file: what was announced, and how much of it is durably there.

A file is announced before it is sent. Its row counts; what lies in the file store beside the parts
that a row names was cut off while it was written (decision 0012).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, Update, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from docket_events.ids import partition_of_ticket
from docket_events.roles import Role
from docket_runtime.database import reachable
from docket_runtime.schema.tables import attachments as table

State = Literal["announced", "uploading", "complete", "erased"]
PRESENT = func.docket.present()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file: `received` of its `size` bytes are there, in `parts`; erased, it has no name."""

    partition: int
    attachment_id: UUID
    ticket_id: UUID
    by_kind: Role
    by_id: str
    request_hash: bytes
    name: str | None
    media_type: str
    size: int
    sha256: bytes | None
    parts: Sequence[UUID]
    received: int
    announced_at: datetime
    completed_at: datetime | None
    erased_at: datetime | None

    @property
    def place(self) -> str:
        """Return where in the file store it lies."""
        return f"{self.partition}/{self.attachment_id}"

    @property
    def state(self) -> State:
        """Return how far it has come."""
        if self.erased_at is not None:
            return "erased"
        if self.completed_at is not None:
            return "complete"
        return "uploading" if self.received else "announced"


_ADOPT = text("""
    insert into docket.attachments (partition, attachment_id, ticket_id, by_kind, by_id,
        request_hash, name, media_type, size, sha256, parts, received, announced_at, touched_at,
        settled)
    select c.partition, c.content_id, c.ticket_id, e.actor_kind, e.actor_id, '', told ->> 'name',
        told ->> 'media_type', (told ->> 'size')::bigint, decode(told ->> 'sha256', 'hex'), '{}', 0,
        e.recorded_at, docket.present(), false
    from docket.contents as c
    join docket.events as e
        on e.partition = c.partition and e.ticket_id = c.ticket_id and e.version = 1
    cross join lateral (select convert_from(c.body, 'UTF8')::jsonb as told) as said
    where c.partition = :partition and c.ticket_id = :ticket_id
        and c.kind = 'attachment' and c.body is not null
    on conflict do nothing
""")

COLUMNS = [table.c[field.name] for field in fields(Attachment)]


def of_row(row: Row[Any]) -> Attachment:
    """Return the attachment of a row that has COLUMNS."""
    return Attachment(**row._mapping)


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
    found = await of_ticket(engine, ticket_id, [attachment_id])
    return found[0] if found else None


async def of_ticket(
    engine: AsyncEngine, ticket_id: UUID, only: Sequence[UUID] | None = None
) -> list[Attachment]:
    """Return the files of a ticket in the order of their announcement; raise Unavailable."""
    wanted = [table.c.partition == partition_of_ticket(ticket_id), table.c.ticket_id == ticket_id]
    if only is not None:
        wanted.append(table.c.attachment_id.in_(only))
    query = select(*COLUMNS).where(*wanted).order_by(table.c.announced_at, table.c.attachment_id)
    with reachable():
        async with engine.begin() as connection:
            return [of_row(row) for row in await connection.execute(query)]


async def adopt(engine: AsyncEngine, ticket_id: UUID) -> None:
    """Await the bytes of files that were announced in opening the ticket; raise Unavailable."""
    with reachable():
        async with engine.begin() as connection:
            whose = {"partition": partition_of_ticket(ticket_id), "ticket_id": ticket_id}
            await connection.execute(_ADOPT, whose)


async def take(engine: AsyncEngine, ticket_id: UUID, ids: Sequence[UUID]) -> list[Attachment]:
    """Return files that a message is about to send, and keep them from being given up meanwhile.

    What is erased, or was given up, is not among them. Raise Unavailable.
    """
    partition = partition_of_ticket(ticket_id)
    statement = update(table).where(
        table.c.partition == partition,
        table.c.ticket_id == ticket_id,
        table.c.attachment_id.in_(ids),
        table.c.erased_at.is_(None),
    )
    return await changed(engine, statement.values(touched_at=PRESENT))


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


async def changed(engine: AsyncEngine, statement: Update) -> list[Attachment]:
    """Return the rows that a statement has changed, as they are now; raise Unavailable."""
    with reachable():
        async with engine.begin() as connection:
            rows = await connection.execute(statement.returning(*COLUMNS))
            return [of_row(row) for row in rows]


def _row_of(known: Attachment) -> Update:
    return update(table).where(
        table.c.partition == known.partition, table.c.attachment_id == known.attachment_id
    )


def _as_known(known: Attachment) -> Update:
    """Name the row as long as nobody has written to the file since it was read."""
    return _row_of(known).where(
        table.c.received == known.received,
        table.c.parts == list(known.parts),
        table.c.completed_at.is_(None),
        table.c.erased_at.is_(None),
    )
