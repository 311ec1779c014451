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
from docket_runtime.unavailable import Unavailable

REVISION = "0020"
"""The migration that this code needs."""

_REVISION = "select version_num from alembic_version"
_HEADS = "select partition, head_position from docket.log_partitions"
_PLACES = "select consumer, partition, position from docket.checkpoints"
_OVERDUE = """
    select owner, count(*) from docket.timers
    where fires_at <= (select docket.present()) - interval '5 seconds' group by owner
"""
_UNTOLD = """
    select count(*) from docket.tickets
    where status in ('open', 'suspended', 'closing') and registered_at is null
        and channel = 'client_area' and not imported
        and created_at <= (select docket.present()) - make_interval(mins => $1)
"""
_FAULTS = """
    select partition, fault_position, fault from docket.log_verifications
    where fault is not null order by partition
"""
_PARKED = "select count(*) from docket.clocks where state = 'parked'"


class HealthChecks:
    """Reads the tables and sets the gauges; each method without argument is a check."""

    def __init__(self, database: Database, *, registration_alert_minutes: int) -> None:
        self._database = ReconnectingConnection(database)
        self._minutes = registration_alert_minutes
        self._writes = False

    async def migrations(self) -> str | None:
        """Return None if the database has the migrations and takes the events of this code."""
        async with self._database.open() as connection:
            with reachable():
                found = await connection.fetchval(_REVISION)
            if found != REVISION:
                return f"the database is at {found}, we need {REVISION}"
            if not self._writes and (missing := await missing_writers(connection)):
                types = ", ".join(sorted({each.type for each in missing}))
                return f"the database does not take {types} as we write it: run docket migrate"
        self._writes = True
        return None

    async def database(self) -> str | None:
        """Return None if the database answers, and update the gauges."""
        try:
            async with self._database.open() as connection:
                await _measure(connection)
        except Unavailable as unavailable:
            return str(unavailable)
        return None

    async def registrations(self) -> str | None:
        """Return None when nobody in the Client Area waits too long for the registration notice."""
        async with self._database.open() as connection:
            with reachable():
                untold = await connection.fetchval(_UNTOLD, self._minutes)
        metrics.REGISTRATIONS_MISSING.set(untold)
        return f"{untold} tickets have no registration notice" if untold else None

    async def proof(self) -> str | None:
        """Return None when the last verification of the log found nothing wrong."""
        async with self._database.open() as connection:
            with reachable():
                faults = await connection.fetch(_FAULTS)
        found = (
            f"partition {chain_name(number)} at {position}: {told}"
            for number, position, told in faults
        )
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
