"""Readiness sees what cannot be done, by trying it or by what is left undone."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from chronicle import Chronicle
from docket_devstack import postgres, unprivileged
from docket_devstack.processes import run
from docket_runtime.database import Database
from docket_runtime.files import Files
from docket_runtime.loops import Loop
from docket_runtime.process import probes
from docket_runtime.process.health import HealthChecks
from docket_runtime.store.append import Appender
from people import created
from servers import create_migrated
from surroundings import Database as Named

API, CLOCK = "docket_ticket_api", "docket_sla_clock"
SMALL_DISK = 192  # MB: PostgreSQL with our schema, and little more


@pytest.fixture
async def watch(database: Named) -> AsyncIterator[HealthChecks]:
    reached = Database(database.url(CLOCK), "watch", may_lose=True)
    checks = HealthChecks(reached, registration_alert_minutes=30)
    yield checks
    await checks.close()


@pytest.fixture
async def appender(database: Named) -> AsyncIterator[Appender]:
    appender = Appender(Database(database.url(API), "test", may_lose=True))
    yield appender
    await appender.close()


async def change(database: Named, statement: str) -> None:
    connection = await asyncpg.connect(database.url())
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def test_what_works_is_no_reason(watch: HealthChecks, appender: Appender) -> None:
    assert await appender.check() is None
    for check in (watch.appends, watch.relay, watch.clocks, watch.net, watch.timers, watch.proof):
        assert await check() is None


async def test_a_revoked_grant_is_seen(database: Named, appender: Appender) -> None:
    await change(database, f"revoke execute on function docket.append_batch from {API}")

    assert "permission denied for function append_batch" in str(await appender.check())


async def test_connections_that_are_used_up_are_seen(own_database: Named, worker_id: str) -> None:
    appender = Appender(Database(own_database.url(API), "test"))
    await change(own_database, f"alter role {API} connection limit 0")

    said = await appender.check()

    await change(own_database, f"alter role {API} connection limit -1")
    assert said is not None
    assert "TooManyConnectionsError" in said
    assert await appender.check() is None
    await appender.close()


async def test_a_database_that_only_reads_is_seen(database: Named, appender: Appender) -> None:
    await change(database, f"alter database {database.name} set default_transaction_read_only = on")

    assert "ReadOnlySQLTransactionError" in str(await appender.check())


async def test_another_migration_is_seen(database: Named, watch: HealthChecks) -> None:
    await change(database, "update alembic_version set version_num = '0001'")

    assert "the database is at 0001, we need" in str(await watch.migrations())


async def test_a_newer_schema_is_fit_unless_it_has_taken_away_what_we_use(
    database: Named, watch: HealthChecks
) -> None:
    await change(database, "update alembic_version set version_num = '9999'")
    assert await watch.migrations() is None

    await change(database, "update docket.schema_range set oldest_code = '9000'")

    assert "on which services run from 9000 on" in str(await watch.migrations())


async def test_a_backup_that_reads_every_table_hides_nothing_and_stops_nothing(
    database: Named, appender: Appender
) -> None:
    reader = await asyncpg.connect(database.url())
    async with reader.transaction():
        await reader.execute("lock table docket.write_probe in access share mode")
        assert await appender.check() is None
    await reader.close()


async def test_events_that_nobody_publishes_are_seen_whoever_should(
    database: Named, watch: HealthChecks
) -> None:
    await Chronicle(database.url(), "2026-06-12T12:00:00").ticket(
        ("2026-06-12T10:00:00", created())
    )

    for check in (watch.relay, watch.clocks, watch.net):
        assert "an event waits for" in str(await check())


async def test_a_file_store_that_is_away_is_seen(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "away").write_text("a file where the folder should be")

    assert await Files((tmp_path / "there").as_uri()).check() is None
    assert "out of reach" in str(await Files((tmp_path / "away").as_uri()).check())


async def test_a_loop_that_hangs_is_a_reason_to_restart_and_one_that_waits_is_none() -> None:
    started, stop = asyncio.Event(), asyncio.Event()

    async def hang() -> bool:
        started.set()
        await asyncio.Event().wait()
        return False

    loop = Loop("hung", hang, hung_s=0)
    app = Starlette(routes=probes.routes("test", {}, loops=[loop]))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test")
    assert (await client.get("/livez")).status_code == 200
    task = asyncio.create_task(loop.run(stop))
    await started.wait()

    answer = await client.get("/livez")

    assert (answer.status_code, answer.json()["loops"]) == (503, ["hung"])
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.fixture
def small_disk(own_folder: Path) -> Iterator[Path]:
    """A disk that is soon full."""
    folder = own_folder / "disk"
    unprivileged.own(folder)
    if (
        os.geteuid() != 0
        or run(
            ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}m", "tmpfs", str(folder)]
        ).returncode
    ):
        pytest.skip("a small disk is made by mounting one, and that is not allowed here")
    unprivileged.own(folder)
    shutil.chown(folder, *_owner(own_folder))
    yield folder
    cluster = postgres.running(folder / "postgres")
    if cluster is not None:
        postgres.stop(cluster)
    run(["umount", str(folder)])


def _owner(folder: Path) -> tuple[int, int]:
    told = folder.stat()
    return told.st_uid, told.st_gid


async def test_a_full_disk_is_seen_and_that_it_is_free_again(small_disk: Path) -> None:
    options = {"max_wal_size": "64MB", "min_wal_size": "32MB"}
    cluster = postgres.start(small_disk / "postgres", options=options)
    create_migrated(cluster, "docket")
    appender = Appender(Database(cluster.url(API, "docket"), "test"))
    assert await appender.check() is None
    filler = small_disk / "filler"
    with filler.open("wb") as file, suppress(OSError):
        while True:
            file.write(b"x" * 65536)
            file.flush()

    full = await appender.check()
    filler.unlink()

    assert full is not None
    assert "DiskFullError" in full
    assert await appender.check() is None
    await appender.close()
