"""Check the projections: fold the whole log again and compare it with the stored rows.

Everything is read as of one instant. A clock is as old as the position that sla-clock has reached,
and is compared with the history up to there.
"""

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import takewhile
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from docket_events.ids import partition_of_ticket
from docket_events.recorded import Recorded
from docket_lifecycle.state.fold import fold
from docket_runtime.database import reachable
from docket_runtime.projections.clock_rows import (
    ClockRow,
    clock_of,
    clock_row_of,
    counted_at,
    read_rows,
    terms_of_history,
)
from docket_runtime.store.history import History
from docket_runtime.store.isolated_reading import SetAside, read_each
from docket_runtime.store.rows import TICKET_COLUMNS, ticket_row
from docket_runtime.store.scan import every_history

TOGETHER = 256
PATIENCE_S = 600.0  # for queries that read a whole table
CLOCKS = "sla-clock"

_TICKETS = f"""
    select ticket_id, version, {", ".join(TICKET_COLUMNS)} from docket.tickets
    where partition = $1 and ticket_id = any ($2)
"""  # noqa: S608 - made of column names of ours
_READ_TO = """
    select position from docket.checkpoints where partition = $1 and consumer = $2
"""
_WITHOUT_EVENTS = """
    select kept.ticket_id, kept.relation from (
        select partition, ticket_id, 'tickets' as relation from docket.tickets
        union all select partition, ticket_id, 'clocks' from docket.clocks
    ) as kept
    where not exists (
        select from docket.events as e
        where e.partition = kept.partition and e.ticket_id = kept.ticket_id
    ) limit 100
"""

log = structlog.get_logger()

Progress = Callable[[int, int], None]
"""Called with the tickets and events that were folded since the last call."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored value that differs from what the log folds to; `row` if it is a whole row."""

    ticket_id: UUID
    table: str
    column: str
    stored: Any
    folded: Any


async def differences(
    connection: asyncpg.Connection, progress: Progress = lambda _tickets, _events: None
) -> AsyncGenerator[Difference, None]:
    """Yield the differences between the tables `tickets` and `clocks` and the log.

    A history that cannot be read is one. Raise Unavailable.
    """
    set_aside = SetAside()
    async with aclosing(every_history(connection, set_aside)) as histories:
        together: dict[UUID, History] = {}
        async for ticket_id, history in histories:
            first = next(iter(together.values()), history)[0]
            if len(together) == TOGETHER or history[0].partition != first.partition:
                for difference in await _compare(connection, together, progress):
                    yield difference
                together = {}
            together[ticket_id] = history
        for difference in await _compare(connection, together, progress):
            yield difference
    for ticket_id in set_aside.ids:
        yield _unreadable(ticket_id)
    with reachable():
        left = await connection.fetch(_WITHOUT_EVENTS, timeout=PATIENCE_S)
    for ticket_id, table in left:
        yield Difference(ticket_id, table, "row", "there", None)


async def differences_of(connection: asyncpg.Connection, ticket_id: UUID) -> Sequence[Difference]:
    """Return the differences of one ticket that the log has; raise Unavailable."""
    partition = partition_of_ticket(ticket_id)
    readable, _ = await read_each(connection, partition, [ticket_id])
    if not readable:
        return (_unreadable(ticket_id),)
    return await _compare(connection, readable, lambda _tickets, _events: None)


def _unreadable(ticket_id: UUID) -> Difference:
    return Difference(ticket_id, "events", "history", "there", "nothing that can be read")


async def _compare(
    connection: asyncpg.Connection, together: Mapping[UUID, History], progress: Progress
) -> Sequence[Difference]:
    if not together:
        return ()
    partition = next(iter(together.values()))[0].partition
    with reachable():
        tickets = await connection.fetch(_TICKETS, partition, list(together))
        read_to = await connection.fetchval(_READ_TO, partition, CLOCKS) or 0
    clocks = await read_rows(connection, partition, list(together))
    found = {"tickets": {row["ticket_id"]: row for row in tickets}, "clocks": clocks}
    progress(len(together), sum(map(len, together.values())))
    return [
        difference
        for ticket_id, history in together.items()
        for difference in _of_ticket(ticket_id, history, read_to, found)
    ]


def _of_ticket(
    ticket_id: UUID, history: History, read_to: int, found: Mapping[str, Mapping[UUID, Any]]
) -> list[Difference]:
    try:
        rows = [*folded_rows(ticket_id, history, read_to)]
    except Exception:  # events that no fold knows together, as of a writer that no rule bound
        log.exception("history_unreadable", ticket=str(ticket_id))
        return [_unreadable(ticket_id)]
    return [
        difference
        for table, folded in rows
        for difference in _differ(ticket_id, table, found[table].get(ticket_id), folded)
    ]


def folded_rows(
    ticket_id: UUID, history: History, read_to: int
) -> Iterator[tuple[str, Mapping[str, Any] | None]]:
    """Yield for each table the row that it must have, None where it must have none."""
    yield "tickets", folded_ticket(ticket_id, history)
    read = counted_part(history, read_to)
    yield "clocks", folded_clock(read) if read else None


def folded_ticket(ticket_id: UUID, history: History) -> Mapping[str, Any]:
    """Return the row of `tickets` that a history folds to, its version and TICKET_COLUMNS."""
    ticket = fold(ticket_id, history)
    assert ticket is not None, "a ticket of the log has a history"
    columns = dict(zip(TICKET_COLUMNS, ticket_row(ticket), strict=True))
    return {"version": history[-1].version, **columns}


def counted_part(history: History, read_to: int) -> History:
    """Return the events of a history that sla-clock has read when it is at a position."""
    return tuple(takewhile(lambda recorded: recorded.position <= read_to, history))


def folded_clock(history: Sequence[Recorded]) -> ClockRow:
    """Return the row of `clocks` that a history folds to; one that cannot be counted is parked."""
    try:
        clock = clock_of(history, terms_of_history(history))
    except Exception:  # sla-clock has parked and logged a ticket that it could not count either
        clock = None
    return clock_row_of(history[-1].version, counted_at(history), clock)


def _differ(
    ticket_id: UUID, table: str, stored: Mapping[str, Any] | None, folded: Mapping[str, Any] | None
) -> Iterator[Difference]:
    if stored is None or folded is None:
        if stored is not None or folded is not None:
            there = ("there", None) if folded is None else (None, "there")
            yield Difference(ticket_id, table, "row", *there)
        return
    for column, value in folded.items():
        if stored[column] != value:
            yield Difference(ticket_id, table, column, stored[column], value)
