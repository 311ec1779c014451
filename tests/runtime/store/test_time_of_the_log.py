"""The time of the log is the database's own: warped only where the database was made for that."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import asyncpg
import pytest
from streams import Log, append_of, grown, new_ticket

from docket_runtime.clock import wall_clock
from docket_runtime.database import NotForDevelopment
from docket_runtime.store.append import Appender
from docket_runtime.store.values import Appended
from docket_runtime.unavailable import Unavailable

AHEAD = "warp:2031-01-01T00:00:00Z@2026-11-30T00:00:00Zx1"
FOR_PRODUCTION = """
    alter table docket.log_meta disable trigger refuse_change;
    update docket.log_meta set development = false;
    alter table docket.log_meta enable always trigger refuse_change;
"""


class HasUrl(Protocol):
    def url(self, role: str = ...) -> str: ...


@pytest.fixture
async def production(log: Log, superuser: asyncpg.Connection) -> Log:
    """The log of a test as if its database had not been made for development."""
    await superuser.execute(FOR_PRODUCTION)
    return replace(log, api=replace(log.api, clock="system"))


@pytest.fixture
async def producer(production: Log) -> AsyncIterator[Appender]:
    appender = Appender(production.api)
    yield appender
    await appender.close()


@pytest.mark.parametrize("role", ["docket_ticket_api", "docket_sla_clock", "docket_notifier"])
async def test_no_service_sets_the_time_of_a_log_in_production(
    database: HasUrl, production: Log, producer: Appender, role: str
) -> None:
    connection = await asyncpg.connect(database.url(role))
    await connection.execute(f"set docket.clock = '{AHEAD}'")

    for statement in (
        "select docket.present()",
        "select docket.append_batch(0::smallint, '{}', '{}')",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="not made for development"):
            await connection.execute(statement)
    outcome = await producer.append(append_of(grown(new_ticket())))

    assert isinstance(outcome, Appended)
    assert abs(outcome.recorded_at - wall_clock()) < timedelta(minutes=1)
    await connection.close()


async def test_who_comes_with_a_warped_clock_is_told_at_once(production: Log) -> None:
    with pytest.raises(NotForDevelopment, match=r"DOCKET_CLOCK.*DOCKET_ENV=dev"):
        await replace(production.api, clock=AHEAD).connect()


async def test_nobody_marks_a_database_later(superuser: asyncpg.Connection) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="the log only grows"):
        await superuser.execute("update docket.log_meta set development = true")


async def ends_at(superuser: asyncpg.Connection, ahead: timedelta) -> None:
    await superuser.execute(
        "update docket.log_partitions set recorded_at = clock_timestamp() + $1", ahead
    )


async def test_a_log_that_ends_in_the_future_is_not_gone_on_with(
    production: Log, producer: Appender, superuser: asyncpg.Connection
) -> None:
    await ends_at(superuser, timedelta(hours=1))

    with pytest.raises(Unavailable):
        await producer.append(append_of(grown(new_ticket())))
    assert await production.positions() == []

    await ends_at(superuser, timedelta())
    assert isinstance(await producer.append(append_of(grown(new_ticket()))), Appended)


async def test_a_clock_that_is_a_little_behind_delays_nobody(
    producer: Appender, superuser: asyncpg.Connection
) -> None:
    await ends_at(superuser, timedelta(seconds=20))

    outcome = await producer.append(append_of(grown(new_ticket())))

    assert isinstance(outcome, Appended)
    assert outcome.recorded_at > wall_clock()


async def test_nothing_happens_in_the_future(producer: Appender, production: Log) -> None:
    append = append_of(grown(new_ticket()))
    (stream,) = append.streams
    late = replace(stream.events[0], occurred_at=wall_clock() + timedelta(minutes=2))

    with pytest.raises(asyncpg.PostgresError, match="in the future") as refused:
        await producer.append(replace(append, streams=(replace(stream, events=(late,)),)))

    assert refused.value.sqlstate == "DK001"
    assert await production.positions() == []
