"""Reaching the database: what is refused, what is out of reach, and which time it is there."""

import asyncio
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import asyncpg
import pytest
from sqlalchemy import select
from streams import Log, append_of, grown, new_ticket

from docket_devstack import postgres
from docket_devstack.ports import free_port
from docket_runtime.clock import Clock, parse_warp
from docket_runtime.database import Database, NotDurable, reachable
from docket_runtime.schema.tables import log_meta
from docket_runtime.store.append import Appender
from docket_runtime.store.history import HistoryReader
from docket_runtime.store.values import Appended
from docket_runtime.unavailable import Unavailable


class HasUrl(Protocol):
    def url(self, role: str = ...) -> str: ...


class CanCrash(HasUrl, Protocol):
    def crash(self) -> None: ...
    def start(self) -> None: ...


async def test_the_server_knows_who_is_connected(log: Log, connection: asyncpg.Connection) -> None:
    rows = await log.rows(
        "select application_name from pg_stat_activity"
        " where usename = 'docket_ticket_api' and datname = current_database()"
    )
    assert [row["application_name"] for row in rows] == ["test"]


async def test_a_server_that_may_forget_is_refused_outside_tests(own_folder: Path) -> None:
    forgetful = {"fsync": "off", "full_page_writes": "off"}
    cluster = postgres.start(own_folder / "postgres", options=forgetful)
    try:
        with pytest.raises(NotDurable, match=r"fsync, full_page_writes is off"):
            await Database(cluster.url(), "test").connect()
        allowed = await Database(cluster.url(), "test", may_lose=True).connect()
        await allowed.close()
    finally:
        postgres.stop(cluster, how=signal.SIGQUIT)


async def test_a_standby_is_refused(own_folder: Path) -> None:
    cluster = postgres.start(own_folder / "postgres")
    postgres.stop(cluster)
    (cluster.folder / "data" / "standby.signal").touch()
    cluster = postgres.start(own_folder / "postgres")
    try:
        with pytest.raises(Unavailable, match="standby"):
            await Database(cluster.url(), "test").connect()
    finally:
        postgres.stop(cluster, how=signal.SIGQUIT)


async def test_where_nobody_listens_the_database_is_unavailable() -> None:
    nowhere = Database(f"postgresql://docket_ticket_api@127.0.0.1:{free_port()}/docket", "test")

    with pytest.raises(Unavailable):
        await nowhere.connect()
    with pytest.raises(Unavailable):
        await Appender(nowhere).append(append_of(grown(new_ticket())))
    with pytest.raises(Unavailable):
        await HistoryReader(nowhere).read(new_ticket().id)


async def test_an_engine_that_cannot_connect_is_unavailable() -> None:
    engine = Database(f"postgresql://nobody@127.0.0.1:{free_port()}/docket", "test").engine()

    with pytest.raises(Unavailable), reachable():
        async with engine.connect() as connection:
            await connection.execute(select(log_meta))

    await engine.dispose()


async def test_an_engine_asks_the_same_database(log: Log) -> None:
    engine = log.api.engine()

    async with engine.connect() as connection:
        partitions = (await connection.execute(select(log_meta.c.partitions))).scalar_one()

    assert partitions == 1
    await engine.dispose()


async def test_a_fault_of_ours_is_not_called_unavailable(connection: asyncpg.Connection) -> None:
    with pytest.raises(asyncpg.UndefinedTableError), reachable():
        await connection.fetch("select from docket.nothing")
    with pytest.raises(asyncpg.DataError), reachable():
        await connection.fetch("select $1::integer", "five")


async def test_a_connection_lost_while_appending_fails_that_append_and_the_next_one_goes_on(
    log: Log, superuser: asyncpg.Connection
) -> None:
    appender = Appender(log.api)
    async with superuser.transaction():
        await superuser.execute("select from docket.log_partitions for update")
        under_way = appender.append(append_of(grown(new_ticket())))
        async with asyncio.timeout(2):
            while not await log.rows(WAITING):
                await asyncio.sleep(0.01)
        await log.rows(END_OURS)

        with pytest.raises(Unavailable):
            await under_way

    assert isinstance(await appender.append(append_of(grown(new_ticket()))), Appended)
    assert await log.positions() == [1]
    await appender.close()


OURS = (  # of this test: others share the server
    "from pg_stat_activity where application_name = 'test' and datname = current_database()"
)
WAITING = f"select {OURS} and wait_event_type = 'Lock'"
END_OURS = f"select pg_terminate_backend(pid) {OURS}"


async def test_a_connection_lost_meanwhile_is_made_again(log: Log) -> None:
    appender = Appender(log.api)
    histories = HistoryReader(log.api)
    ticket = new_ticket()
    await appender.append(append_of(grown(ticket)))
    await histories.read(ticket.id)

    await log.rows(END_OURS)
    async with asyncio.timeout(5):
        while await log.rows(f"select {OURS}"):
            await asyncio.sleep(0.01)

    assert isinstance(await appender.append(append_of(grown(new_ticket()))), Appended)
    assert len(await histories.read(ticket.id)) == 1
    await appender.close()
    await histories.close()


async def test_a_held_lock_is_unavailable_and_nothing_is_written(
    log: Log, superuser: asyncpg.Connection
) -> None:
    appender = Appender(log.api)
    async with superuser.transaction():
        await superuser.execute("select from docket.log_partitions for update")

        with pytest.raises(Unavailable, match="LockNotAvailable"):
            await appender.append(append_of(grown(new_ticket())))

    assert await log.positions() == []
    assert isinstance(await appender.append(append_of(grown(new_ticket()))), Appended)
    await appender.close()


async def test_nothing_acknowledged_is_lost_when_the_server_is_killed(
    own_database: CanCrash,
) -> None:
    log = Log(own_database.url(), Database(own_database.url("docket_ticket_api"), "test"))
    appender = Appender(log.api)
    acknowledged: list[int] = []

    async def write() -> None:
        ticket = new_ticket()
        while True:
            stream = grown(ticket)
            try:
                outcome = await appender.append(append_of(stream))
            except Unavailable:
                return
            assert isinstance(outcome, Appended)
            acknowledged.append(outcome.last_position)
            ticket = stream.after

    async with asyncio.TaskGroup() as group:
        for _ in range(8):
            group.create_task(write())
        while len(acknowledged) < 200:
            await asyncio.sleep(0)
        own_database.crash()
    own_database.start()

    positions = await log.positions()
    assert positions == list(range(1, len(positions) + 1))
    assert set(acknowledged) <= set(positions)
    assert len(positions) - len(acknowledged) <= 8  # written, but not told any more
    assert isinstance(await appender.append(append_of(grown(new_ticket()))), Appended)
    await appender.close()


WARPS = [
    "warp:2026-06-08T09:00:00Z@2026-01-01T00:00:00Zx1",
    "warp:2026-03-29T00:00:00+02:00@2026-01-01T00:00:00+00:00x720",
    "warp:2020-02-29T12:00:00Z@2026-01-01T00:00:00Zx0.5",
]


@pytest.mark.parametrize("text", WARPS)
async def test_the_database_and_the_process_warp_alike(log: Log, text: str) -> None:
    connection = await replace(log.api, clock=text).connect()
    warp = parse_warp(text)
    assert warp is not None

    before = warp.apply(await connection.fetchval("select clock_timestamp()"))
    present = await connection.fetchval("select docket.present()")
    after = warp.apply(await connection.fetchval("select clock_timestamp()"))

    grain = timedelta(microseconds=1 + warp.factor)
    assert before - grain <= present <= after + grain
    clock = Clock(warp)
    await clock.synchronise(connection)
    assert abs(clock.now() - present) <= timedelta(seconds=1 + warp.factor)
    await connection.close()


async def test_without_a_warp_the_present_is_the_servers_clock(
    connection: asyncpg.Connection,
) -> None:
    present, server = await connection.fetchrow("select docket.present(), clock_timestamp()")

    assert timedelta(0) <= server - present < timedelta(seconds=1)
    assert present > datetime(2025, 1, 1, tzinfo=UTC)


async def test_a_warp_that_cannot_be_read_is_an_error(log: Log) -> None:
    connection = await replace(log.api, clock="tomorrow").connect()

    with pytest.raises(asyncpg.InvalidParameterValueError):
        await connection.fetchval("select docket.present()")

    await connection.close()
