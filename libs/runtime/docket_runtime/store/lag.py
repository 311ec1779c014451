"""What is left undone: events that a consumer has not read, timers that have not fired.

By the tables and the database's clock, never by what a process believes of itself: one that stands
still must not call itself up to date.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from docket_runtime.database import reachable

_LAGS = """
    select name, sum(head_position - coalesce(mark.position, 0))::bigint as events,
        coalesce(extract(epoch from (select docket.present()) - min(next.recorded_at)), 0)::float8
            as age_s
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
        coalesce(extract(epoch from (select docket.present()) - min(fires_at)), 0))::float8
    from unnest($1::text[]) as owner
    left join lateral (
        select fires_at from docket.timers where timers.owner = owner.owner
        order by fires_at limit 1
    ) as oldest on true group by owner
"""


@dataclass(frozen=True, slots=True)
class Lag:
    """The events that a consumer has not read, and the seconds that the oldest of them waits."""

    events: int
    age_s: float


async def lags(connection: asyncpg.Connection, consumers: Sequence[str]) -> dict[str, Lag]:
    """Return how far behind the log each consumer is; raise Unavailable."""
    with reachable():
        rows = await connection.fetch(_LAGS, list(consumers))
    return {name: Lag(events, age_s) for name, events, age_s in rows}


async def due_for_s(connection: asyncpg.Connection, owners: Sequence[str]) -> dict[str, float]:
    """Return for how many seconds each owner's oldest timer is due, else 0; raise Unavailable."""
    with reachable():
        return dict(await connection.fetch(_OLDEST, list(owners)))
