"""Append-only by force: every statement that could change the log, as each service role."""

from typing import Protocol

import asyncpg
import pytest
from streams import Log, append_of, command_of, grown, new_ticket

from docket_runtime.database import Database
from docket_runtime.store.append import Appender, append_on

ROLES = ("docket_ticket_api", "docket_sla_clock", "docket_notifier", "docket_auditor")

STATEMENTS = {
    "insert": "insert into docket.events select * from docket.events",
    "update": "update docket.events set type = 'TicketRevoked'",
    "delete": "delete from docket.events",
    "truncate": "truncate docket.events",
    "upsert": "insert into docket.events select * from docket.events"
    " on conflict (partition, position) do update set type = 'TicketRevoked'",
    "merge": "merge into docket.events as e using docket.tickets as t on e.ticket_id = t.ticket_id"
    " when matched then delete",
    "copy in": "copy docket.events from stdin",
    "lock a row": "select from docket.events for update",
    "lock a key": "select from docket.events for key share",
    "lock the table": "lock table docket.events in access exclusive mode",
    "disable the trigger": "alter table docket.events disable trigger refuse_change",
    "add a rule": "create rule quiet as on insert to docket.events do instead nothing",
    "add a trigger": "create trigger t before insert on docket.events"
    " execute function docket.refuse_change()",
    "add a column": "alter table docket.events add column note text",
    "drop": "drop table docket.events",
    "drop the function": "drop function docket.refuse_change() cascade",
    "take over": "alter table docket.events owner to current_user",
    "become the owner": "set role docket_owner",
    "act as a replica": "set session_replication_role = replica",
    "put a table in its place": "create table docket.others (id int)",
    "index": "create index on docket.events (type)",
    "move the head": "update docket.log_partitions set head_position = 0",
    "hold the head": "select from docket.log_partitions for update",
    "begin another log": "insert into docket.log_meta values (gen_random_uuid(), 1, now())",
    "forget a command": "delete from docket.commands",
    "invent a command": "insert into docket.commands select * from docket.commands",
    "invent a content": "insert into docket.contents select * from docket.contents",
    "change a content": "update docket.contents set body = null",
    "change the read model": "update docket.tickets set status = 'final'",
    "turn numbers back": "select setval('docket.ticket_numbers', 1)",
}

MAY_NOT_READ = {
    "docket_sla_clock": ("contents", "commands"),
    "docket_notifier": ("commands",),
    "docket_auditor": ("contents", "commands"),
}


class HasUrl(Protocol):
    def url(self, role: str = ...) -> str: ...


@pytest.mark.parametrize("role", ROLES)
async def test_every_statement_that_could_change_the_log_is_refused(
    database: HasUrl, log: Log, role: str
) -> None:
    appender = Appender(log.api)
    ticket = new_ticket()
    await appender.append(append_of(grown(ticket, 2), command=command_of(ticket.id, "k")))
    await appender.close()
    before = await everything(log)
    connection = await asyncpg.connect(database.url(role))

    verdicts = {name: await verdict(connection, text) for name, text in STATEMENTS.items()}

    await connection.close()
    assert verdicts == dict.fromkeys(STATEMENTS, "refused")
    assert await everything(log) == before


async def verdict(connection: asyncpg.Connection, statement: str) -> str:
    try:
        async with connection.transaction():
            await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        return "refused"
    except asyncpg.PostgresError as fault:
        return f"failed otherwise: {fault}"
    return "done"


async def everything(log: Log) -> list[list[asyncpg.Record]]:
    tables = ("log_meta", "log_partitions", "events", "commands", "contents", "tickets")
    return [list(await log.rows(f"select * from docket.{table} order by 1, 2")) for table in tables]


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_reads_what_it_needs_and_no_more(database: HasUrl, role: str) -> None:
    connection = await asyncpg.connect(database.url(role))
    tables = ("events", "tickets", "clocks", "timers", "checkpoints", "contents", "commands")

    refused = [
        table
        for table in tables
        if await verdict(connection, f"select from docket.{table}") == "refused"
    ]

    await connection.close()
    assert tuple(refused) == MAY_NOT_READ.get(role, ())


async def test_the_auditor_cannot_append(database: HasUrl) -> None:
    connection = await Database(database.url("docket_auditor"), "test", may_lose=True).connect()

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await append_on(connection, [append_of(grown(new_ticket()))])

    await connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "update docket.events set type = 'TicketRevoked'",
        "delete from docket.events where false",
        "truncate docket.events",
        "delete from docket.commands",
        "truncate docket.commands",
        "delete from docket.commands_kept",
        "truncate docket.log_partitions",
        "delete from docket.contents",
    ],
)
async def test_the_triggers_refuse_the_owner_too_even_as_a_replica(
    superuser: asyncpg.Connection, statement: str
) -> None:
    await superuser.execute("set session_replication_role = replica")

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="the log only grows"):
        await superuser.execute(statement)
