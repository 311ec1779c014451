"""What a process measures of the database when its metrics are asked for: lags, ages, the desk.

Ages are by the database's clock, and of the tables, never of what this process believes: a process
that stands still must not call itself up to date. What is dear is asked at most every `SELDOM_S`.
"""

from collections.abc import Sequence
from time import monotonic
from typing import get_args

import asyncpg

from docket_events.ticket import Priority
from docket_policies.terms.calendar_files import calendar, calendar_names
from docket_policies.terms.clock_states import DUE_BY_TIME
from docket_proof.access import chain_name
from docket_runtime import metrics
from docket_runtime.clock import wall_clock
from docket_runtime.connection import ReconnectingConnection
from docket_runtime.database import Database, reachable
from docket_runtime.store.lag import due_for_s, lags

SELDOM_S = 15.0
SOON = "1 hour"
PRIORITIES = get_args(Priority)
OWNERS = ("sla-clock", "notifier")
"""Whose timers there are."""

_HEADS = "select partition, head_position from docket.log_partitions"
_PLACES = "select consumer, partition, position from docket.checkpoints"
_OVERDUE = """
    select owner, count(*) from docket.timers
    where fires_at <= (select docket.present()) - interval '5 seconds' group by owner
"""
_PARKED = "select count(*) from docket.clocks where state = 'parked'"
_ROUNDS = """
    select partition, fault is not null or fork is not null as faulty, greatest(0,
        extract(epoch from (select docket.present()) - coalesce(verified_at, began_at))) as age
    from docket.log_verifications
"""
_UNSIGNED = """
    select head.partition,
        greatest(0, coalesce(extract(epoch from (select docket.present()) - next.recorded_at), 0))
            as age
    from docket.log_partitions as head
    left join docket.events as next on next.partition = head.partition
        and next.position = 1 + coalesce(
            (select max(size) from docket.log_checkpoints as signed
                where signed.partition = head.partition), 0)
"""
_DESK = f"""
    select status, t.priority, count(*) as tickets,
        count(*) filter (where due_at >= present and due_at < present + interval '{SOON}') as soon,
        count(*) filter (where due_at < present) as overdue
    from (select docket.present() as present) as now
    cross join docket.tickets as t
    left join docket.clocks as c on c.partition = t.partition and c.ticket_id = t.ticket_id
        and c.state = any ($1)
    where status in ('open', 'suspended', 'closing') group by status, t.priority
"""  # noqa: S608 - made of an interval of ours


class Measurements:
    """Reads the tables and sets the gauges; each method is asked when the metrics are."""

    def __init__(self, database: Database, consumers: Sequence[str]) -> None:
        self._database = ReconnectingConnection(database)
        self._consumers = consumers
        self._desk_at = -SELDOM_S

    async def log(self) -> None:
        """Set where the log ends and how far behind consumers and timers are; raise Unavailable."""
        async with self._database.open() as connection:
            behind = await lags(connection, self._consumers)
            oldest = await due_for_s(connection, OWNERS)
            with reachable():
                heads = await connection.fetch(_HEADS)
                places = await connection.fetch(_PLACES)
                overdue = dict(await connection.fetch(_OVERDUE))
                parked = await connection.fetchval(_PARKED)
        for consumer, lag in behind.items():
            metrics.CONSUMER_LAG.labels(consumer).set(lag.events)
            metrics.CONSUMER_LAG_SECONDS.labels(consumer).set(lag.age_s)
        for partition, position in heads:
            metrics.LOG_HEAD.labels(partition).set(position)
        for consumer, partition, position in places:
            metrics.CONSUMER_POSITION.labels(consumer, partition).set(position)
        for owner in OWNERS:
            metrics.TIMERS_OLDEST.labels(owner).set(oldest[owner])
            metrics.TIMERS_OVERDUE.labels(owner).set(overdue.get(owner, 0))
        metrics.PARKED_TICKETS.set(parked)

    async def proof(self) -> None:
        """Set how old the last verification and the last checkpoint are; raise Unavailable."""
        async with self._database.open() as connection:
            with reachable():
                rounds = await connection.fetch(_ROUNDS)
                unsigned = await connection.fetch(_UNSIGNED)
        for partition, _, age in rounds:
            metrics.VERIFICATION_AGE.labels(chain_name(partition)).set(age)
        for partition, age in unsigned:
            metrics.CHECKPOINT_AGE.labels(chain_name(partition)).set(age)
        metrics.FAULTY_CHAINS.set(sum(faulty for _, faulty, _ in rounds))

    async def desk(self) -> None:
        """Set how many tickets are under way, due soon and overdue; raise Unavailable."""
        if monotonic() < self._desk_at + SELDOM_S:
            return
        async with self._database.open() as connection:
            await _desk(connection)
        self._desk_at = monotonic()

    async def calendars(self) -> None:
        """Set until when each calendar knows its holidays."""
        this_year = wall_clock().year
        last_years = list[int]()
        for name in calendar_names():
            known = calendar(name)
            if known is not None and known.covered:
                last_years.append(max(last for _, last in known.covered))
                metrics.CALENDAR_LAST_YEAR.labels(name).set(last_years[-1])
        if last_years:
            metrics.CALENDAR_YEARS_LEFT.set(min(last_years) - this_year)

    async def close(self) -> None:
        """Close the connection."""
        self._database.close()


async def _desk(connection: asyncpg.Connection) -> None:
    with reachable():
        rows = await connection.fetch(_DESK, list(DUE_BY_TIME))
    metrics.OPEN_TICKETS.clear()  # a status and a priority that nothing has any more is not shown
    soon, overdue = dict.fromkeys(PRIORITIES, 0), dict.fromkeys(PRIORITIES, 0)
    for row in rows:
        metrics.OPEN_TICKETS.labels(row["status"], row["priority"]).set(row["tickets"])
        soon[row["priority"]] += row["soon"]
        overdue[row["priority"]] += row["overdue"]
    for priority in PRIORITIES:
        metrics.DUE_SOON.labels(priority).set(soon[priority])
        metrics.BREACHED.labels(priority).set(overdue[priority])
