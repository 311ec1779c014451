"""The files of a ticket as messages and readers need them: announcement and progress.

A file is announced before it is sent. Its row decides; anything in the file store beside the parts
that a row names was cut off while it was written (decision 0012).
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, Update, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from docket_events.ids import partition_of_ticket
from docket_events.roles import Role
from docket_runtime.database import reachable
from docket_runtime.schema.tables import attachments as table
from ticket_api.auth.tokens import Principal

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
        """Return its folder in the file store."""
        return f"{self.partition}/{self.attachment_id}"

    @property
    def state(self) -> State:
        """Return how far its upload has come."""
        if self.erased_at is not None:
            return "erased"
        if self.completed_at is not None:
            return "complete"
        return "uploading" if self.received else "announced"


COLUMNS = [table.c[field.name] for field in fields(Attachment)]


def of_row(row: Row[Any]) -> Attachment:
    """Return the attachment of a row that has COLUMNS."""
    return Attachment(**row._mapping)


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


async def take(engine: AsyncEngine, ticket_id: UUID, ids: Sequence[UUID]) -> list[Attachment]:
    """Return files that a message is about to send, and prevent that they are given up meanwhile.

    Erased files, and those given up, are left out. Raise Unavailable.
    """
    partition = partition_of_ticket(ticket_id)
    statement = update(table).where(
        table.c.partition == partition,
        table.c.ticket_id == ticket_id,
        table.c.attachment_id.in_(ids),
        table.c.erased_at.is_(None),
    )
    return await changed(engine, statement.values(touched_at=PRESENT))


async def changed(engine: AsyncEngine, statement: Update) -> list[Attachment]:
    """Return the rows that a statement has changed, as they are now; raise Unavailable."""
    with reachable():
        async with engine.begin() as connection:
            rows = await connection.execute(statement.returning(*COLUMNS))
            return [of_row(row) for row in rows]


def may_see(principal: Principal, sent: Container[UUID], known: Attachment) -> bool:
    """Return whether this principal may see a file; before it is sent only one side may."""
    return known.attachment_id in sent or same_side(principal, known)


def same_side(principal: Principal, known: Attachment) -> bool:
    """Return whether the side of this principal announced a file."""
    return (principal.role == "customer") == (known.by_kind == "customer")
