"""The health of a process by its database: reachable, migrated, writable, nothing left undone."""

import asyncpg

from docket_proof.access import chain_name
from docket_runtime import metrics
from docket_runtime.connection import ReconnectingConnection
from docket_runtime.database import Database, reachable
from docket_runtime.schema.known_words import missing_writers
from docket_runtime.schema.revision import unfit
from docket_runtime.store.append import cannot_append
from docket_runtime.store.lag import due_for_s, lags
from docket_runtime.unavailable import Unavailable

RELAY_S, COUNTING_S, NET_S, TIMERS_S = 10.0, 30.0, 60.0, 30.0
"""For so many seconds an event or a timer may wait before readiness says so.

The work counts that is not done, not the pulse of the loop that should do it: the other instance's
may beat as well, and one that hangs may not be ours.
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
    """Reads the tables; each method without argument is a check."""

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
        """Return None if the database answers."""
        try:
            async with self._database.open() as connection:
                with reachable():
                    await connection.execute("select")
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
            (due_s,) = (await due_for_s(connection, ["sla-clock"])).values()
        return f"a timer is due for {due_s:.0f} s" if due_s > TIMERS_S else None

    async def _waiting(self, consumer: str, at_most_s: float) -> str | None:
        async with self._database.open() as connection:
            (lag,) = (await lags(connection, [consumer])).values()
        return f"an event waits for {lag.age_s:.0f} s" if lag.age_s > at_most_s else None

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
