"""Commands that cannot answer say what to write, and an answer that is empty or cut says so."""

import asyncio
import json
from typing import Any

import asyncpg
import pytest
from terminal import NUMBERS, Terminal
from typer.testing import CliRunner

from docket_cli.config import development_settings, settings
from docket_cli.errors import CliError
from docket_cli.main import app
from late_evidence import TICKETS

INSTANT = "write 2026-06-11T12:00:00Z"
NUMBER = NUMBERS["late_answer"]


@pytest.fixture
def log(api: str, database: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The database under the commands that read it themselves."""
    monkeypatch.setenv("DOCKET_DATABASE_URL", database.url("docket_ticket_api"))
    monkeypatch.setenv("DOCKET_ENV", "test")
    return database


def words(printed: str) -> str:
    """Return the words of a message without the frame around them."""
    return " ".join(printed.replace("│", " ").split())


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("show", NUMBER, "--as-of", "yesterday"), f"{INSTANT}, or 2026-06-11 for its beginning"),
        (("show", NUMBER, "--as-of", "yesterday"), "or a version such as 17"),
        (("show", NUMBER, "--known-at", "3"), INSTANT),
        (("diff", NUMBER, "first"), INSTANT),
        (("diff", NUMBER, "1", "--one-known-at", "x"), INSTANT),
        (("explain", NUMBER, "--at", "noon"), INSTANT),
        (("timers", "--due-before", "soon"), INSTANT),
        (("pauses", "--since", "monday"), INSTANT),
        (("breaches", "--until", "2026-06-31"), INSTANT),
        (("whatif", "--calendar", "ALWAYS", "--since", "x"), INSTANT),
        (("export", "--from", "x"), INSTANT),
        (("tail", "--from", "2026-06-01"), "write a position (120), -20 for the last twenty"),
        (("tail", "--from", "999999"), "position 999999 is beyond the end"),
        (("pauses", "--since", "2026-06-09", "--until", "2026-06-08"), "not behind the beginning"),
        (("breaches", "--account", "nosuch"), "nothing of an account 'nosuch'"),
        (
            ("whatif", "--calendar", "ALWAYS", "--since", "2026-06-09", "--until", "2026-06-08"),
            "not behind the beginning",
        ),
        (("whatif", "--calendar", "ALWAYS", "--level", "Privilege"), "say of which edition"),
        (("export", "--from", "2016-10-01", "--until", "2016-09-01"), "not behind the beginning"),
        (("export", "--account", "nosuch", "--format", "bundle"), "of an account 'nosuch'"),
        (("export", "--product", "nosuch"), "no ticket on a product 'nosuch'"),
        (("export", "--ticket", "nosuch"), "no ticket nosuch"),
        (("export", "--cases", "opened"), "'opened' is none of created, closed, active"),
        (("timers", "--owner", "nobody"), "should be 'sla-clock' or 'notifier'"),
    ],
)
@pytest.mark.usefixtures("log")
def test_what_cannot_be_answered_is_refused_with_what_to_write(
    terminal: Terminal, command: tuple[str, ...], says: str
) -> None:
    done = terminal.types(*command)

    assert done.exit_code == 2, done.output
    assert says in words(done.output)
    assert "function-before" not in done.output
    assert "constrained-str" not in done.output


@pytest.mark.usefixtures("log")
def test_times_are_read_alike_by_every_command(terminal: Terminal) -> None:
    """A day is its beginning in UTC, and a zone may be named."""
    ways = ("2026-06-10T00:00:00Z", "2026-06-10", "2026-06-10T02:00+02:00", "2026-06-10 00:00")
    shown = [terminal.asks("show", NUMBER, "--as-of", way)["point"] for way in ways]
    assert [point["at"] for point in shown] == ["2026-06-10T00:00:00Z"] * 4

    day = ("--since", "2026-06-08", "--until", "2026-06-09")
    assert terminal.asks("breaches", *day)["from"] == "2026-06-08T00:00:00Z"
    judged = json.loads(terminal.types("whatif", "--calendar", "ALWAYS", *day, "--json").stdout)
    assert judged["tickets"] == len(TICKETS)
    part = terminal.reads("export", "--from", "2026-06-08", "--until", "2026-06-09T00:00:00+00:00")
    assert part.count("TicketCreated") == len(TICKETS)


@pytest.mark.usefixtures("log")
def test_an_answer_that_is_empty_says_so(terminal: Terminal) -> None:
    then = ("--since", "2020-01-01", "--until", "2020-02-01")
    for command, says in (
        (("pauses", *then), "no pause began then; no ticket lived from Wed 2020-01-01"),
        (("breaches", *then), "no breach falls into that time; no ticket lived"),
        (("whatif", "--calendar", "ALWAYS", *then), "no ticket was created in that time"),
        (("export", "--until", "2020-01-01"), "no event fits: what was written is empty"),
        (("diff", NUMBER, "6", "6"), "nothing differs from 6 to 6"),
        (("tail", "--type", "Nonsense", "--from", "0"), "no event fits"),
        (("forecast",), "nothing due until"),
    ):
        done = terminal.types(*command)
        assert (done.exit_code, says in words(done.output)) == (0, True), done.output


@pytest.mark.usefixtures("log")
def test_an_answer_that_is_cut_says_so(terminal: Terminal) -> None:
    cut = words(terminal.reads("whatif", "--calendar", "ALWAYS", "--most", "0"))
    whole = words(terminal.reads("whatif", "--calendar", "ALWAYS"))

    assert "breaches that appear: 0 of 1, in the order of the log; the rest: --most" in cut
    assert "breaches that appear: all 1, in the order of the log" in whole


def test_a_version_that_was_not_known_then_is_named(terminal: Terminal) -> None:
    point = ("--as-of", "6", "--known-at", "2026-06-09T16:00:01Z")
    said = "Version 6 was not written down by 2026-06-09T16:00:01Z"

    assert said in words(terminal.reads("show", NUMBER, *point))
    for more in ((), ("--field", "status")):
        reasons = terminal.types("explain", NUMBER, "--at", "6", *point[2:], *more)
        assert said in words(reasons.output)
    differ = ("diff", NUMBER, "1", "6", "--other-known-at", "2026-06-09T16:00:01Z")
    assert f"of the second point: {said}" in words(terminal.types(*differ).output)


def test_history_shows_writing_down_as_exactly_as_it_can_be_asked_for(terminal: Terminal) -> None:
    written = terminal.asks("history", NUMBER)[-1]["recorded_at"]

    assert written in words(terminal.reads("history", NUMBER)).replace(" ", "")


def test_verify_takes_a_ticket_by_its_number_as_all_commands_do(
    log: Any, terminal: Terminal
) -> None:
    by_number = terminal.types("verify", "--ticket", NUMBER)
    unknown = terminal.types("verify", "--ticket", "INC0081152")

    assert (by_number.exit_code, "nothing is wrong" in by_number.output) == (0, True)
    assert (unknown.exit_code, "the log has no ticket INC0081152" in unknown.output) == (1, True)


def test_a_number_that_several_tickets_have_names_none_of_them(
    log: Any, terminal: Terminal
) -> None:
    async def again() -> None:
        connection = await asyncpg.connect(log.url())
        await connection.execute("alter table docket.tickets drop constraint tickets_number_key")
        await connection.execute(
            "update docket.tickets set number = $1 where number = $2",
            NUMBER,
            NUMBERS["late_notice"],
        )
        await connection.close()

    asyncio.run(again())

    for command, code in ((("show", NUMBER), 2), (("verify", "--ticket", NUMBER), 1)):
        done = terminal.types(*command)
        assert (done.exit_code, "several tickets have the number" in done.output) == (code, True)


def test_a_setting_that_is_wrong_is_said_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    warp = "warp:2026-06-15T12:00:00Z@2026-01-01T00:00:00Zx0"
    monkeypatch.delenv("DOCKET_ENV", raising=False)
    monkeypatch.setenv("DOCKET_CLOCK", warp)
    assert development_settings().clock == warp  # what is for development is no production
    with pytest.raises(CliError, match=r"^DOCKET_CLOCK must be 'system' when DOCKET_ENV=prod$"):
        settings()
    monkeypatch.setenv("DOCKET_LOG_PARTITIONS", "many")

    done = CliRunner().invoke(app, ["up"])

    assert done.exit_code == 1
    assert "DOCKET_LOG_PARTITIONS: Input should be a valid integer" in words(done.output)
    assert "pydantic" not in done.output
