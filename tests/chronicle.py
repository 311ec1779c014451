"""Writing a past into a test's log: what happened to Ann's tickets, event by event.

The present of a test is frozen at the instant it names (a warp of factor 0), so nothing waits.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import asyncpg

from docket_events.ids import in_partition, is_account, partition_of_ticket, stream_of_account
from docket_events.recorded import Actor, Event, Fact, Recorded
from docket_events.ticket import ContentRef, TicketCreated
from docket_lifecycle.state.account import Account, fold_account
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Ticket
from docket_runtime.database import Database
from docket_runtime.new_ids import new_id
from docket_runtime.store.append import append_on
from docket_runtime.store.history import read_many
from docket_runtime.store.values import Append, Appended, NewContent, NewEvent, StreamAppend

ANN = Actor("customer", "ann")
BEN = Actor("agent", "ben")
IMPORT = Actor("import", "helpdesk")
ANNS_ADDRESS = b'{"email":"ann@acme.example","name":"Ann"}'


def utc(text: str) -> datetime:
    """Return the UTC instant that a text like 2026-06-12T10:00:00 names."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def frozen(instant: str) -> str:
    """Return the DOCKET_CLOCK of a present that stands still."""
    return f"warp:{instant}Z@2026-01-01T00:00:00Zx0"


def created(**changes: object) -> TicketCreated:
    """Return the creation of Ann's ticket, with what the test changes about it."""
    usual = TicketCreated(
        number="1",
        account_id="acme",
        requester_id="ann",
        channel="client_area",
        product="VMmanager 6",
        priority="Low",
        pack="regulations",
        revision="R-2025-03-27",
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # fields named by the tests


class Chronicle:
    """Writes events into a test's log as they would have come about."""

    def __init__(self, url: str, now: str) -> None:
        self.database = Database(url, "chronicle", frozen(now), may_lose=True)

    async def ticket(
        self,
        *story: tuple[str, Event],
        actor: Actor = BEN,
        contents: Sequence[NewContent] = (),
        ticket_id: UUID | None = None,
    ) -> UUID:
        """Write a new ticket's story, each event with its instant, and return the ticket's id."""
        ticket_id = ticket_id or in_partition(new_id(), 0)
        await self._write(ticket_id, (), story, actor, contents)
        return ticket_id

    async def account(self, account_id: str, *story: tuple[str, Event]) -> UUID:
        """Write what happened to an account, beside the tickets, and return its stream."""
        stream = stream_of_account(account_id, 1)
        await self._write(stream, await self.history(stream), story, BEN, ())
        return stream

    async def then(self, ticket_id: UUID, *story: tuple[str, Event], actor: Actor = BEN) -> None:
        """Let the story of a ticket go on."""
        await self._write(ticket_id, await self.history(ticket_id), story, actor, ())

    async def history(self, ticket_id: UUID) -> tuple[Recorded, ...]:
        """Return what the log knows of a ticket."""
        connection = await self.database.connect()
        try:
            partition = partition_of_ticket(ticket_id)
            return (await read_many(connection, partition, [ticket_id]))[ticket_id]
        finally:
            await connection.close()

    async def types(self, ticket_id: UUID) -> list[str]:
        """Return the types of a ticket's events, in order."""
        return [each.type for each in await self.history(ticket_id)]

    async def rows(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        """Ask the test's database something."""
        connection = await self.database.connect()
        try:
            return list(await connection.fetch(query, *arguments))
        finally:
            await connection.close()

    async def _write(
        self,
        ticket_id: UUID,
        before: tuple[Recorded, ...],
        story: Sequence[tuple[str, Event]],
        actor: Actor,
        contents: Sequence[NewContent],
    ) -> None:
        facts = [Fact(event, utc(at)) for at, event in story]
        told = [*before, *facts]
        if is_account(ticket_id):
            after: Ticket | Account | None = fold_account(Account(ticket_id, ""), told)
        else:
            after = fold(ticket_id, told)
        assert after is not None
        events = tuple(NewEvent(new_id(), fact.event, fact.occurred_at) for fact in facts)
        append = Append(
            partition=partition_of_ticket(ticket_id),
            streams=(StreamAppend(ticket_id, len(before), events, after),),
            actor=actor,
            correlation_id=new_id(),
            contents=tuple(contents),
        )
        connection = await self.database.connect()
        try:
            async with connection.transaction():
                (outcome,) = await append_on(connection, [append])
        finally:
            await connection.close()
        assert isinstance(outcome, Appended)


def content(ticket_id: UUID, kind: str, body: bytes) -> tuple[NewContent, ContentRef]:
    """Return a content and the reference that an event carries."""
    salt = b"0123456789abcdef"
    made = NewContent(new_id(), ticket_id, kind, body, salt)
    return made, ContentRef(made.id, sha256(salt + body).hexdigest())
