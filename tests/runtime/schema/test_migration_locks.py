"""What `docket migrate plan` says of locks is what each migration holds when it is run."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from docket_devstack import postgres
from docket_runtime.new_ids import new_id
from docket_runtime.schema.migration_locks import READS_AND_WRITES, WRITES
from docket_runtime.schema.migrations import config, migrations_after

STOPS = {
    "AccessExclusiveLock": READS_AND_WRITES,
    "ExclusiveLock": WRITES,
    "ShareRowExclusiveLock": WRITES,
    "ShareLock": WRITES,
}
HELD = text("""
    select 'docket.' || c.relname, l.mode from pg_locks as l
    join pg_class as c on c.oid = l.relation and c.relkind in ('r', 'p')
    where l.pid = pg_backend_pid() and c.relnamespace = to_regnamespace('docket')
""")
TABLES = text("select 'docket.' || tablename from pg_tables where schemaname = 'docket'")


@pytest.fixture
def empty(cluster: postgres.Cluster, tmp_path: Path) -> Iterator[str]:
    name = re.sub(r"\W", "_", tmp_path.name.lower())
    cluster.drop_database(name)
    cluster.create_database(name)
    yield cluster.url(database=name)
    cluster.drop_database(name)


async def test_each_migration_stops_what_the_plan_says(empty: str) -> None:
    address = empty.replace("postgresql://", "postgresql+asyncpg://")
    engine = create_async_engine(address, poolclass=NullPool)
    told = {each.revision: each.stops for each in migrations_after(None)}

    held = {}
    for revision in told:
        async with engine.connect() as connection:
            held[revision] = await connection.run_sync(locks_of, revision)
    await engine.dispose()

    assert held == told


def locks_of(connection: Connection, revision: str) -> dict[str, str]:
    """Run one migration in a transaction of its own; return what it stopped of older tables."""
    before = {name for (name,) in connection.execute(TABLES)}
    connection.commit()
    stopped: dict[str, str] = {}

    def look(_: str) -> None:
        for table, mode in connection.execute(HELD):
            if table in before and mode in STOPS:
                worse = READS_AND_WRITES in (STOPS[mode], stopped.get(table))
                stopped[table] = READS_AND_WRITES if worse else WRITES

    ours = config()
    ours.attributes.update(
        connection=connection,
        new_log={"log_id": str(new_id()), "partitions": 1},
        development=True,
        lock_ms=5000,
        statement_ms=60_000,
        waits=lambda: None,
        applied=look,
        finish=lambda _: None,
    )
    command.upgrade(ours, revision)
    return stopped
