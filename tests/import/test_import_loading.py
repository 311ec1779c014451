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
from docket_import.cases import survey
from docket_import.formats import reader_for
from docket_import.loading import TICKETS_TOGETHER, Loaded, load
from docket_import.rules import ImportRules
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
    return await load(connection, survey(path), ImportRules("uci-498"))


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

    surveyed = survey(SAMPLE)
    with pytest.raises(PulledPlug):
        await load(connection, surveyed, ImportRules("uci-498"), pull_the_plug)
    half = await connection.fetchval("select count(*) from docket.tickets")
    torn = await connection.fetchval(
        """
        select count(*) from docket.tickets as t where t.version <>
            (select count(*) from docket.events as e where e.ticket_id = t.ticket_id)
        """
    )
    rest = await load(connection, surveyed, ImportRules("uci-498"))

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
        await load(connection, survey(SAMPLE), ImportRules("elsewhere"))

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
        "set_aside": 0,
        "faults": [],
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


WRONG = """\
{"case":"A","occurred_at":"2026-03-02T09:00:00Z","type":"TicketCreated","data":{"channel":"Email","priority":"4 - Low"}}
{"case":"B","occurred_at":"2026-03-02T09:00:00Z","type":"TicketCreated","data":{"channel":"Email","priority":"urgent"}}
{"case":"C","occurred_at":"2036-03-02T09:00:00Z","type":"TicketCreated","data":{"channel":"Email","priority":"4 - Low"}}
{"case":"D","occurred_at":"2011-03-02T09:00:00Z","type":"TicketCreated","data":{"channel":"Email","priority":"4 - Low"}}
{"case":"E","occurred_at":"2026-03-02T09:00:00Z","type":"TicketCreated","data":{"channel":"Email","priority":"4 - Low"}}
{"case":"E","occurred_at":"2026-03-02T10:00:00Z","type":"Closed","data":{}}
{"case":"E","occurred_at":"2026-03-02T11:00:00Z","type":"Responded","data":{}}
{"case":"E","occurred_at":"2026-03-02T12:00:00Z","type":"Responded","data":{}}
"""  # noqa: E501 - lines of a file
FAULTS = [
    (2, "data.priority", "B"),
    (3, "occurred_at", "C"),
    (4, "occurred_at", "D"),
    (7, "type", "E"),
    (8, "type", "E"),
]


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "wrong.jsonl"
    path.write_text(WRONG)
    return path


def test_check_says_all_that_is_wrong_at_once_and_writes_nothing(
    docket_import: Callable[..., Result], wrong: Path
) -> None:
    result = docket_import(wrong, "--check", "--json")
    said = msgspec.json.decode(result.stdout)

    assert result.exit_code == 1
    assert [(each["line"], each["field"], each["case"]) for each in said["faults"]] == FAULTS
    assert {each["file"] for each in said["faults"]} == {str(wrong)}
    assert (said["imported"], said["set_aside"], said["tickets"]) == (0, 4, 5)
    told = docket_import(wrong, "--check").stderr
    assert "line 2, data.priority" in told
    assert "one of 1 - Critical, 2 - High, 3 - Moderate, 4 - Low" in told
    assert "5 things are wrong in 4 of 5 cases" in told
    assert docket_import(SAMPLE, "--check").exit_code == 0
    assert msgspec.json.decode(docket_import(SAMPLE, "--json").stdout)["imported"] == CASES


def test_skip_bad_takes_the_rest_and_reports(
    docket_import: Callable[..., Result], wrong: Path
) -> None:
    refused = docket_import(wrong, "--json")
    taken = docket_import(wrong, "--skip-bad", "--json")
    said = msgspec.json.decode(taken.stdout)

    assert (refused.exit_code, taken.exit_code) == (1, 3)
    assert msgspec.json.decode(refused.stdout)["imported"] == 0
    assert (said["imported"], said["set_aside"]) == (1, 4)
    assert [(each["line"], each["field"], each["case"]) for each in said["faults"]] == FAULTS


def test_history_before_the_calendars_is_taken_when_it_is_asked_for(
    docket_import: Callable[..., Result], wrong: Path
) -> None:
    taken = docket_import(wrong, "--skip-bad", "--before-calendars", "--json")

    said = msgspec.json.decode(taken.stdout)
    assert (said["imported"], said["set_aside"]) == (2, 3)


def test_numbers_that_are_there_already_are_named_and_a_prefix_tells_them_apart(
    docket_import: Callable[..., Result],
) -> None:
    docket_import(SAMPLE, "--limit", 3)

    again = docket_import(SAMPLE, "--limit", 4, "--source", "elsewhere", "--json")
    other = docket_import(SAMPLE, "--limit", 4, "--source", "elsewhere", "--prefix", "B-")

    assert again.exit_code == 1
    faults = msgspec.json.decode(again.stdout)["faults"]
    assert [each["field"] for each in faults] == ["case"] * 3
    assert faults[0]["case"] == faults[0]["value"] == "INC0000045"
    assert "--prefix" in faults[0]["right"]
    assert other.exit_code == 0, other.output


def test_a_file_that_is_no_json_is_told_so(
    docket_import: Callable[..., Result], tmp_path: Path
) -> None:
    examples = PROJECT / "data/import-examples"

    refused = docket_import(examples / "log.xes")
    taken = docket_import(examples / "log.csv", "--mapping", examples / "log.toml", "--json")

    assert refused.exit_code == 1
    assert "looks like XES" in refused.stderr
    assert taken.exit_code == 0, taken.output
    assert msgspec.json.decode(taken.stdout)["imported"] == 2


async def test_texts_lie_beside_the_log_and_people_stand_as_those_for_whom_it_tells(
    connection: asyncpg.Connection,
) -> None:
    examples = PROJECT / "data/import-examples"
    reader = reader_for(examples / "log.csv", examples / "log.toml")
    await load(connection, survey(examples / "log.csv", reader), ImportRules("desk"))

    kinds = await connection.fetch("select kind, body from docket.contents")
    events = await connection.fetch("select * from docket.events order by position")
    assert sorted(row["kind"] for row in kinds).count("contact") == 2
    stored = b"".join(row["body"] for row in events).decode()
    assert not [row for row in kinds if row["body"].decode() in stored]
    assert {row["on_behalf_of"] for row in events if row["type"] == "ResponseSent"} == {
        "j.-schmidt",
        "m.-roth",
    }
    assert {row["actor_kind"] for row in events} == {"import"}


def test_a_database_that_is_not_there_ends_the_command_with_a_word(
    docket_import: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKET_DATABASE_URL", "postgresql://docket_ticket_api@127.0.0.1:1/docket")

    result = docket_import(SAMPLE)

    assert result.exit_code == 1
    assert "out of reach" in result.stderr
