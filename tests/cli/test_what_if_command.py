"""`docket whatif` and `docket forecast` over the imported sample in a real database."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from xml.etree import ElementTree

import msgspec
import pytest
from typer.testing import CliRunner, Result

from docket_cli.main import app
from docket_devstack.workspace import PROJECT
from docket_events.ticket import TicketCreated
from docket_import.cases import cases_of, survey
from docket_import.loading import load
from docket_import.mapping import history_of
from docket_import.rules import ImportRules
from docket_runtime.clock import wall_clock
from docket_runtime.database import Database
from docket_simulation.what_if.supposition import Supposition
from docket_simulation.what_if.tally import Tally, judge

SAMPLE = PROJECT / "data/uci-incidents/events.sample.jsonl"


class HasUrl(Protocol):
    def url(self, role: str = ...) -> str: ...


Run = Callable[..., Result]


@pytest.fixture
def run(database: HasUrl, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command against a database that has the sample in it."""
    url = database.url("docket_ticket_api")

    async def fill() -> None:
        connection = await Database(url, "test", may_lose=True).connect()
        await load(connection, survey(SAMPLE), ImportRules("uci-498"))
        await connection.close()

    asyncio.run(fill())
    monkeypatch.setenv("DOCKET_DATABASE_URL", url)
    monkeypatch.setenv("DOCKET_ENV", "test")
    return lambda *arguments: CliRunner().invoke(app, [*map(str, arguments)])


def by_hand(supposition: Supposition) -> Tally:
    tally, at = Tally(most=0), wall_clock()
    for case in cases_of(survey(SAMPLE)):
        history = history_of(case, ImportRules("uci-498"))
        created = history[0].event
        assert isinstance(created, TicketCreated)
        tally.add(judge(created.number, created, history, supposition, at))
    return tally


def test_C_02_the_command_counts_what_the_file_says(run: Run, tmp_path: Path) -> None:
    expected = by_hand(Supposition(readings={"info": "resume"}))
    picture = tmp_path / "picture.svg"

    ran = run("whatif", "--reading", "info=resume", "--most", 3, "--json", "--svg", picture)

    assert ran.exit_code == 0, ran.output
    told = msgspec.json.decode(ran.stdout)
    assert told["tickets"] == 300
    assert told["breaches"] == expected.breaches
    assert told["supposed_breaches"] == expected.supposed_breaches
    assert told["appeared"] == expected.appeared
    assert told["vanished"] == expected.vanished
    assert len(told["appearing"]) == min(3, sum(expected.appeared.values()))
    titles = [title.text for title in ElementTree.parse(picture).findall(".//{*}title")]
    assert f"Low, breaches that appear: {expected.appeared.get('Low', 0):,}" in titles


def test_a_period_leaves_the_rest_out_and_the_table_says_why(run: Run) -> None:
    targets = ("--targets", "I-2025-09-08", "--level", "Privilege")

    ran = run("whatif", *targets, "--since", "2016-03-01", "--until", "2016-03-02", "--json")
    told = msgspec.json.decode(ran.stdout)
    table = run("whatif", *targets, "--since", "2016-03-01", "--until", "2016-03-02")

    assert 0 < told["tickets"] < 300
    assert told["sum"] in table.stdout
    assert "would be late" in " ".join(table.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "suppose a reading"),
        (("--reading", "speed=fast"), "no reading 'speed'"),
        (("--targets", "Q-1"), "no edition 'Q-1'"),
        (("--calendar", "NEVER"), "no calendar"),
    ],
)
def test_a_question_that_makes_no_sense_exits_with_2(
    run: Run, arguments: tuple[str, ...], says: str
) -> None:
    ran = run("whatif", *arguments)

    assert ran.exit_code == 2
    assert says in " ".join(ran.output.split())


def test_nothing_imported_is_due(run: Run, tmp_path: Path) -> None:
    picture = tmp_path / "due.svg"

    ran = run("forecast", "--days", 2, "--json", "--svg", picture)

    assert ran.exit_code == 0, ran.output
    told = msgspec.json.decode(ran.stdout)
    assert told["ahead"] == told["hours"] == told["late"] == []
    assert ElementTree.parse(picture).getroot().tag.endswith("svg")
    assert "nothing due until" in run("forecast").stdout


def test_a_database_that_is_away_is_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKET_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("DOCKET_ENV", "test")

    for command in (["whatif", "--reading", "info=resume"], ["forecast"]):
        ran = CliRunner().invoke(app, command)
        assert ran.exit_code == 1
        assert "out of reach" in ran.output
