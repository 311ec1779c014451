"""The schema: made from nothing by the migrations, and what the tables in the code say it is."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from streams import append_of, grown, new_ticket

from docket_devstack import postgres
from docket_runtime.database import Database, is_out_of_reach
from docket_runtime.schema.all_tables import metadata
from docket_runtime.schema.migrations import Migration
from docket_runtime.schema.upgrade import Progress, upgrade_on
from docket_runtime.store.append import append_on
from docket_runtime.store.values import Appended

DAY_OF_KEYS = re.compile("commands_([0-9]{8}|kept)")


class HasUrl(Protocol):
    def url(self, role: str = ...) -> str: ...


def engine_of(url: str) -> AsyncEngine:
    return create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"), poolclass=NullPool
    )


@pytest.fixture
async def empty(cluster: postgres.Cluster, tmp_path: Path) -> AsyncIterator[str]:
    name = f"empty_{tmp_path.name.replace('-', '_')}"
    cluster.drop_database(name)
    cluster.create_database(name)
    yield cluster.url(database=name)
    cluster.drop_database(name)


async def test_the_migrations_make_the_tables_that_the_code_knows(database: HasUrl) -> None:
    engine = engine_of(database.url())

    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "include_name": lambda name, kind, _: is_of_the_code(name, kind),
                "compare_type": True,
                "compare_server_default": True,
            },
        )
        return list(compare_metadata(context, metadata))

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


def is_of_the_code(name: str, kind: str) -> bool:
    """Return whether the code knows a schema or a table: days of keys it knows as one table."""
    return {"schema": name == "docket", "table": not DAY_OF_KEYS.fullmatch(name or "")}.get(
        kind, True
    )


async def test_an_empty_database_becomes_an_empty_log(empty: str) -> None:
    engine = engine_of(empty)
    limits = set()
    async with engine.connect() as connection:

        def look(_: Migration) -> None:
            assert connection.sync_connection is not None
            asked = "select current_setting('lock_timeout'), current_setting('statement_timeout')"
            (row,) = connection.sync_connection.exec_driver_sql(asked)
            limits.add(tuple(row))

        await connection.run_sync(partial(upgrade_on, progress=Progress(applied=look)))
        await connection.run_sync(upgrade_on)  # again: nothing left to do
        await connection.commit()
        logs = (await connection.execute(text("select count(*) from docket.log_meta"))).scalar_one()

    assert limits == {("5s", "1min")}
    assert logs == 1
    api = await Database(
        empty.replace("postgres@", "docket_ticket_api@"), "test", may_lose=True
    ).connect()
    (outcome,) = await append_on(api, [append_of(grown(new_ticket()))])
    assert isinstance(outcome, Appended)
    assert outcome.last_position == 1
    await api.close()


async def test_a_migration_gives_way_when_it_cannot_have_its_lock(empty: str) -> None:
    holder = await asyncpg.connect(empty)
    transaction = holder.transaction()
    await transaction.start()
    await holder.execute("create schema docket")  # another, slower migration
    engine = engine_of(empty)

    async with engine.connect() as connection:
        with pytest.raises(Exception) as refused:
            await connection.run_sync(upgrade_on)

    assert is_out_of_reach(refused.value)
    await transaction.rollback()
    await holder.close()


async def test_the_databases_of_a_cluster_can_be_made_at_the_same_time_and_one_twice(
    own_folder: Path,
) -> None:
    cluster = postgres.start(own_folder / "postgres")
    names = ["one", "two", "three"]
    for name in names:
        cluster.create_database(name)

    async def migrate(name: str) -> int:
        # processes of their own: Alembic runs once at a time in one
        program = (
            "import sys; from docket_runtime.schema import upgrade; upgrade.upgrade(sys.argv[1])"
        )
        url = cluster.url(database=name)
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, url)
        return await process.wait()

    try:
        assert await asyncio.gather(*map(migrate, [*names, "one"])) == [0, 0, 0, 0]
        query = "select rolname from pg_roles where rolname like 'docket%'"
        roles = await ask(cluster.url(), query)
    finally:
        postgres.stop(cluster)

    assert len(roles) == 6


async def test_everything_belongs_to_a_role_that_cannot_log_in(database: HasUrl) -> None:
    owners = await ask(
        database.url(),
        "select distinct r.rolname, r.rolcanlogin, r.rolsuper from pg_roles r join ("
        " select relowner as owner from pg_class where relnamespace = 'docket'::regnamespace"
        " union select proowner from pg_proc where pronamespace = 'docket'::regnamespace"
        " union select nspowner from pg_namespace where nspname = 'docket') o on o.owner = r.oid",
    )
    assert [tuple(owner) for owner in owners] == [("docket_owner", False, False)]


async def test_a_function_with_the_owners_rights_looks_names_up_nowhere_else(
    database: HasUrl,
) -> None:
    functions = await ask(
        database.url(),
        "select proname, proconfig[1] from pg_proc"
        " where pronamespace = 'docket'::regnamespace and prosecdef order by proname",
    )
    assert [tuple(function) for function in functions] == [
        (name, "search_path=pg_catalog, pg_temp")
        for name in (
            "append_access",
            "append_batch",
            "confirm_numbers",
            "content_digests",
            "file_digests",
            "hold_leases",
            "next_numbers",
            "probe_write",
            "stray_contents",
            "turn_command_days",
        )
    ]


async def ask(url: str, query: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(query))
    finally:
        await connection.close()
