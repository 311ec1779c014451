"""The projections made anew from the log, row by row, while the services go on.

What differs is found without a lock. Then each such row is folded once more under the lock of those
who write it, compared, and written where it differs still: a ticket under the lock of its partition
in the log, so that no append comes between; its clock and timers under sla-clock's checkpoint, as
sla-clock itself does. The role must be a member of docket_owner, for no service may write tickets.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

import asyncpg

from docket_events.ids import partition_of_ticket
from docket_policies.deadlines.timer import Timer
from docket_runtime.database import Database, reachable
from docket_runtime.projections.check import (
    CLOCKS,
    Difference,
    Progress,
    counted_part,
    differences,
    folded_clock,
    folded_ticket,
)
from docket_runtime.projections.clock_rows import read_rows, terms_of_history, write_rows
from docket_runtime.projections.clock_timers import OWNER, armed
from docket_runtime.projections.ticket_rows import write_tickets
from docket_runtime.store import timers
from docket_runtime.store.history import History
from docket_runtime.store.isolated_reading import read_each

TOGETHER = 32  # tickets written under one lock: a tenth of a second

_BECOME_OWNER = "set role docket_owner; set idle_in_transaction_session_timeout = 0"
LOCK_PATIENCE_S = 30.0
_PATIENCE = f"set local lock_timeout = '{LOCK_PATIENCE_S:.0f}s'"
_LOCK_PARTITION = "select from docket.log_partitions where partition = $1 for update"
_LOCK_CHECKPOINT = """
    select position from docket.checkpoints where partition = $1 and consumer = $2 for update
"""
_DROP = """
    delete from docket.tickets as kept
    where kept.ticket_id = any ($1) and not exists (
        select from docket.events as e
        where e.partition = kept.partition and e.ticket_id = kept.ticket_id)
    returning kept.ticket_id
"""
_CLEAR = "delete from docket.tickets where ticket_id = any ($1)"
_DROPS = {"tickets": _DROP, "clocks": _DROP.replace("docket.tickets", "docket.clocks")}
_DROP_CLOCKS = "delete from docket.clocks where partition = $1 and ticket_id = any ($2)"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A row that was written anew, or dropped because the log has nothing of it."""

    ticket_id: UUID
    table: str


async def rebuild(
    database: Database, progress: Progress
) -> AsyncGenerator[Rebuilt | Difference, None]:
    """Yield each row that was written anew, and each difference that could not be mended.

    Raise Unavailable, or the database's refusal.
    """
    async with _owner_of(database) as reader, _owner_of(database) as writer:
        waiting, late = list[Difference](), list[Difference]()
        async with aclosing(differences(reader, progress)) as found:
            async for each in found:
                if waiting and not _together(waiting, each):
                    for done in await _mend(writer, waiting, late):
                        yield done
                    waiting = []
                waiting.append(each)
        for done in await _mend(writer, waiting, late):
            yield done
        for done in await _mend(writer, late, late=None):
            yield done


@asynccontextmanager
async def _owner_of(database: Database) -> AsyncIterator[asyncpg.Connection]:
    connection = await database.connect()
    try:
        with reachable():
            await connection.execute(_BECOME_OWNER)
        yield connection
    finally:
        connection.terminate()


def _together(waiting: Sequence[Difference], each: Difference) -> bool:
    """Return whether a difference is mended with those that wait."""
    first, last = waiting[0], waiting[-1]
    if each.ticket_id == last.ticket_id:
        return True
    tickets = len({one.ticket_id for one in waiting})
    same = partition_of_ticket(first.ticket_id) == partition_of_ticket(each.ticket_id)
    return same and tickets < TOGETHER


async def _mend(
    writer: asyncpg.Connection, waiting: Sequence[Difference], late: list[Difference] | None
) -> list[Rebuilt | Difference]:
    """Write what differs still; what must wait until others are right is added to `late`."""
    done: list[Rebuilt | Difference] = [each for each in waiting if each.table == "events"]
    of_tickets = _tickets if late is not None else _tickets_at_once
    for table, write in (("tickets", of_tickets), ("clocks", _clocks)):
        found = [each for each in waiting if each.table == table]
        tickets = dict.fromkeys(each.ticket_id for each in found)
        for partition, of_it in groupby(
            sorted(tickets, key=partition_of_ticket), key=partition_of_ticket
        ):
            together = [*of_it]
            try:
                with reachable():
                    async with writer.transaction():
                        await writer.execute(_PATIENCE)
                        written = await write(writer, partition, together)
                        written |= await _drop(writer, table, together)
            except asyncpg.UniqueViolationError:  # a row that is wrong too has the number of one
                stays = [each for each in found if each.ticket_id in together]
                (done if late is None else late).extend(stays)
            else:
                done += [Rebuilt(ticket_id, table) for ticket_id in sorted(written)]
    return done


async def _tickets(
    writer: asyncpg.Connection, partition: int, ticket_ids: Sequence[UUID]
) -> set[UUID]:
    await writer.execute(_LOCK_PARTITION, partition, timeout=2 * LOCK_PATIENCE_S)
    rows = {
        ticket_id: folded_ticket(ticket_id, history)
        for ticket_id, history in (await _readable(writer, partition, ticket_ids)).items()
    }
    return await write_tickets(writer, partition, rows)


async def _tickets_at_once(
    writer: asyncpg.Connection, partition: int, ticket_ids: Sequence[UUID]
) -> set[UUID]:
    """Write tickets that have each other's numbers."""
    await writer.execute(_LOCK_PARTITION, partition, timeout=2 * LOCK_PATIENCE_S)
    await writer.execute(_CLEAR, ticket_ids)
    return await _tickets(writer, partition, ticket_ids)


async def _clocks(
    writer: asyncpg.Connection, partition: int, ticket_ids: Sequence[UUID]
) -> set[UUID]:
    patience_s = 2 * LOCK_PATIENCE_S
    asked = (_LOCK_CHECKPOINT, partition, CLOCKS)
    read_to = await writer.fetchval(*asked, timeout=patience_s) or 0
    stored = await read_rows(writer, partition, ticket_ids)
    rows, beside = dict[UUID, Mapping[str, Any]](), dict[UUID, tuple[int, Sequence[Timer]]]()
    uncounted = []
    for ticket_id, history in (await _readable(writer, partition, ticket_ids)).items():
        counted = counted_part(history, read_to)
        if not counted:
            uncounted.append(ticket_id)
            continue
        row = folded_clock(counted)
        if ticket_id not in stored or dict(stored[ticket_id]) != {"ticket_id": ticket_id, **row}:
            rows[ticket_id] = row
            beside[ticket_id] = (counted[-1].version, _timers(counted))
    if rows:
        await write_rows(writer, partition, rows)
        await timers.replace_many(writer, partition, OWNER, beside)
    await writer.execute(_DROP_CLOCKS, partition, uncounted)
    return {*rows, *(stored.keys() & set(uncounted))}


def _timers(history: History) -> Sequence[Timer]:
    try:
        return armed(history, terms_of_history(history))
    except Exception:  # its clock is parked
        return ()


async def _readable(
    writer: asyncpg.Connection, partition: int, ticket_ids: Sequence[UUID]
) -> dict[UUID, History]:
    """Return the histories of these tickets that the log has and that can be read."""
    readable, _ = await read_each(writer, partition, ticket_ids)
    return {ticket_id: history for ticket_id, history in readable.items() if history}


async def _drop(writer: asyncpg.Connection, table: str, ticket_ids: Sequence[UUID]) -> set[UUID]:
    """Drop the rows of tickets of which the log has nothing."""
    return {row[0] for row in await writer.fetch(_DROPS[table], ticket_ids)}
