"""`docket migrate`: from nothing to the schema of today, once, and clear words where it cannot."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from terminal import Terminal

from docket_cli.installation.migrate import LEFT
from docket_devstack import postgres
from docket_runtime.schema.migrations import head, migrations_after

NEWER = "update alembic_version set version_num = '9999'"
TAKEN_AWAY = f"{NEWER}; update docket.schema_range set oldest_code = '9998'"
LOCK = "select pg_advisory_xact_lock(hashtext('docket_migrations'))"
SLOW = """
    create function public.slow() returns event_trigger language plpgsql
    as $$ begin perform pg_sleep(60); end $$;
    create event trigger slow on ddl_command_start when tag in ('CREATE SCHEMA')
    execute function public.slow();
"""


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


def test_people_are_told_each_migration_and_from_where_to_where(
    somebody: Terminal, empty: str
) -> None:
    words = ("migrate", "up", "--database-url", empty)
    *migrations, done = somebody.reads(*words).splitlines()

    assert [line.split("  ")[0] for line in migrations] == [
        each.revision for each in migrations_after(None)
    ]
    assert "0010  An index that finds the tickets linked to a defect." in migrations
    assert done == f"upgraded from nothing to {head()}"
    assert somebody.reads(*words) == f"nothing to do: the database is at {head()}\n"


def test_status_says_what_is_left_and_whether_services_can_run(
    somebody: Terminal, empty: str
) -> None:
    words = ("migrate", "status", "--database-url", empty)
    before = somebody.types(*words, "--json")
    words_before = somebody.types(*words)
    somebody.reads("migrate", "--database-url", empty)
    role = empty.replace("postgres@", "docket_notifier@")

    assert before.exit_code == words_before.exit_code == LEFT
    assert json.loads(before.output) == {
        "database": None,
        "code": head(),
        "left": [each.revision for each in migrations_after(None)],
        "newer": False,
        "services_can_run": False,
    }
    assert words_before.output.startswith(f"the database is at nothing, this Docket has {head()}")
    assert somebody.asks("migrate", "status", "--database-url", role) == {
        "database": head(),
        "code": head(),
        "left": [],
        "newer": False,
        "services_can_run": True,
    }
    assert somebody.reads(*words).splitlines() == [
        f"the database is at {head()}, this Docket has {head()}",
        "nothing is left to do",
        "services of this Docket can run on it",
    ]


def test_services_do_not_run_on_a_database_that_took_away_what_they_use(
    somebody: Terminal, database: Any
) -> None:
    run(database.url(), TAKEN_AWAY)
    done = somebody.types("migrate", "status", "--database-url", database.url())
    assert done.exit_code == LEFT
    assert done.output.splitlines()[1:] == [
        "that revision is unknown here: it is the database of a newer Docket",
        "services of this Docket cannot run on it",
    ]


def test_the_plan_tells_what_each_migration_stops(somebody: Terminal, database: Any) -> None:
    asked(database.url(), "update alembic_version set version_num = '0009'")
    words = ("migrate", "plan", "--database-url", database.url())
    people, machine = somebody.types(*words), somebody.types(*words, "--json")

    assert people.exit_code == machine.exit_code == LEFT
    assert people.output.splitlines()[:3] == [
        "0010  An index that finds the tickets linked to a defect.",
        "      stops writes of docket.events",
        "0011  The order of the queue and the filter by support, in the list of tickets.",
    ]
    assert json.loads(machine.output)[0] == {
        "revision": "0010",
        "says": "An index that finds the tickets linked to a defect.",
        "stops": {"docket.events": "writes"},
    }


def test_where_nothing_is_left_the_plan_says_so(somebody: Terminal, database: Any) -> None:
    assert somebody.asks("migrate", "plan", "--database-url", database.url()) == []
    told = somebody.reads("migrate", "plan", "--database-url", database.url())
    assert "nothing is left to do" in told


def test_options_of_the_group_belong_behind_its_command(somebody: Terminal) -> None:
    done = somebody.types("migrate", "--lock-s", "1", "status")
    assert (done.exit_code, "write options behind status" in done.output) == (2, True)


def test_who_holds_a_lock_is_waited_for_as_long_as_one_says(
    somebody: Terminal, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("migrate", "up", "--database-url", empty)
    with held(empty, "create schema docket"):  # as another, slower migration does
        by_option = somebody.types(*words, "--lock-s", "0.1")
        monkeypatch.setenv("DOCKET_MIGRATE_LOCK_S", "0.1")
        by_setting = somebody.types(*words)

    for done in (by_option, by_setting):
        assert done.exit_code == 1
        assert "a service held a lock that a migration needs, so nothing was changed" in done.output
    assert asked(empty, "select to_regnamespace('docket')") is None


def test_a_statement_that_takes_too_long_is_given_up(somebody: Terminal, empty: str) -> None:
    run(empty, SLOW)
    done = somebody.types("migrate", "up", "--database-url", empty, "--statement-s", "0.1")
    assert done.exit_code == 1
    assert "a statement took longer than it may, so nothing was changed" in done.output
    assert asked(empty, "select to_regnamespace('docket')") is None


def test_of_two_at_once_the_second_waits_and_finds_nothing_left(database: Any) -> None:
    words = [sys.executable, "-m", "docket_cli", "migrate", "--database-url", database.url()]
    there = {**os.environ, "DOCKET_ENV": "test"}
    with (
        held(database.url(), LOCK) as first,
        subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=there) as second,
    ):
        assert second.stderr is not None
        waits = second.stderr.readline()
        first()
        rest = second.stderr.read()

    assert second.returncode == 0
    assert waits == "another docket migrate is at work: waiting for it\n"
    assert rest == f"nothing to do: the database is at {head()}\n"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("postgresql://postgres@127.0.0.1:1/docket", "out of reach"),
        ("{server}/there_is_none", 'database "there_is_none" does not exist'),
        ("{role}", "permission denied"),
        ("nonsense", "Could not parse"),
        ("postgresql://me:s3c/r3t@127.0.0.1/docket", "--database-url is no address"),
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
    assert not any(part in done.output for part in ("Traceback", "s3c", "r3t"))


def test_a_database_of_a_newer_docket_is_left_alone(somebody: Terminal, database: Any) -> None:
    run(database.url(), NEWER)

    done = somebody.types("migrate", "--database-url", database.url())

    assert done.exit_code == 1
    assert "the database is at 9999, which is unknown here" in done.output
    status = somebody.types("migrate", "status", "--database-url", database.url(), "--json")
    assert status.exit_code == LEFT
    told = json.loads(status.output)
    assert (told["database"], told["newer"], told["services_can_run"]) == ("9999", True, True)


@contextmanager
def held(url: str, statement: str) -> Iterator[Callable[[], None]]:
    """Keep a transaction open that has run a statement; yield what ends it."""
    with asyncio.Runner() as runner:
        connection = runner.run(asyncpg.connect(url))
        runner.run(connection.execute(f"begin; {statement}"))
        yield lambda: runner.run(connection.close())
        runner.run(connection.close())


def run(url: str, script: str) -> None:
    with asyncio.Runner() as runner:
        connection = runner.run(asyncpg.connect(url))
        runner.run(connection.execute(script))
        runner.run(connection.close())


def asked(url: str, query: str) -> Any:
    with asyncio.Runner() as runner:
        connection = runner.run(asyncpg.connect(url))
        answer = runner.run(connection.fetchval(query))
        runner.run(connection.close())
    return answer
