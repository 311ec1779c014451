"""The clock loop: computes clocks and timers anew for every ticket with new events.

Each round does one batch of a partition in one transaction: the checkpoint, the clock rows and the
timers change together or not at all. The instance that locks the checkpoint row works on the
partition; the others skip it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
import structlog

from docket_events.ids import is_account
from docket_events.recorded import Recorded
from docket_policies.clock.response_clock import ResponseClock
from docket_policies.deadlines.timers import Timer
from docket_runtime.connection import ReconnectingConnection
from docket_runtime.database import Database
from docket_runtime.projections.clock_rows import (
    clock_of,
    clock_row_of,
    counted_at,
    terms_of_history,
    write_rows,
)
from docket_runtime.store import checkpoints, timers
from docket_runtime.store.checkpoints import claim
from docket_runtime.store.isolated_reading import read_each
from docket_runtime.store.tail import partitions, read_stored
from sla_clock.decide import OWNER, armed

CONSUMER = "sla-clock"
BATCH = 500

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Counted:
    """A ticket's clock at its last event, None if it cannot be computed."""

    ticket_id: UUID
    version: int
    at: datetime
    clock: ResponseClock | None
    timers: tuple[Timer, ...] = ()


class ClockLoop:
    """Follows the log and keeps the tables `clocks` and `timers`."""

    def __init__(self, database: Database) -> None:
        self._database = ReconnectingConnection(database)
        self._partitions: tuple[int, ...] = ()

    async def step(self) -> bool:
        """Compute the tickets of the next events of each partition; raise Unavailable."""
        async with self._database.open() as connection:
            self._partitions = self._partitions or await partitions(connection)
            behind = await checkpoints.behind(connection, CONSUMER, self._partitions)
            worked = [await _advance(connection, partition) for partition in behind]
        return any(worked)

    async def close(self) -> None:
        """Close the connection."""
        self._database.close()


async def _advance(connection: asyncpg.Connection, partition: int) -> bool:
    async with connection.transaction():
        position = await claim(connection, partition, CONSUMER)
        if position is None:
            return False
        events = await read_stored(connection, partition, position, BATCH)
        if not events:
            return False
        touched = [event for event in events if not is_account(event.ticket_id)]
        tickets = list(dict.fromkeys(event.ticket_id for event in touched))
        histories, unreadable = await read_each(connection, partition, tickets)
        counted = [_count(ticket_id, history) for ticket_id, history in histories.items()]
        last = {event.ticket_id: event for event in touched}
        counted += [
            Counted(ticket_id, last[ticket_id].version, last[ticket_id].occurred_at, None)
            for ticket_id in unreadable
        ]
        if counted:  # events of accounts move no clock
            await _write(connection, partition, counted)
        await checkpoints.save(connection, partition, CONSUMER, events[-1].position)
    log.info(
        "clocks_counted",
        partition=partition,
        position=events[-1].position,
        events=len(events),
        tickets=len(counted),
        parked=sum(each.clock is None for each in counted),
    )
    return True


def _count(ticket_id: UUID, history: Sequence[Recorded]) -> Counted:
    at, version = counted_at(history), history[-1].version
    try:
        policy = terms_of_history(history)
        return Counted(ticket_id, version, at, clock_of(history, policy), armed(history, policy))
    except Exception:
        # a ticket that cannot be computed is shown as parked and does not stop others
        log.exception("ticket_parked", ticket=str(ticket_id), version=version)
        return Counted(ticket_id, version, at, None)


async def _write(
    connection: asyncpg.Connection, partition: int, counted: Sequence[Counted]
) -> None:
    rows = {each.ticket_id: clock_row_of(each.version, each.at, each.clock) for each in counted}
    await write_rows(connection, partition, rows)
    await timers.replace_many(
        connection,
        partition,
        OWNER,
        {each.ticket_id: (each.version, each.timers) for each in counted},
    )
