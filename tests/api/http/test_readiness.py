"""ticket-api is ready only for a database that takes what it writes."""

from typing import Any

import asyncpg
import pytest


async def ready(http: Any) -> tuple[int, dict[str, str]]:
    answer = await http.get("/readyz")
    return answer.status_code, answer.json()["checks"]


@pytest.fixture
async def superuser(app: Any, database: Any) -> Any:
    connection = await asyncpg.connect(database.url())
    yield connection
    await connection.close()


async def test_a_database_with_all_migrations_is_one(http: Any) -> None:
    assert (await ready(http))[0] == 200


async def test_one_that_does_not_take_our_events_is_none(http: Any, superuser: Any) -> None:
    await superuser.execute("delete from docket.event_writers where type = 'TicketSuspended'")

    status, checks = await ready(http)

    assert status == 503
    assert "TicketSuspended" in checks["migrations"]


async def test_one_of_another_release_is_none(http: Any, superuser: Any) -> None:
    await superuser.execute("update alembic_version set version_num = '0001'")

    status, checks = await ready(http)

    assert status == 503
    assert "0001" in checks["migrations"]
