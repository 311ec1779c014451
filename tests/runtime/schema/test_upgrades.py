"""A database of every earlier release, with what people did in it, becomes one of today.

tests/data/databases says how they were made.
"""

import json
import re
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from old_database import DATABASES, Old, wrong_with

from chronicle import content
from docket_devstack import postgres, processes
from docket_events.erasure import ContentErased
from docket_events.ids import partition_of_ticket
from docket_events.recorded import Actor, Event, Fact
from docket_events.ticket import UserCommented
from docket_lifecycle.state.fold import fold
from docket_runtime.new_ids import new_id
from docket_runtime.schema.migrations import head
from docket_runtime.schema.upgrade import Upgrade
from docket_runtime.store.append import Appender
from docket_runtime.store.command_records import find_before_0012
from docket_runtime.store.history import read_many
from docket_runtime.store.values import (
    Append,
    Appended,
    CommandRecord,
    NewContent,
    NewEvent,
    Outcome,
    StreamAppend,
)
from people import ANN, PIA
from servers import TEMPLATE

RELEASED = sorted(file.name.removesuffix(".sql.gz") for file in DATABASES.glob("*.sql.gz"))
OLDEST_TICKET = "select ticket_id, partition, number from docket.tickets order by 1 limit 1"
NEWEST_CONTENT = """
    select content_id from docket.contents where ticket_id = $1 and body is not null
    order by 1 desc limit 1
"""

FIRST_COMMAND = """
    select partition, scope, key, request_hash, ticket_id, status, version
    from docket.commands_before_0012 order by recorded_at limit 1
"""
BODY = "select body from docket.contents where content_id = $1"
ROLES_OF_0005 = """
    create role docket_owner;
    create role docket_ticket_api login;
    create role docket_sla_clock login;
    create role docket_notifier login;
    create role docket_auditor login;
    create role docket_access_reader login;
    grant docket_access_reader to docket_ticket_api;
"""
"""Roles belong to the cluster, and are not in the dump of a database."""


@pytest.fixture(scope="module")
def schema_of_today(cluster: postgres.Cluster, worker_id: str) -> str:
    name = f"schema_of_today_{worker_id}"
    cluster.create_database(name, template=TEMPLATE)
    schema = schema_of(cluster, name)
    cluster.drop_database(name)
    return schema


def test_every_head_that_was_released_is_kept() -> None:
    assert RELEASED == ["0001", "0004", "0005", "0006", "0007", "0008", "0009"]


@pytest.mark.parametrize("revision", RELEASED)
async def test_a_database_of_every_release_becomes_one_of_today_and_goes_on(
    revision: str, old: Old, schema_of_today: str
) -> None:
    await old.restore(revision)
    before = await old.rows()

    assert old.upgrade() == Upgrade(revision, head())

    assert schema_of(old.cluster, old.name) == schema_of_today
    after = await old.rows()
    assert after.pop("commands") == []
    after["commands"] = after.pop("commands_before_0012")
    assert {table: as_before(after[table], before[table]) for table in before} == before
    assert len(before["events"]) > 15
    assert await wrong_with(old) == []
    await tickets_go_on(old)
    assert await wrong_with(old) == []
    assert old.upgrade() == Upgrade(head(), head())


async def test_where_ticket_api_inherited_what_readers_of_accesses_may_it_no_longer_does(
    own_folder: Path,
) -> None:
    cluster = postgres.start(own_folder / "postgres")
    cluster.create_database("docket")
    old = Old(cluster, "docket")
    await old.execute(ROLES_OF_0005)
    await old.restore("0005")

    old.upgrade()

    connection = await asyncpg.connect(old.url)
    member, inherits = await connection.fetchrow(
        "select pg_has_role('docket_ticket_api', 'docket_access_reader', 'member'),"
        " pg_has_role('docket_ticket_api', 'docket_access_reader', 'usage')"
    )
    await connection.close()
    assert (member, inherits) == (True, False)


MOVED = {"reason": None}
"""The columns that an upgrade has moved elsewhere; no old database has values there."""


def as_before(rows: list[str], before: list[str]) -> list[str]:
    """Return rows without the columns that an upgrade has added to their table."""
    if not before:
        return rows
    known = json.loads(before[0])
    kept = [
        {name: value for name, value in (MOVED | json.loads(row)).items() if name in known}
        for row in rows
    ]
    stored = [json.loads(row) for row in before]
    return before if sorted(kept, key=str) == sorted(stored, key=str) else rows


async def tickets_go_on(old: Old) -> None:
    """Let a text be added to the oldest ticket and another erased; a command is still known."""
    connection = await asyncpg.connect(old.url)
    ticket_id, partition, number = await connection.fetchrow(OLDEST_TICKET)
    written = await connection.fetchval(NEWEST_CONTENT, ticket_id)
    first = await connection.fetchrow(FIRST_COMMAND)
    text, reference = content(ticket_id, "comment", b"Is anybody there?")
    appender = Appender(old.database("docket_ticket_api"))

    said = await go_on(appender, connection, ticket_id, UserCommented(reference), ANN, text)
    erased = ContentErased((written,), "person_asked", "C-40")
    gone = await go_on(appender, connection, ticket_id, erased, PIA)
    known = await find_before_0012(connection, *first[:3])
    await appender.close()

    assert isinstance(said, Appended)
    assert isinstance(gone, Appended)
    assert gone.last_position == said.last_position + 1
    assert known == CommandRecord(b"", *first[3:])
    ticket = fold(ticket_id, (await read_many(connection, partition, [ticket_id]))[ticket_id])
    assert ticket is not None
    assert ticket.number == number
    assert await connection.fetchval(BODY, reference.id) == b"Is anybody there?"
    assert await connection.fetchval(BODY, written) is None
    await connection.close()


async def go_on(
    appender: Appender,
    connection: asyncpg.Connection,
    ticket_id: UUID,
    event: Event,
    actor: Actor,
    *contents: NewContent,
) -> Outcome:
    """Append an event to a ticket of the old database, as a service of today does."""
    partition = partition_of_ticket(ticket_id)
    history = (await read_many(connection, partition, [ticket_id]))[ticket_id]
    now = history[-1].occurred_at
    after = fold(ticket_id, [*history, Fact(event, now)])
    assert after is not None
    stream = StreamAppend(ticket_id, len(history), (NewEvent(new_id(), event, now),), after)
    return await appender.append(Append(partition, (stream,), actor, new_id(), contents=contents))


def schema_of(cluster: postgres.Cluster, name: str) -> str:
    """Return all that is no row: tables, indexes, functions, triggers, owners, grants."""
    where = ("--host", "127.0.0.1", "--port", str(cluster.port), "--username", "postgres")
    done = processes.run([postgres.binary("pg_dump"), *where, "--schema-only", name])
    assert done.returncode == 0, done.stdout
    return re.sub(r"(?m)^\\(un)?restrict .*$", "", done.stdout)
