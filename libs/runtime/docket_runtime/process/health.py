"""The health of a process by its database: reachable, migrated, how far behind the log's head.

Lag is the distance to the head in the table, not to a value of this process, which may have stopped
together with it.
"""

import asyncpg

from docket_proof.access import chain_name
from docket_runtime import metrics
from docket_runtime.connection import ReconnectingConnection
from docket_runtime.database import Database, reachable
from docket_runtime.schema.known_words import missing_writers
from docket_runtime.schema.revision import unfit
from docket_runtime.store.append import cannot_append
from docket_runtime.unavailable import Unavailable

RELAY_S, COUNTING_S, NET_S, TIMERS_S = 10.0, 30.0, 60.0, 30.0
"""For so many seconds an event or a timer may wait before readiness says so.

The work counts that is not done, not the pulse of the loop that should do it: the other instance's
may beat as well, and one that hangs may not be ours.
"""

_HEADS = "select partition, head_position from docket.log_partitions"
_PLACES = "select consumer, partition, position from docket.checkpoints"
_OVERDUE = """
    select owner, count(*) from docket.timers
    where fires_at <= (select docket.present()) - interval '5 seconds' group by owner
"""
_WAITING = """
    select docket.present() - min(e.recorded_at) from docket.log_partitions as head
    left join docket.checkpoints as mark on mark.partition = head.partition and mark.consumer = $1
    join docket.events as e on e.partition = head.partition
        and e.position = coalesce(mark.position, 0) + 1
    where head.head_position > coalesce(mark.position, 0)
"""
_LATEST_TIMER = """
    select docket.present() - min(fires_at) from docket.timers where owner = 'sla-clock'
"""
_UNTOLD = """
    select count(*) from docket.tickets
    where status in ('open', 'suspended', 'closing') and registered_at is null
        and channel = 'client_area' and not imported
        and created_at <= (select docket.present()) - make_interval(mins => $1)
"""
_FAULTS = """
    select partition, fault_position, fault, fork from docket.log_verifications
    where fault is not null or fork is not null order by partition
"""
_PARKED = "select count(*) from docket.clocks where state = 'parked'"


async def unprepared(connection: asyncpg.Connection, *, writers: bool = True) -> str | None:
    """Return why this code cannot run on a database, None where it can.

    Without `writers` the events that the database takes are not compared again. Raise Unavailable.
    """
    if (reason := await unfit(connection)) is not None:
        return reason
    if writers and (missing := await missing_writers(connection)):
        types = ", ".join(sorted({each.type for each in missing}))
        return f"the database does not take {types} as we write it: run docket migrate"
    return None


class HealthChecks:
    """Reads the tables and sets the gauges; each method without argument is a check."""

    def __init__(self, database: Database, *, registration_alert_minutes: int) -> None:
        self._database = ReconnectingConnection(database)
        self._minutes = registration_alert_minutes
        self._writes = False

    async def migrations(self) -> str | None:
        """Return None if the database has the migrations and takes the events of this code."""
        async with self._database.open() as connection:
            reason = await unprepared(connection, writers=not self._writes)
        self._writes = self._writes or reason is None
        return reason

    async def database(self) -> str | None:
        """Return None if the database answers, and update the gauges."""
        try:
            async with self._database.open() as connection:
                await _measure(connection)
        except Unavailable as unavailable:
            return str(unavailable)
        return None

    async def appends(self) -> str | None:
        """Return None if events can be written now; it is tried."""
        async with self._database.open() as connection:
            return await cannot_append(connection)

    async def relay(self) -> str | None:
        """Return None if no event has waited for the bus for long, whichever instance leads."""
        return await self._waiting("relay", RELAY_S)

    async def clocks(self) -> str | None:
        """Return None if no event has waited for its clock for long."""
        return await self._waiting("sla-clock", COUNTING_S)

    async def net(self) -> str | None:
        """Return None if no event has waited for the net for long."""
        return await self._waiting("notifier", NET_S)

    async def timers(self) -> str | None:
        """Return None if every timer fires when its instant comes, whichever instance fires it."""
        async with self._database.open() as connection:
            with reachable():
                late = await connection.fetchval(_LATEST_TIMER)
        seconds = 0 if late is None else late.total_seconds()
        return f"a timer is due for {seconds:.0f} s" if seconds > TIMERS_S else None

    async def _waiting(self, consumer: str, at_most_s: float) -> str | None:
        async with self._database.open() as connection:
            with reachable():
                waits = await connection.fetchval(_WAITING, consumer)
        seconds = 0 if waits is None else waits.total_seconds()
        return f"an event waits for {seconds:.0f} s" if seconds > at_most_s else None

    async def registrations(self) -> str | None:
        """Return None when nobody in the Client Area waits too long for the registration notice."""
        async with self._database.open() as connection:
            with reachable():
                untold = await connection.fetchval(_UNTOLD, self._minutes)
        metrics.REGISTRATIONS_MISSING.set(untold)
        return f"{untold} tickets have no registration notice" if untold else None

    async def proof(self) -> str | None:
        """Return None when the log verifies, and is what its copied checkpoints say."""
        async with self._database.open() as connection:
            with reachable():
                faults = await connection.fetch(_FAULTS)
        found = []
        for number, position, told, fork in faults:
            if told is not None:
                found.append(f"partition {chain_name(number)} at {position}: {told}")
            if fork is not None:
                found.append(f"partition {chain_name(number)} is signed no more: {fork}")
        return "; ".join(found) or None

    async def close(self) -> None:
        """Close the connection."""
        self._database.close()


async def _measure(connection: asyncpg.Connection) -> None:
    with reachable():
        heads = {row[0]: row[1] for row in await connection.fetch(_HEADS)}
        places = await connection.fetch(_PLACES)
        overdue = {row[0]: row[1] for row in await connection.fetch(_OVERDUE)}
        parked = await connection.fetchval(_PARKED)
    for partition, position in heads.items():
        metrics.LOG_HEAD.labels(partition).set(position)
    lags: dict[str, int] = {}
    for consumer, partition, position in places:
        metrics.CONSUMER_POSITION.labels(consumer, partition).set(position)
        lags[consumer] = lags.get(consumer, 0) + heads[partition] - position
    for consumer, lag in lags.items():
        metrics.CONSUMER_LAG.labels(consumer).set(lag)
    for owner in {"sla-clock", "notifier", *overdue}:
        metrics.TIMERS_OVERDUE.labels(owner).set(overdue.get(owner, 0))
    metrics.PARKED_TICKETS.set(parked)
