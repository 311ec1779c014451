"""Projections made anew from the log: whatever was wrong is right, while people go on."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from test_replaying_the_log import count, found, some_tickets
from typer.testing import CliRunner, Result

from chronicle import Chronicle
from docket_cli.main import app
from docket_events.ticket import PriorityChanged, TicketSuspended
from docket_runtime.database import Database
from docket_runtime.projections.check import Difference
from docket_runtime.projections.rebuild import Rebuilt, rebuild
from people import ANN

HEALTHY = "select md5(string_agg(t::text, '' order by t::text)) from docket.{} as t"
TABLES = ("tickets", "clocks", "timers")
DAMAGES = {
    "a value": "update docket.tickets set priority = 'Low' where number = 'DKT-1'",
    "a version": "update docket.tickets set version = 3",
    "a number": "update docket.tickets set number = 'X' || number",
    "a column that is new": "update docket.tickets set queue_rank = default, supported = null",
    "a row too few": "delete from docket.tickets where number = 'DKT-1'",
    "all rows": "delete from docket.tickets",
    "numbers exchanged": "update docket.tickets as t set number = case number when 'DKT-0' then"
    " 'DKT-1x' when 'DKT-1' then 'DKT-0' else number end",
    "a row too many": "insert into docket.tickets select partition, gen_random_uuid(), version,"
    " 'ghost', account_id, requester_id, status, waiting_for, priority, product, channel, pack,"
    " revision, assignee, imported, created_at, updated_at from docket.tickets limit 1",
    "a clock": "update docket.clocks set due_at = due_at + interval '1 s'",
    "no clocks": "delete from docket.clocks; delete from docket.timers",
    "a parked clock": "update docket.clocks set state = 'parked', due_at = null, turn = 0;"
    " delete from docket.timers",
    "a clock too many": "insert into docket.clocks select partition, gen_random_uuid(), version,"
    " turn, state, priority, clause, due_at, budget_s, consumed_s, overdue, ended_at, counted_at"
    " from docket.clocks limit 1",
}


def database_of(database: Any, role: str = "postgres") -> Database:
    return Database(database.url(role), "docket-rebuild", may_lose=True)


async def execute(database: Any, script: str) -> None:
    connection = await asyncpg.connect(database.url())
    await connection.execute(script)
    await connection.close()


async def fingerprints(database: Any) -> list[str]:
    connection = await asyncpg.connect(database.url())
    try:
        return [await connection.fetchval(HEALTHY.format(table)) for table in TABLES]
    finally:
        await connection.close()


async def rebuilt(database: Any, role: str = "postgres") -> list[Rebuilt | Difference]:
    return [each async for each in rebuild(database_of(database, role), lambda *_: None)]


@pytest.fixture
async def tickets(database: Any, chronicle: Chronicle) -> list[UUID]:
    """Three tickets with their clocks and timers."""
    made = await some_tickets(chronicle, 3)
    await count(database)
    return made


@pytest.fixture
async def deployer(database: Any) -> AsyncIterator[str]:
    """A role that is nothing but a member of docket_owner, as the one that migrates may be."""
    role = f"deployer_of_{database.name}"
    await execute(database, f"create role {role} login; grant docket_owner to {role}")
    yield role
    await execute(database, f"drop role {role}")


@pytest.mark.parametrize("damage", DAMAGES)
async def test_whatever_is_wrong_is_as_it_was_afterwards(
    database: Any, tickets: list[UUID], deployer: str, damage: str
) -> None:
    before = await fingerprints(database)
    await execute(database, DAMAGES[damage])
    wrong, _ = await found(database)
    assert wrong

    done = await rebuilt(database, deployer)

    assert {(each.ticket_id, each.table) for each in done} == {
        (each.ticket_id, each.table) for each in wrong
    }
    assert all(isinstance(each, Rebuilt) for each in done)
    assert await found(database) == ([], 12)
    assert await fingerprints(database) == before


async def test_where_nothing_is_wrong_nothing_is_written(
    database: Any, tickets: list[UUID]
) -> None:
    before = await fingerprints(database)
    assert await rebuilt(database) == []
    assert await fingerprints(database) == before


async def test_a_clock_is_as_old_as_what_sla_clock_has_read(
    database: Any, chronicle: Chronicle, tickets: list[UUID]
) -> None:
    before = await fingerprints(database)
    await chronicle.then(tickets[0], ("2026-06-08T11:30:00", TicketSuspended("ann")), actor=ANN)
    await execute(database, "delete from docket.clocks; delete from docket.timers")

    await rebuilt(database)

    assert (await fingerprints(database))[1:] == before[1:]
    await count(database)
    assert await found(database) == ([], 13)


async def test_what_comes_between_is_not_lost(
    database: Any, chronicle: Chronicle, tickets: list[UUID]
) -> None:
    """An append that was under way when the ticket was compared counts."""
    await execute(database, "update docket.tickets set priority = 'Low'")
    holder, watcher = [await asyncpg.connect(database.url()) for _ in range(2)]

    async def waiting(many: int) -> None:
        async with asyncio.timeout(10):
            while await watcher.fetchval(WAITING) < many:
                await asyncio.sleep(0.01)

    await holder.execute("begin; select from docket.log_partitions for update")
    story = ("2026-06-08T11:40:00", PriorityChanged("Emergency"))
    append = asyncio.create_task(chronicle.then(tickets[0], story))
    await waiting(1)
    work = asyncio.create_task(rebuilt(database))
    await waiting(2)
    for each in (holder, watcher):
        await each.close()  # the append is the first to go on

    await append
    assert {each.ticket_id for each in await work} == set(tickets[1:])
    assert [each for each in (await found(database))[0] if each.table == "tickets"] == []


async def test_people_go_on_meanwhile(
    database: Any, chronicle: Chronicle, tickets: list[UUID]
) -> None:
    priorities = ("Low", "Medium", "High", "Emergency")

    async def write() -> None:
        for n in range(40):
            await chronicle.then(
                tickets[n % 3], (f"2026-06-08T11:{n + 1:02}:00", PriorityChanged(priorities[n % 4]))
            )

    async def damage_and_mend() -> None:
        for _ in range(8):
            await execute(database, "update docket.tickets set assignee = 'nobody', version = 1")
            await rebuilt(database)

    await asyncio.gather(write(), damage_and_mend())
    await count(database)

    assert await found(database) == ([], 52)


async def test_a_history_that_cannot_be_read_stays_and_is_told(
    database: Any, tickets: list[UUID]
) -> None:
    await execute(
        database,
        "alter table docket.events disable trigger refuse_change;"
        " update docket.events set type = 'Unheard' where position = 2;"
        " update docket.tickets set priority = 'Low'",
    )

    done = await rebuilt(database)

    assert [each.table for each in done if isinstance(each, Difference)] == ["events"]
    assert [each.ticket_id for each in done if isinstance(each, Rebuilt)] == sorted(tickets[1:])


WAITING = """
    select count(*) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'
"""


def docket(database: Any, *words: str, role: str = "postgres") -> Result:
    environment = {"DOCKET_DATABASE_URL": database.url(role), "DOCKET_ENV": "test"}
    return CliRunner().invoke(app, ["rebuild", *words], env=environment)


def test_the_command_says_what_it_did(database: Any, chronicle: Chronicle) -> None:
    asyncio.run(some_tickets(chronicle, 2))
    asyncio.run(count(database))
    asyncio.run(execute(database, "update docket.tickets set priority = 'Low'"))

    checked = docket(database, "--check", "--json", role="docket_auditor")
    forbidden = docket(database, role="docket_ticket_api")
    first = docket(database, "--json")
    again = docket(database)

    assert (checked.exit_code, json.loads(checked.stdout)["found"]) == (3, 2)
    assert forbidden.exit_code == 1
    assert "connect as the role that migrates" in forbidden.output
    said = json.loads(first.stdout)
    assert (first.exit_code, said["ok"], said["left"]) == (0, True, [])
    assert said["written"] == {"tickets": 2, "clocks": 0}
    assert {each["table"] for each in said["rebuilt"]} == {"tickets"}
    assert again.exit_code == 0
    assert "2 tickets, 8 events; rows made anew: tickets 0, clocks 0" in again.output
