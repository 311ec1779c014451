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

SELDOM_S = 15.0
SOON = "1 hour"
PRIORITIES = get_args(Priority)

_LAGS = """
    select name, sum(head_position - coalesce(mark.position, 0)) as events,
        coalesce(extract(epoch from (select docket.present()) - min(next.recorded_at)), 0) as age
    from unnest($1::text[]) as name
    cross join docket.log_partitions as head
    left join docket.checkpoints as mark
        on mark.partition = head.partition and mark.consumer = name
    left join docket.events as next on next.partition = head.partition
        and next.position = coalesce(mark.position, 0) + 1
    group by name
"""
_OLDEST = """
    select owner, greatest(0,
        coalesce(extract(epoch from (select docket.present()) - min(fires_at)), 0)) as age
    from unnest(array['sla-clock', 'notifier']) as owner
    left join lateral (
        select fires_at from docket.timers where timers.owner = owner.owner
        order by fires_at limit 1
    ) as oldest on true group by owner
"""
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
        """Set how far behind consumers and timers are; raise Unavailable."""
        async with self._database.open() as connection:
            with reachable():
                lags = await connection.fetch(_LAGS, list(self._consumers))
                oldest = await connection.fetch(_OLDEST)
        for consumer, events, age in lags:
            metrics.CONSUMER_LAG.labels(consumer).set(events)
            metrics.CONSUMER_LAG_SECONDS.labels(consumer).set(age)
        for owner, age in oldest:
            metrics.TIMERS_OLDEST.labels(owner).set(age)

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
