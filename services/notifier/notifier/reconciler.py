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
from docket_runtime.store.checkpoints import CheckpointRefused
from docket_runtime.store.leases import Lease, LeaseLost, Leases
from docket_runtime.store.tail import StoredEvent, partitions, read_stored
from docket_runtime.store.timers import DueTimer
from notifier.decide import OWNER, Alarm
from notifier.dispatcher import Dispatcher

CONSUMER = "notifier"
BATCH = 100
EVENTS = 1000
HEAD_START = timedelta(seconds=5)
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
        self.leases = Leases(CONSUMER)
        self._partitions: tuple[int, ...] = ()
        self._last: list[int] = []

    async def step(self) -> bool:
        """Dispatch the tickets of the next events of each partition; raise Unavailable."""
        async with self._database.open() as connection:
            self._partitions = self._partitions or await partitions(connection)
            led = await self.leases.held(connection, self._partitions)
            behind = await checkpoints.behind(connection, CONSUMER, led)
        worked = False
        for partition in sorted(behind, key=self._turn):
            position = behind[partition]
            try:
                if isinstance(position, CheckpointRefused):
                    raise position
                worked |= await self._advance(led[partition], position)
            except Exception:
                self._last.append(partition)  # the others go first now
                raise
        self._last.clear()
        return worked

    async def close(self) -> None:
        """Leave the partitions to the others and disconnect."""
        await self.leases.give_up(self._database)
        self._database.close()
        await self._desk.close()

    def _turn(self, partition: int) -> int:
        return self._last.index(partition) + 1 if partition in self._last else 0

    async def _advance(self, lease: Lease, position: int) -> bool:
        async with self._database.open() as connection:
            events = await self._ripe(connection, lease.chain, position)
        if not events:
            return False
        touched = {event.ticket_id for event in events if _may_owe(event)}
        attended = await self._desk.attend(touched)
        if touched - attended.done - attended.faults.keys():
            return False  # another instance has one of them; try again
        async with self._database.open() as connection:
            reached = events[-1].position
            try:
                await checkpoints.save(connection, lease.chain, CONSUMER, reached, lease)
            except LeaseLost as lost:
                self.leases.lose(lease, lost)
        return True

    async def _ripe(
        self, connection: asyncpg.Connection, partition: int, after: int
    ) -> list[StoredEvent]:
        """Read on, up to the first event that is left to the bus or the last ticket of a batch."""
        with reachable():
            row = await connection.fetchrow(_PROGRESS, partition)
        present, published = row
        ripe: list[StoredEvent] = []
        touched: set[UUID] = set()
        for event in await read_stored(connection, partition, after, EVENTS):
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
