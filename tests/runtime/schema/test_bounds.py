"""What a service's role may beside the log: its own rows, and nothing that fills disk or server.

The database is one that an upgrade has made, for a copy of a template has no rights of its own.
"""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import asyncpg
import pytest

from docket_devstack import postgres
from docket_runtime.schema.upgrade import upgrade
from servers import create_migrated

ROLES = ("docket_ticket_api", "docket_sla_clock", "docket_notifier", "docket_auditor")
CLOCK, NOTIFIER = ROLES[1:3]

TIMER = """
    insert into docket.timers values (0, gen_random_uuid(), '{}', 't', '', now(), null, null, 1)
"""
CHECKPOINT = """
    insert into docket.checkpoints select 0, '{}', log_id, 0, now() from docket.log_meta
    on conflict (partition, consumer) do update set position = 0
"""
MAY = {
    "make a temporary table": ("create temp table t (n int)", ()),
    "make a temporary function": (
        "create function pg_temp.f() returns int language sql as 'select 1'",
        (),
    ),
    "make a large object": ("select lo_create(0)", ()),
    "make a filled large object": ("select lo_from_bytea(0, 'x')", ()),
    "write into the server's log": ("select pg_logical_emit_message(false, 'x', 'y')", ()),
    "lift its own bounds": ("alter role current_user connection limit -1", ()),
    "arm a timer of sla-clock": (TIMER.format("sla-clock"), (CLOCK,)),
    "arm a timer of notifier": (TIMER.format("notifier"), (NOTIFIER,)),
    "delay the timers of sla-clock": (
        "update docket.timers set fires_at = 'infinity' where owner = 'sla-clock'",
        (CLOCK,),
    ),
    "delete the timers of sla-clock": (
        "delete from docket.timers where owner = 'sla-clock'",
        (CLOCK,),
    ),
    "delete the timers of notifier": (
        "delete from docket.timers where owner = 'notifier'",
        (NOTIFIER,),
    ),
    "hold the timers of notifier": (
        "select from docket.timers where owner = 'notifier' for update",
        (NOTIFIER,),
    ),
    "read the timers": ("select from docket.timers", ROLES),
    **{
        f"move the checkpoint of {consumer}": (CHECKPOINT.format(consumer), may)
        for consumer, may in (
            ("sla-clock", (CLOCK,)),
            ("relay", (CLOCK,)),
            ("notifier", (NOTIFIER,)),
            ("anybody", ()),
        )
    },
    "read the checkpoints": ("select from docket.checkpoints", ROLES),
    "count clocks": ("delete from docket.clocks", (CLOCK,)),
}


@pytest.fixture(scope="module")
def made(cluster: postgres.Cluster, worker_id: str) -> Iterator[str]:
    name = f"bounds_{worker_id}"
    create_migrated(cluster, name)
    yield name
    cluster.drop_database(name)


@pytest.fixture
async def superuser(cluster: postgres.Cluster, made: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(cluster.url(database=made))
    yield connection
    await connection.close()


async def test_each_role_may_what_the_table_says(
    cluster: postgres.Cluster, made: str, superuser: asyncpg.Connection
) -> None:
    for owner in ("sla-clock", "notifier"):
        await superuser.execute(TIMER.format(owner))
    for consumer in ("sla-clock", "relay", "notifier", "anybody"):
        await superuser.execute(CHECKPOINT.format(consumer))
    await superuser.execute(
        "insert into docket.clocks values (0, gen_random_uuid(), 1, 1, 'x', null, null, null, 1, 1,"
        " false, null, now())"
    )
    connections = {role: await asyncpg.connect(cluster.url(role, made)) for role in ROLES}

    verdicts = {
        (name, role): await done(connections[role], MAY[name][0])
        for name, role in product(MAY, ROLES)
    }

    for connection in connections.values():
        await connection.close()
    assert verdicts == {(name, role): role in MAY[name][1] for name, role in product(MAY, ROLES)}


async def done(connection: asyncpg.Connection, statement: str) -> bool:
    """Return whether a statement did anything; it is taken back."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        told = await connection.execute(statement)
    except (asyncpg.InsufficientPrivilegeError, asyncpg.ReadOnlySQLTransactionError):
        return False
    finally:
        await transaction.rollback()
    return not told.endswith(" 0")


async def test_no_service_takes_all_connections_or_runs_for_ever(
    superuser: asyncpg.Connection,
) -> None:
    rows = await superuser.fetch(
        "select rolname, rolconnlimit, rolconfig, current_setting('max_connections')::int as most"
        " from pg_roles where rolname = any ($1)",
        [*ROLES],
    )

    assert len(rows) == len(ROLES)
    for row in rows:
        assert 10 <= row["rolconnlimit"] < row["most"]
        assert set(row["rolconfig"]) >= {
            "statement_timeout=15min",
            "idle_in_transaction_session_timeout=1min",
        }


async def test_what_an_operator_has_set_stays(
    cluster: postgres.Cluster, made: str, superuser: asyncpg.Connection
) -> None:
    await superuser.execute("alter role docket_auditor set statement_timeout = '2h'")

    with ThreadPoolExecutor(1) as thread:  # the migrations run an event loop of their own
        thread.submit(upgrade, cluster.url(database=made)).result()

    config = await superuser.fetchval(
        "select rolconfig from pg_roles where rolname = 'docket_auditor'"
    )
    await superuser.execute("alter role docket_auditor set statement_timeout = '15min'")
    assert "statement_timeout=2h" in config
