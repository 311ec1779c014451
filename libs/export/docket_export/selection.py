"""Which part of the log is exported, and reading it in constant memory.

The end of the log is read first, and nothing after it. Since nothing before it can change, no
transaction is held open however slowly an export is consumed.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from docket_events.instants import check_period
from docket_proof.chain import LogRow
from docket_runtime.database import reachable
from docket_runtime.proof import stored_log
from docket_runtime.proof.chain_queries import columns

WINDOW = 5000
"""The number of positions that are read together."""
TICKETS_TOGETHER = 200
PATIENCE_S = 60.0

_OF_TICKET = """
    (${0}::text is null or t.account_id = ${0}) and (${1}::text is null or t.product = ${1})
    and (not ${2} or exists (
        select from docket.events as late where late.partition = t.partition
            and late.ticket_id = t.ticket_id and late.type = 'ResponseOverdue'))
"""
_IN_TIME = """
    ($4::timestamptz is null or e.occurred_at >= $4)
    and ($5::timestamptz is null or e.occurred_at < $5)
"""
_SELECTED = f"""
    from docket.events as e
    where e.partition = $1 and e.position > $2 and e.position <= $3 and {_IN_TIME}
        and ($6 or exists (
            select from docket.tickets as t
            where t.partition = e.partition and t.ticket_id = e.ticket_id
                and {_OF_TICKET.format(7, 8, 9)}))
"""
_EVENTS = f"select {columns('e')} {_SELECTED} order by e.position"
_ANY = f"select exists (select {_SELECTED})"
_TICKETS = f"""
    select t.* from docket.tickets as t
    where t.partition = $1 and t.ticket_id > $2 and ($4::timestamptz is null or t.updated_at >= $4)
        and ($5::timestamptz is null or t.created_at < $5) and {_OF_TICKET.format(6, 7, 8)}
    order by t.ticket_id limit $3
"""  # noqa: S608 - made of constants of this module
_OF_TICKETS = f"""
    select {columns("e")} from unnest($2::uuid[]) as wanted (ticket_id)
    cross join lateral (
        select * from docket.events as o
        where o.partition = $1 and o.ticket_id = wanted.ticket_id order by o.version
    ) as e
    where e.position <= $3 and {_IN_TIME}
    order by e.ticket_id, e.version
"""  # noqa: S608 - made of constants of this module


@dataclass(frozen=True, slots=True)
class Selection:
    """Which events: those that happened in [from_, until), of tickets that fit the rest.

    `breach` selects tickets that were ever recorded as overdue. Events of accounts belong to no
    ticket and are selected only if nothing is asked of the ticket. Raise ValueError for a period
    that holds no instant.
    """

    from_: datetime | None = None
    until: datetime | None = None
    account: str | None = None
    product: str | None = None
    breach: bool = False

    def __post_init__(self) -> None:
        check_period(self.from_, self.until)

    @property
    def of_any_ticket(self) -> bool:
        """Return whether there is no condition on the ticket."""
        return self.account is None and self.product is None and not self.breach

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
        rows = await connection.fetch(_EVENTS, *asked, timeout=PATIENCE_S)
    return [stored_log.row_of(row) for row in rows]


async def any_event(connection: asyncpg.Connection, part: Part, selection: Selection) -> bool:
    """Return whether any event of a partition is selected; raise Unavailable."""
    asked = _between(part, 0, part.until, selection)
    with reachable():
        return bool(await connection.fetchval(_ANY, *asked, timeout=PATIENCE_S))


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
                _TICKETS,
                part.partition,
                last,
                TICKETS_TOGETHER,
                selection.from_,
                selection.until,
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
            _OF_TICKETS, part.partition, ids, part.until, selection.from_, selection.until
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
        selection.from_,
        selection.until,
        selection.of_any_ticket,
        *_asked(selection),
    )


def _asked(selection: Selection) -> tuple[str | None, str | None, bool]:
    return selection.account, selection.product, selection.breach
