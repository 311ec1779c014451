"""Imported tickets in the log: each whole, each once, whatever happens on the way."""

import gzip
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Protocol

import asyncpg
import msgspec
import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from docket_cli.log.import_ import import_command
from docket_devstack.workspace import PROJECT
from docket_import.loading import TICKETS_TOGETHER, Loaded, check, load
from docket_lifecycle.state.fold import fold
from docket_runtime.database import Database
from docket_runtime.store.history import read_many
from docket_runtime.unavailable import Unavailable

SAMPLE = PROJECT / "data/uci-incidents/events.sample.jsonl"
CASES, LINES, EVENTS = 300, 1_438, 3_223


class HasUrl(Protocol):
    def url(self, role: str = ...) -> str: ...


@pytest.fixture
async def connection(database: HasUrl) -> AsyncIterator[asyncpg.Connection]:
    opened = await Database(database.url("docket_ticket_api"), "test", may_lose=True).connect()
    yield opened
    await opened.close()


async def load_sample(connection: asyncpg.Connection, path: Path = SAMPLE) -> Loaded:
    return await load(connection, check(path, "uci-498"), "uci-498")


async def test_the_sample_is_imported_once_and_the_second_time_nothing_is(
    connection: asyncpg.Connection,
) -> None:
    first = await load_sample(connection)
    again = await load_sample(connection)

    assert first == Loaded(CASES, LINES, imported=CASES, events=EVENTS)
    assert again == Loaded(CASES, LINES, already_there=CASES)
    assert await connection.fetchval("select count(*) from docket.events") == EVENTS
    assert await connection.fetchval("select count(*) from docket.tickets") == CASES


async def test_the_log_stays_dense_and_every_event_is_the_imports(
    connection: asyncpg.Connection,
) -> None:
    await load_sample(connection)

    log = await connection.fetchrow(
        """
        select min(position), max(position), count(distinct correlation_id) as runs,
            array_agg(distinct actor_kind || ' ' || actor_id) as actors,
            max(occurred_at) < min(recorded_at) as of_the_past
        from docket.events
        """
    )
    assert tuple(log) == (1, EVENTS, 1, ["import uci-498"], True)
    head = await connection.fetchval("select head_position from docket.log_partitions")
    assert head == EVENTS


async def test_an_imported_ticket_is_read_back_and_folds_to_its_row(
    connection: asyncpg.Connection,
) -> None:
    await load_sample(connection)

    row = await connection.fetchrow(
        "select * from docket.tickets where number = 'INC0000045' and imported"
    )
    histories = await read_many(connection, row["partition"], [row["ticket_id"]])
    ticket = fold(row["ticket_id"], histories[row["ticket_id"]])

    assert ticket is not None
    assert (row["version"], row["status"]) == (ticket.version, "final")
    assert row["created_at"].isoformat() == "2016-02-29T01:16:00+00:00"
    assert ticket.closed is not None
    assert row["closed_at"] == ticket.closed.at


async def test_an_import_cut_short_leaves_whole_tickets_and_goes_on(
    connection: asyncpg.Connection,
) -> None:
    class PulledPlug(Exception):
        pass

    def pull_the_plug(loaded: Loaded) -> None:
        if loaded.imported:
            raise PulledPlug

    surveyed = check(SAMPLE, "uci-498")
    with pytest.raises(PulledPlug):
        await load(connection, surveyed, "uci-498", pull_the_plug)
    half = await connection.fetchval("select count(*) from docket.tickets")
    torn = await connection.fetchval(
        """
        select count(*) from docket.tickets as t where t.version <>
            (select count(*) from docket.events as e where e.ticket_id = t.ticket_id)
        """
    )
    rest = await load(connection, surveyed, "uci-498")

    assert half == TICKETS_TOGETHER
    assert torn == 0
    assert (rest.imported, rest.already_there) == (CASES - half, half)
    assert await connection.fetchval("select count(*) from docket.events") == EVENTS


async def test_a_case_that_is_told_otherwise_later_is_counted_and_not_written(
    connection: asyncpg.Connection, tmp_path: Path
) -> None:
    later = tmp_path / "later.jsonl"
    later.write_bytes(SAMPLE.read_bytes().replace(b'"Category 55"', b'"Category 56"', 1))
    await load_sample(connection)

    again = await load_sample(connection, later)

    assert (again.already_there, again.changed, again.imported) == (CASES, 1, 0)


async def test_the_same_cases_of_another_source_would_share_numbers_and_are_refused(
    connection: asyncpg.Connection,
) -> None:
    await load_sample(connection)

    with pytest.raises(asyncpg.UniqueViolationError):
        await load(connection, check(SAMPLE, "elsewhere"), "elsewhere")

    assert await connection.fetchval("select count(*) from docket.events") == EVENTS


async def test_a_database_out_of_reach_is_said_so(connection: asyncpg.Connection) -> None:
    await connection.close()

    with pytest.raises(Unavailable):
        await load_sample(connection)


@pytest.fixture
def docket_import(database: HasUrl, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command against this test's database."""
    monkeypatch.setenv("DOCKET_DATABASE_URL", database.url("docket_ticket_api"))
    monkeypatch.setenv("DOCKET_ENV", "test")
    app = Typer()
    app.command()(import_command)
    return lambda *arguments: CliRunner().invoke(app, [str(each) for each in arguments])


def test_the_command_says_what_it_did_as_json(docket_import: Callable[..., Result]) -> None:
    result = docket_import(SAMPLE, "--limit", 10, "--json")

    assert result.exit_code == 0, result.output
    said = msgspec.json.decode(result.stdout)
    assert said.pop("seconds") > 0
    assert said.pop("events") > 40
    assert said == {
        "tickets": 10,
        "lines": said["lines"],
        "imported": 10,
        "already_there": 0,
        "changed": 0,
    }


def test_the_command_tells_people_how_many_were_there(
    docket_import: Callable[..., Result],
) -> None:
    docket_import(SAMPLE, "--limit", 10)

    result = docket_import(SAMPLE, "--limit", 15)

    assert result.exit_code == 0
    assert "5 tickets imported" in result.stderr
    assert "10 were already there" in result.stderr


def test_one_bad_line_at_the_end_and_nothing_is_written(
    docket_import: Callable[..., Result], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.jsonl.gz"
    wrong = SAMPLE.read_bytes().splitlines()[0].replace(b'"Phone"', b'"Pigeon"')
    bad.write_bytes(gzip.compress(SAMPLE.read_bytes() + wrong))

    result = docket_import(bad)

    assert result.exit_code == 1
    assert "line 1439, data.channel" in result.stderr.replace("\n", " ")
    after = msgspec.json.decode(docket_import(SAMPLE, "--json").stdout)
    assert (after["imported"], after["already_there"]) == (CASES, 0)


def test_a_database_that_is_not_there_ends_the_command_with_a_word(
    docket_import: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKET_DATABASE_URL", "postgresql://docket_ticket_api@127.0.0.1:1/docket")

    result = docket_import(SAMPLE)

    assert result.exit_code == 1
    assert "out of reach" in result.stderr
