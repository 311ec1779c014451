"""Ann's tickets as the appends of a store test: what they say does not matter here, only that it is
written whole, once and in order.
"""

from asyncio import gather
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import asyncpg
from msgspec import structs

from docket_events.ids import digest_of, in_partition
from docket_events.recorded import Actor, Event
from docket_events.ticket import UserCommented
from docket_lifecycle.state.ticket import Ticket
from docket_runtime.database import Database
from docket_runtime.new_ids import new_id
from docket_runtime.store.command_records import CommandRecords
from docket_runtime.store.values import Append, CommandRecord, NewContent, NewEvent, StreamAppend
from people import ANN, MONDAY, created

BEN_FOR_ANN = Actor("agent", "ben", on_behalf_of="ann")


def new_ticket(partition: int = 0, number: str | None = None) -> Ticket:
    """Return a ticket of which nothing has been written yet."""
    ticket_id = in_partition(new_id(), partition)
    return Ticket(
        id=ticket_id,
        version=0,
        number=number or f"DKT-{ticket_id}",
        account_id="acme",
        requester_id="ann",
        channel="client_area",
        product="VMmanager 6",
        pack="regulations",
        revision="R-2025-03-27",
        priority="Low",
        created_at=MONDAY,
        updated_at=MONDAY,
    )


def grown(ticket: Ticket, events: int = 1) -> StreamAppend:
    """Return the next events of a ticket; its `after` is the ticket to go on with."""
    facts: list[Event] = [UserCommented() for _ in range(events)]
    if ticket.version == 0:
        facts[0] = created(number=ticket.number)
    return StreamAppend(
        ticket.id,
        ticket.version,
        tuple(NewEvent(new_id(), fact, MONDAY) for fact in facts),
        structs.replace(ticket, version=ticket.version + events),
    )


def append_of(
    *streams: StreamAppend,
    command: CommandRecord | None = None,
    contents: tuple[NewContent, ...] = (),
    actor: Actor = ANN,
) -> Append:
    """Return one append of these streams."""
    partition = (streams[0].ticket_id.int >> 64) & 0xFFF if streams else 0
    return Append(partition, streams, actor, new_id(), contents=contents, command=command)


def command_of(ticket_id: UUID, key: str, asked: bytes = b"{}", version: int = 1) -> CommandRecord:
    """Return the record of Ann's command with this idempotency key."""
    return CommandRecord(key_of(key), sha256(asked).digest(), ticket_id, 201, version)


def key_of(key: str) -> bytes:
    """Return the digest of Ann's idempotency key."""
    return digest_of("ann", key)


async def known(log: "Log", *keys: str) -> list[CommandRecord | None]:
    """Return the records of Ann's idempotency keys."""
    records = CommandRecords(log.api)
    try:
        return await gather(*(records.find(0, key_of(key)) for key in keys))
    finally:
        await records.close()


@dataclass(frozen=True, slots=True)
class Log:
    """The log of one test, as its services reach it and as its administrator sees it."""

    address: str
    api: Database

    async def rows(self, query: str, *arguments: object) -> Sequence[asyncpg.Record]:
        """Ask as the superuser."""
        connection = await asyncpg.connect(self.address)
        try:
            found: Sequence[asyncpg.Record] = await connection.fetch(query, *arguments)
            return found
        finally:
            await connection.close()

    async def positions(self) -> list[int]:
        """Return every position of partition 0, in order."""
        rows = await self.rows(
            "select position from docket.events where partition = 0 order by position"
        )
        return [row["position"] for row in rows]

    async def versions(self, ticket_id: UUID) -> list[int]:
        """Return every version of a ticket, in the order written."""
        rows = await self.rows(
            "select version from docket.events where ticket_id = $1 order by position", ticket_id
        )
        return [row["version"] for row in rows]
