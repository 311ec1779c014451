"""Scanning many histories ticket by ticket, for those who judge or check all of them.

Everything is read as of one instant, with a few thousand events in memory at most.
"""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from docket_events.ids import is_account
from docket_events.recorded import Recorded
from docket_runtime.database import reachable
from docket_runtime.store.history import History
from docket_runtime.store.isolated_reading import SetAside, read_each
from docket_runtime.store.rows import EVENT_COLUMNS, recorded

FETCHED_TOGETHER = 2000

CreatedWithin = tuple[datetime | None, datetime | None]
"""The instants in [first, last); None is open on that side."""

EVER: CreatedWithin = (None, None)
LONG_AGO, FAR_AHEAD = datetime(1900, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)

_PARTITIONS = "select partition from docket.log_partitions order by partition"

_READ = f"""
    select {", ".join(EVENT_COLUMNS)} from docket.events
    where partition = $1 order by ticket_id, version
"""  # noqa: S608 - made of column names of ours

_CREATED = f"""
    select {", ".join(f"e.{column}" for column in EVENT_COLUMNS)}
    from docket.events as e join docket.tickets as t
        on t.partition = e.partition and t.ticket_id = e.ticket_id
    where e.partition = $1 and t.created_at >= $2 and t.created_at < $3
    order by e.ticket_id, e.version
"""  # noqa: S608 - made of column names of ours


async def every_history(
    connection: asyncpg.Connection, set_aside: SetAside, created: CreatedWithin = EVER
) -> AsyncGenerator[tuple[UUID, History], None]:
    """Yield each ticket of the log with its whole history, partition by partition.

    `created` selects those that were created in the period; whose history cannot be read is set
    aside. Raise Unavailable.
    """
    first, last = created
    with reachable():
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            # a sort would write all events to disk; the index has them in this order
            await connection.execute("set local enable_sort = off")
            for row in await connection.fetch(_PARTITIONS):
                asked: tuple[str, *tuple[object, ...]] = (_READ, row[0])
                if created != EVER:
                    asked = (_CREATED, row[0], first or LONG_AGO, last or FAR_AHEAD)
                cursor = connection.cursor(*asked, prefetch=FETCHED_TOGETHER)
                history: list[Recorded] = []
                async for event in cursor:
                    ticket_id = event["ticket_id"]
                    if is_account(ticket_id) or ticket_id in set_aside:
                        continue
                    if history and ticket_id != history[0].ticket_id:
                        yield history[0].ticket_id, tuple(history)
                        history = []
                    try:
                        history.append(recorded(event))
                    except ValueError as fault:
                        set_aside.add(ticket_id, fault)
                        history = []
                if history:
                    yield history[0].ticket_id, tuple(history)


UNDER_WAY = ("open", "suspended", "closing")
READ_TOGETHER = 500

_UNDER_WAY = """
    select partition, array_agg(ticket_id order by ticket_id) as tickets
    from docket.tickets where status = any ($1::text[]) group by partition order by partition
"""


async def histories_under_way(
    connection: asyncpg.Connection, set_aside: SetAside
) -> AsyncGenerator[tuple[UUID, History], None]:
    """Yield the tickets that have not ended, each with its whole history.

    Whose history cannot be read is set aside. Raise Unavailable.
    """
    with reachable():
        rows = await connection.fetch(_UNDER_WAY, list(UNDER_WAY))
    for partition, tickets in rows:
        for first in range(0, len(tickets), READ_TOGETHER):
            together = tickets[first : first + READ_TOGETHER]
            readable, unreadable = await read_each(connection, partition, together)
            for ticket_id, fault in unreadable.items():
                set_aside.add(ticket_id, fault)
            for ticket_id, history in readable.items():
                yield ticket_id, history
