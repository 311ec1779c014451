"""`docket migrate`: from nothing to the schema of today, once, and clear words where it cannot."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from terminal import Terminal

from docket_devstack import postgres
from docket_runtime.schema.upgrade import head


@pytest.fixture
def empty(cluster: postgres.Cluster, tmp_path: Path) -> Iterator[str]:
    name = re.sub(r"\W", "_", tmp_path.name.lower())
    cluster.drop_database(name)
    cluster.create_database(name)
    yield cluster.url(database=name)
    cluster.drop_database(name)


@pytest.fixture
def somebody(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("DOCKET_ENV", "test")  # not the system that may run in this checkout
    return Terminal()


def test_an_empty_database_is_migrated_once(
    somebody: Terminal, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKET_LOG_PARTITIONS", "3")
    first = somebody.asks("migrate", "--database-url", empty)
    monkeypatch.setenv("DOCKET_DATABASE_URL", empty)
    second = somebody.asks("migrate")

    assert first == {"from": None, "to": head()}
    assert second == {"from": head(), "to": head()}
    assert asked(empty, "select count(*) from docket.log_partitions") == 3


def test_people_are_told_from_where_to_where(somebody: Terminal, empty: str) -> None:
    words = ("migrate", "--database-url", empty)
    assert somebody.reads(*words) == f"upgraded from nothing to {head()}\n"
    assert somebody.reads(*words) == f"nothing to do: the database is at {head()}\n"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("postgresql://postgres@127.0.0.1:1/docket", "out of reach"),
        ("{server}/there_is_none", 'database "there_is_none" does not exist'),
        ("{role}", "permission denied"),
        ("nonsense", "Could not parse"),
    ],
)
def test_what_stands_in_the_way_is_told_in_a_line(
    somebody: Terminal, empty: str, url: str, why: str
) -> None:
    server = empty.rpartition("/")[0]
    role = empty.replace("postgres@", "docket_ticket_api@")

    done = somebody.types("migrate", "--database-url", url.format(server=server, role=role))

    assert done.exit_code == 1
    assert done.output.startswith("docket: ")
    assert why in done.output
    assert "Traceback" not in done.output


def test_a_database_of_a_newer_docket_is_left_alone(somebody: Terminal, database: Any) -> None:
    asked(database.url(), "update alembic_version set version_num = '9999'")

    done = somebody.types("migrate", "--database-url", database.url())

    assert done.exit_code == 1
    assert "the database is at 9999, which is unknown here" in done.output


def asked(url: str, query: str) -> Any:
    async def ask() -> Any:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return asyncio.run(ask())
