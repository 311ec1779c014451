"""A log that was restored to an earlier point: nothing is signed, no number is given twice."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sealed_logs import sealed, some_tickets

from chronicle import Chronicle
from docket_devstack import postgres, unprivileged
from docket_devstack.processes import run
from docket_proof.note import Signer
from docket_runtime.database import Database
from docket_runtime.process.health import HealthChecks
from docket_runtime.proof.number_guard import NumberGuard
from servers import clear, create_migrated
from surroundings import Database as Named

NOW = "2026-06-08T09:00:00"
NEXT = "select docket.next_numbers()"
SIZES = "select size from docket.log_checkpoints where partition = 0 order by size"


async def value(url: str, query: str, *arguments: object) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query, *arguments)
    finally:
        await connection.close()


async def sizes(database: Named) -> list[int]:
    connection = await asyncpg.connect(database.url())
    try:
        return [row["size"] for row in await connection.fetch(SIZES)]
    finally:
        await connection.close()


async def proof_of(database: Named) -> str | None:
    reached = Database(database.url("docket_sla_clock"), "test", may_lose=True)
    checks = HealthChecks(reached, registration_alert_minutes=15)
    try:
        return await checks.proof()
    finally:
        await checks.close()


async def guarded(database: Named, key: Signer, copy: Path) -> None:
    reached = Database(database.url("docket_sla_clock"), "numbers", may_lose=True)
    guard = NumberGuard(reached, copy, [key.verifier])
    await guard.step()
    await guard.close()


@pytest.fixture
def earlier(cluster: postgres.Cluster, worker_id: str) -> Iterator[Named]:
    """A database that a test makes of another one, at some point of its life."""
    name = f"docket_{worker_id}_earlier"
    yield Named(cluster, name)
    cluster.drop_database(name)


@pytest.fixture
async def went_back(
    database: Named, earlier: Named, key: Signer, copy: Path, chronicle: Chronicle
) -> Named:
    """A database with 9 events that are signed, while the copy knows of 18."""
    await some_tickets(chronicle)
    await sealed(database, key, copy)
    database.cluster.create_database(earlier.name, template=database.name)
    await some_tickets(chronicle)
    await sealed(database, key, copy)
    return earlier


async def test_a_log_that_is_shorter_than_its_copied_checkpoints_is_signed_no_more(
    went_back: Named, key: Signer, copy: Path
) -> None:
    await some_tickets(Chronicle(went_back.url(), NOW), 1)
    await sealed(went_back, key, copy)

    assert await sizes(went_back) == [9]
    told = "the log ends at 12, and a checkpoint of 18 events was signed"
    assert await proof_of(went_back) == f"partition 0 is signed no more: {told}"


async def test_a_log_that_went_on_otherwise_is_signed_no_more(
    went_back: Named, key: Signer, copy: Path
) -> None:
    await some_tickets(Chronicle(went_back.url(), NOW), 5)
    await sealed(went_back, key, copy)

    assert await sizes(went_back) == [9]
    told = await proof_of(went_back)
    assert told is not None
    assert "its first 18 events are not those that were signed" in told


async def test_a_log_that_somebody_signed_without_the_copy_is_found_too(
    went_back: Named, key: Signer, copy: Path
) -> None:
    await some_tickets(Chronicle(went_back.url(), NOW), 5)
    await sealed(went_back, key, None)
    await sealed(went_back, key, copy)

    told = await proof_of(went_back)
    assert told is not None
    assert "the log lacks the checkpoint of 18 events that was signed" in told


async def test_a_log_that_is_what_its_copy_says_is_signed_on(
    database: Named, key: Signer, copy: Path, chronicle: Chronicle
) -> None:
    for _ in range(2):
        await some_tickets(chronicle)
        await sealed(database, key, copy)

    assert await sizes(database) == [9, 18]
    assert await proof_of(database) is None


async def test_numbers_go_on_beyond_those_that_the_copy_knows(
    database: Named, earlier: Named, key: Signer, copy: Path, chronicle: Chronicle
) -> None:
    database.cluster.create_database(earlier.name, template=database.name)
    api = database.url("docket_ticket_api")
    given = [await value(api, NEXT) for _ in range(4)]
    await some_tickets(chronicle)
    await sealed(database, key, copy)

    await guarded(earlier, key, copy)
    after = await value(earlier.url("docket_ticket_api"), NEXT)
    await guarded(earlier, key, copy)

    assert after > max(given)
    assert await value(earlier.url("docket_ticket_api"), NEXT) == after + 100, "moved once"


async def test_no_number_is_given_on_a_timeline_that_nobody_has_confirmed(
    database: Named, key: Signer, copy: Path
) -> None:
    api = database.url("docket_ticket_api")
    given = await value(api, NEXT)
    await value(database.url(), "update docket.log_timeline set timeline = 99 returning 1")

    with pytest.raises(asyncpg.CannotConnectNowError, match="restored or has failed over"):
        await value(api, NEXT)
    await guarded(database, key, copy)

    assert await value(api, NEXT) >= given + 10_000


@pytest.fixture
def archived(own_folder: Path) -> Iterator[tuple[Path, Path]]:
    """A server that archives its log, and the folder of the archive."""
    server, archive = own_folder / "first", own_folder / "archive"
    archive.mkdir()
    server.mkdir()
    unprivileged.own(archive)
    yield server, archive
    for folder in (server, own_folder / "second"):
        clear(folder)


async def test_a_point_in_time_restore_signs_nothing_and_gives_no_number_twice(
    archived: tuple[Path, Path], key: Signer, copy: Path
) -> None:
    server, archive = archived
    options = {"archive_mode": "on", "archive_command": f"cp %p {archive}/%f"}
    cluster = postgres.start(server / "postgres", options=options)
    create_migrated(cluster, "docket")
    database = Named(cluster, "docket")
    chronicle = Chronicle(database.url(), NOW)
    await some_tickets(chronicle)
    await sealed(database, key, copy)
    second = server.parent / "second" / "postgres"
    base = [postgres.binary("pg_basebackup"), "-D", str(second / "data"), "-d", cluster.url()]
    second.mkdir(parents=True)
    unprivileged.own(second)
    assert run(unprivileged.command([*base, "-c", "fast"])).returncode == 0
    await value(database.url(), "select pg_create_restore_point('earlier')::text")
    given = [await value(database.url("docket_ticket_api"), NEXT) for _ in range(3)]
    await some_tickets(chronicle)
    await sealed(database, key, copy)
    await value(database.url(), "select pg_switch_wal()::text")
    postgres.stop(cluster)

    (second / "data" / "recovery.signal").touch()
    restored = postgres.start(
        second,
        options={
            "restore_command": f"cp {archive}/%f %p",
            "recovery_target_name": "earlier",
            "recovery_target_action": "promote",
        },
    )
    after = Named(restored, "docket")
    async with asyncio.timeout(30):
        while await value(after.url(), "select pg_is_in_recovery()"):
            await asyncio.sleep(0.05)
    with pytest.raises(asyncpg.CannotConnectNowError, match="restored or has failed over"):
        await value(after.url("docket_ticket_api"), NEXT)
    await guarded(after, key, copy)
    await sealed(after, key, copy)

    assert await value(after.url("docket_ticket_api"), NEXT) > max(given)
    assert await sizes(after) == [9]
    assert "a checkpoint of 18 events was signed" in str(await proof_of(after))
