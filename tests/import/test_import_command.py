"""`docket import`: what it says, what it refuses, and what it takes all the same."""

import gzip
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from imported_sample import CASES, SAMPLE, HasUrl
from typer import Typer
from typer.testing import CliRunner, Result

from docket_cli.log.import_ import import_command
from docket_devstack.workspace import PROJECT


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


def test_a_database_that_is_not_there_ends_the_command_with_a_word(
    docket_import: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKET_DATABASE_URL", "postgresql://docket_ticket_api@127.0.0.1:1/docket")

    result = docket_import(SAMPLE)

    assert result.exit_code == 1
    assert "out of reach" in result.stderr
