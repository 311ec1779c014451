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
from docket_events.ticket import TicketCreated
from docket_policies.clock.response_clock import ResponseClock, response_clock
from docket_policies.deadlines.timers import Timer
from docket_policies.terms.loader import policy_of
from docket_runtime.connection import ReconnectingConnection
from docket_runtime.database import Database, reachable
from docket_runtime.projections.clock_rows import clock_row
from docket_runtime.store import checkpoints, timers
from docket_runtime.store.checkpoints import claim
from docket_runtime.store.isolated_reading import read_each
from docket_runtime.store.tail import partitions, read_stored
from sla_clock.decide import armed

CONSUMER = "sla-clock"
OWNER = "sla-clock"
BATCH = 500

_WRITE = """
    insert into docket.clocks (partition, ticket_id, version, turn, state, priority, clause,
        due_at, budget_s, consumed_s, overdue, ended_at, counted_at)
    select $1, * from unnest($2::uuid[], $3::integer[], $4::integer[], $5::text[], $6::text[],
        $7::text[], $8::timestamptz[], $9::bigint[], $10::bigint[], $11::boolean[],
        $12::timestamptz[], $13::timestamptz[])
    on conflict (partition, ticket_id) do update set
        (version, turn, state, priority, clause, due_at, budget_s, consumed_s, overdue, ended_at,
         counted_at) =
        (excluded.version, excluded.turn, excluded.state, excluded.priority, excluded.clause,
         excluded.due_at, excluded.budget_s, excluded.consumed_s, excluded.overdue,
         excluded.ended_at, excluded.counted_at)
"""

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
        self._line = ReconnectingConnection(database)
        self._partitions: tuple[int, ...] = ()

    async def step(self) -> bool:
        """Compute the tickets of the next events of each partition; raise Unavailable."""
        async with self._line.open() as connection:
            self._partitions = self._partitions or await partitions(connection)
            worked = [await _advance(connection, partition) for partition in self._partitions]
        return any(worked)

    async def close(self) -> None:
        """Close the connection."""
        self._line.close()


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
    at = max(recorded.occurred_at for recorded in history)
    version = history[-1].version
    try:
        created = history[0].event
        if not isinstance(created, TicketCreated):
            raise ValueError(f"a ticket begins with TicketCreated, not {history[0].type}")
        policy = policy_of(created)
        clock = response_clock(history, policy, at)
        return Counted(ticket_id, version, at, clock, armed(history, policy))
    except Exception:
        # a ticket that cannot be computed is shown as parked and does not stop others
        log.exception("ticket_parked", ticket=str(ticket_id), version=version)
        return Counted(ticket_id, version, at, None)


async def _write(
    connection: asyncpg.Connection, partition: int, counted: Sequence[Counted]
) -> None:
    rows = [_row(each) for each in sorted(counted, key=lambda each: each.ticket_id)]
    columns = [list(column) for column in zip(*rows, strict=True)]
    with reachable():
        await connection.execute(_WRITE, partition, *columns)
    await timers.replace_many(
        connection,
        partition,
        OWNER,
        {each.ticket_id: (each.version, each.timers) for each in counted},
    )


def _row(counted: Counted) -> tuple[object, ...]:
    return counted.ticket_id, *clock_row(counted.version, counted.at, counted.clock)
