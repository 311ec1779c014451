"""Which part of the log is exported, and reading it in constant memory.

The end of the log is read first, and nothing after it. Since nothing before it can change, no
transaction is held open however slowly an export is consumed.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import asyncpg
import msgspec

from docket_events.instants import check_period
from docket_export.selection_queries import (
    ANY_EVENT,
    ERASED,
    EVENTS,
    EVENTS_OF_TICKETS,
    TICKETS,
)
from docket_proof.chain import LogRow
from docket_runtime.database import reachable
from docket_runtime.proof import stored_log

WINDOW = 5000
"""The number of positions that are read together."""
TICKETS_TOGETHER = 200
PATIENCE_S = 60.0

Cases = Literal["created", "closed", "active"]
"""Which whole tickets a period takes: those that were opened or closed in it, or did anything."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which events: those that happened in [from_, until), of tickets that fit the rest.

    `breach` selects tickets that were ever recorded as overdue, `tickets` those of these ids. With
    `cases` the period selects whole tickets with all their events. Events of accounts belong to no
    ticket and are selected only if nothing is asked of the ticket. Raise ValueError for a period
    that holds no instant.
    """

    from_: datetime | None = None
    until: datetime | None = None
    account: str | None = None
    product: str | None = None
    breach: bool = False
    tickets: tuple[UUID, ...] | None = None
    cases: Cases | None = None

    def __post_init__(self) -> None:
        check_period(self.from_, self.until)

    @property
    def of_any_ticket(self) -> bool:
        """Return whether there is no condition on the ticket."""
        asked = (self.account, self.product, self.tickets, self.cases)
        return all(each is None for each in asked) and not self.breach

    @property
    def of_whole_tickets(self) -> "Selection":
        """Return the selection whose period takes whole tickets, without torn histories."""
        if self.from_ is None and self.until is None:
            return replace(self, cases=None)
        return replace(self, cases=self.cases or "active")

    @property
    def events_in(self) -> tuple[datetime | None, datetime | None]:
        """Return the period in which each event by itself must lie."""
        return (None, None) if self.cases else (self.from_, self.until)

    @property
    def whole(self) -> bool:
        """Return whether the whole log is selected."""
        return self.of_any_ticket and self.from_ is None and self.until is None


@dataclass(frozen=True, slots=True)
class Part:
    """A partition of a log as far as it had grown when the export began."""

    log_id: UUID
    partition: int
    until: int


async def parts(connection: asyncpg.Connection) -> tuple[Part, ...]:
    """Return the partitions of the log with their ends; raise Unavailable."""
    meta = await stored_log.read_meta(connection)
    heads = [await stored_log.read_head(connection, n) for n in range(meta.partitions)]
    return tuple(
        Part(meta.log_id, n, head.position) for n, head in enumerate(heads) if head is not None
    )


async def window(
    connection: asyncpg.Connection, part: Part, after: int, selection: Selection
) -> list[LogRow]:
    """Return the selected events of the next WINDOW positions, in order; raise Unavailable."""
    asked = _between(part, after, min(after + WINDOW, part.until), selection)
    with reachable():
        rows = await connection.fetch(EVENTS, *asked, timeout=PATIENCE_S)
    return [stored_log.row_of(row) for row in rows]


async def erased_inside(connection: asyncpg.Connection, part: Part) -> frozenset[tuple[UUID, int]]:
    """Return the tickets and versions of the events whose texts inside were erased.

    Raise Unavailable.
    """
    with reachable():
        rows = await connection.fetch(ERASED, part.partition, part.until, timeout=PATIENCE_S)
    return frozenset(
        (ticket_id, version)
        for ticket_id, body in rows
        for version in msgspec.json.decode(body)["versions"]
    )


async def any_event(connection: asyncpg.Connection, part: Part, selection: Selection) -> bool:
    """Return whether any event of a partition is selected; raise Unavailable."""
    asked = _between(part, 0, part.until, selection)
    with reachable():
        return bool(await connection.fetchval(ANY_EVENT, *asked, timeout=PATIENCE_S))


async def windows(
    connection: asyncpg.Connection, selection: Selection
) -> AsyncIterator[Sequence[LogRow]]:
    """Yield the selected events, in the order of positions; raise Unavailable."""
    for part in await parts(connection):
        for after in range(0, part.until, WINDOW):
            yield await window(connection, part, after, selection)


async def tickets(
    connection: asyncpg.Connection, part: Part, selection: Selection
) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    """Yield the selected rows of the read model, by id, many at a time."""
    last = UUID(int=0)
    while True:
        with reachable():
            rows = await connection.fetch(
                TICKETS,
                part.partition,
                last,
                TICKETS_TOGETHER,
                *selection.events_in,
                *_asked(selection),
                timeout=PATIENCE_S,
            )
        if not rows:
            return
        last = rows[-1]["ticket_id"]
        yield rows


async def histories(
    connection: asyncpg.Connection, part: Part, ids: Sequence[UUID], selection: Selection
) -> Mapping[UUID, Sequence[LogRow]]:
    """Return the selected events of tickets, in the order of versions; raise Unavailable."""
    with reachable():
        rows = await connection.fetch(
            EVENTS_OF_TICKETS, part.partition, ids, part.until, *selection.events_in
        )
    found: dict[UUID, list[LogRow]] = {ticket_id: [] for ticket_id in ids}
    for row in rows:
        found[row["ticket_id"]].append(stored_log.row_of(row))
    return found


def _between(part: Part, after: int, until: int, selection: Selection) -> tuple[object, ...]:
    return (
        part.partition,
        after,
        until,
        *selection.events_in,
        selection.of_any_ticket,
        *_asked(selection),
        replace(selection, cases=None).of_any_ticket,
    )


def _asked(selection: Selection) -> tuple[object, ...]:
    return (
        selection.account,
        selection.product,
        selection.breach,
        selection.tickets,
        selection.cases,
        selection.from_,
        selection.until,
    )
