"""What makes notifier look at a ticket besides messages: its alarms, and the log itself.

A message that was lost or never published leaves its event in the log, and whatever that event
still owes is found here. Without a broker this is the only trigger.
"""

from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from docket_events.told import NOTIFIER_TYPES
from docket_runtime.connection import ReconnectingConnection
from docket_runtime.database import Database, reachable
from docket_runtime.store import checkpoints, timers
from docket_runtime.store.lease import lead
from docket_runtime.store.tail import StoredEvent, partitions, read_stored
from docket_runtime.store.timers import DueTimer
from notifier.decide import OWNER, Alarm
from notifier.dispatcher import Dispatcher

CONSUMER = "notifier"
BATCH = 100
EVENTS = 1000
HEAD_START = timedelta(seconds=30)
PATIENCE = timedelta(seconds=1)
FAULT_PAUSE = timedelta(minutes=10)

_PROGRESS = """
    select docket.present(), coalesce(
        (select position from docket.checkpoints where partition = $1 and consumer = 'relay'), 0)
"""


class Alarms:
    """Dispatches tickets whose alarm is due."""

    def __init__(self, database: Database, desk: Dispatcher) -> None:
        self._database = ReconnectingConnection(database)
        self._desk = desk

    async def step(self) -> bool:
        """Dispatch the tickets of the alarms that are due; raise Unavailable."""
        async with self._database.open() as connection:
            # not locked: the dispatcher locks tickets and sets their alarms anew
            due = await timers.take_due(connection, OWNER, BATCH)
        if not due:
            return False
        attended = await self._desk.attend({timer.ticket_id for timer in due})
        async with self._database.open() as connection:
            for timer in due:
                if timer.ticket_id in attended.faults:
                    await _postpone(connection, timer)
        return bool(attended.done or attended.faults)

    async def close(self) -> None:
        """Disconnect from the database."""
        self._database.close()
        await self._desk.close()


class Reconciler:
    """Follows the log and dispatches the tickets of its events.

    An event that was published has a `head_start`, because its message arrives sooner. One that the
    relay has not reached, as after a long import, is handled after `PATIENCE`.
    """

    def __init__(
        self, database: Database, desk: Dispatcher, *, head_start: timedelta = HEAD_START
    ) -> None:
        self._database = ReconnectingConnection(database)
        self._desk = desk
        self._head_start = head_start
        self._patience = min(head_start, PATIENCE)
        self._led: asyncpg.Connection | None = None
        self._places: dict[int, int] = {}

    async def step(self) -> bool:
        """Dispatch the tickets of the next events of each partition; raise Unavailable."""
        async with self._database.open() as connection:
            if connection is not self._led:
                self._places.clear()
                self._led = connection
            for partition in await partitions(connection):
                if partition not in self._places and await lead(connection, partition, CONSUMER):
                    self._places[partition] = await checkpoints.load(
                        connection, partition, CONSUMER
                    )
        worked = False
        for partition in list(self._places):
            try:
                worked |= await self._advance(partition)
            except Exception:
                self._places[partition] = self._places.pop(partition)  # the others go first now
                raise
        return worked

    async def close(self) -> None:
        """Disconnect from the database."""
        self._database.close()
        await self._desk.close()

    async def _advance(self, partition: int) -> bool:
        async with self._database.open() as connection:
            events = await self._ripe(connection, partition)
        if not events:
            return False
        touched = {event.ticket_id for event in events if _may_owe(event)}
        attended = await self._desk.attend(touched)
        if touched - attended.done - attended.faults.keys():
            return False  # another instance has one of them; try again
        async with self._database.open() as connection:
            if connection is self._led:
                await checkpoints.save(connection, partition, CONSUMER, events[-1].position)
                self._places[partition] = events[-1].position
        return True

    async def _ripe(self, connection: asyncpg.Connection, partition: int) -> list[StoredEvent]:
        """Read on, up to the first event that is left to the bus or the last ticket of a batch."""
        with reachable():
            row = await connection.fetchrow(_PROGRESS, partition)
        present, published = row
        ripe: list[StoredEvent] = []
        touched: set[UUID] = set()
        for event in await read_stored(connection, partition, self._places[partition], EVENTS):
            waits = self._head_start if event.position <= published else self._patience
            if event.recorded_at > present - waits or len(touched) == BATCH:
                break
            ripe.append(event)
            if _may_owe(event):
                touched.add(event.ticket_id)
        return ripe


def _may_owe(event: StoredEvent) -> bool:
    return event.type in NOTIFIER_TYPES and event.actor_kind != "import"


async def _postpone(connection: asyncpg.Connection, timer: DueTimer) -> None:
    """Postpone the alarm of a ticket that fails, or it would keep others out."""
    later: datetime = timer.fires_at + FAULT_PAUSE
    with reachable():
        present = await connection.fetchval("select docket.present()")
    alarm = Alarm(timer.name, timer.key, max(later, present + FAULT_PAUSE), clause=timer.clause)
    ticket_id: UUID = timer.ticket_id
    await timers.replace(connection, timer.partition, ticket_id, OWNER, [alarm], timer.version)
