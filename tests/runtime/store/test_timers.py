"""Timers: exactly those armed, due never early, taken by one process at a time."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import asyncpg
import pytest
from streams import Log, new_ticket

from docket_runtime.store import timers
from people import MONDAY

TICKET, OTHER = new_ticket().id, new_ticket().id
OWNER = "sla-clock"


@dataclass(frozen=True, slots=True)
class Timer:
    name: str
    key: str
    fires_at: datetime
    due_at: datetime | None = None
    clause: str | None = "R-6.9-b"


OVERDUE = Timer("ResponseOverdue", "1", MONDAY + timedelta(hours=2), MONDAY)
DUE_SOON = Timer("ResponseDueSoon", "1", MONDAY + timedelta(hours=1), MONDAY)
DEADLINE = Timer("InformationDeadlinePassed", "q1", MONDAY + timedelta(hours=72))


async def at(log: Log, hour: str) -> asyncpg.Connection:
    """Return a connection on which it is this hour of Monday, the 8th of June."""
    return await replace(log.api, url=log.address, clock=frozen(hour)).connect()


def frozen(hour: str) -> str:
    return f"warp:2026-06-08T{hour}Z@2026-01-01T00:00:00Zx0"


@pytest.fixture
async def eleven(log: Log) -> AsyncIterator[asyncpg.Connection]:
    connection = await at(log, "11:00:00")
    yield connection
    await connection.close()


async def armed(connection: asyncpg.Connection) -> list[tuple[str, int]]:
    rows = await connection.fetch("select name, version from docket.timers order by name, version")
    return [tuple(row) for row in rows]


async def test_exactly_the_timers_given_stand(eleven: asyncpg.Connection) -> None:
    await timers.replace(eleven, 0, TICKET, OWNER, [OVERDUE, DUE_SOON], version=2)
    await timers.replace(eleven, 0, OTHER, OWNER, [OVERDUE], version=9)
    await timers.replace(eleven, 0, TICKET, "notifier", [DEADLINE], version=2)

    await timers.replace(eleven, 0, TICKET, OWNER, [OVERDUE, DEADLINE], version=3)

    assert await armed(eleven) == [
        ("InformationDeadlinePassed", 2),
        ("InformationDeadlinePassed", 3),
        ("ResponseOverdue", 3),
        ("ResponseOverdue", 9),
    ]


async def test_no_timers_leave_none(eleven: asyncpg.Connection) -> None:
    await timers.replace(eleven, 0, TICKET, OWNER, [OVERDUE, DUE_SOON], version=2)

    await timers.replace(eleven, 0, TICKET, OWNER, [], version=3)

    assert await armed(eleven) == []


async def test_the_timers_of_many_tickets_are_replaced_at_once(eleven: asyncpg.Connection) -> None:
    await timers.replace(eleven, 0, TICKET, OWNER, [OVERDUE], version=2)

    await timers.replace_many(eleven, 0, OWNER, {TICKET: (4, []), OTHER: (5, [DUE_SOON, DEADLINE])})

    assert await armed(eleven) == [("InformationDeadlinePassed", 5), ("ResponseDueSoon", 5)]


async def test_a_timer_fires_at_its_instant_and_not_before(log: Log) -> None:
    before, then = await at(log, "10:59:59"), await at(log, "11:00:00")
    await timers.replace(before, 0, TICKET, OWNER, [OVERDUE], version=2)

    assert await timers.take_due(before, OWNER, 10) == ()
    assert await timers.take_due(then, "notifier", 10) == ()
    (taken,) = await timers.take_due(then, OWNER, 10)

    assert taken == timers.DueTimer(
        0, TICKET, OWNER, "ResponseOverdue", "1", OVERDUE.fires_at, MONDAY, "R-6.9-b", 2
    )
    await before.close()
    await then.close()


async def test_due_timers_come_earliest_first_and_no_more_than_asked_for(
    eleven: asyncpg.Connection,
) -> None:
    await timers.replace(eleven, 0, TICKET, OWNER, [OVERDUE, DUE_SOON], version=2)

    assert [t.name for t in await timers.take_due(eleven, OWNER, 1)] == ["ResponseDueSoon"]


async def test_a_timer_taken_by_one_process_is_skipped_by_another_and_free_when_it_dies(
    log: Log, eleven: asyncpg.Connection
) -> None:
    await timers.replace(eleven, 0, TICKET, OWNER, [OVERDUE, DUE_SOON], version=2)
    rival = await at(log, "11:00:00")
    await rival.execute("begin")
    (first,) = await timers.take_due(rival, OWNER, 1)

    (second,) = await timers.take_due(eleven, OWNER, 10)
    assert (first.name, second.name) == ("ResponseDueSoon", "ResponseOverdue")

    await rival.close()  # without a commit
    assert len(await timers.take_due(eleven, OWNER, 10)) == 2


async def test_a_timer_that_has_done_its_work_is_gone(eleven: asyncpg.Connection) -> None:
    await timers.replace(eleven, 0, TICKET, OWNER, [OVERDUE, DUE_SOON], version=2)
    async with eleven.transaction():
        taken = await timers.take_due(eleven, OWNER, 1)
        await timers.delete(eleven, taken)

    assert await armed(eleven) == [("ResponseOverdue", 2)]
