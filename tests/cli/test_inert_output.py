"""Whatever people and other systems wrote: no command prints what a terminal obeys."""

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from rich.text import Text
from terminal import NUMBERS, Terminal
from typer.testing import CliRunner

from chronicle import Chronicle, content, utc
from docket_cli import output
from docket_cli.audit.api_client import Api
from docket_cli.main import COMMANDS, app
from docket_events.ids import in_partition
from docket_events.notice import RegistrationNoticeSent
from docket_events.recorded import Actor
from docket_events.ticket import InformationRequested, PriorityChanged
from docket_runtime.bus import dead_letters
from docket_runtime.bus.dead_letters import DeadLetter
from docket_runtime.new_ids import new_id
from docket_runtime.process import logs
from hostile import ACTIVE, HOSTILE
from people import created

EVERYTHING = "".join(HOSTILE.values())
OBEYED = ACTIVE - {"\n"}
TICKET = NUMBERS["late_answer"]

OF_THE_API = {
    "history": ("history", TICKET),
    "show": ("show", TICKET),
    "diff": ("diff", TICKET, "2", "4"),
    "pauses": ("pauses", "--since", "2026-06-01", "--until", "2026-07-01"),
    "breaches": ("breaches", "--since", "2026-06-01", "--until", "2026-07-01"),
    "timers": ("timers",),
    "tail": ("tail",),
    "explain": ("explain", TICKET),
}
OF_THE_LOG = {
    "whatif": ("whatif", "--reading", "info=resume"),
    "forecast": ("forecast", "--days", "366"),
    "verify": ("verify",),
    "replay": ("replay", "--all", "--check"),
    "rebuild": ("rebuild", "--check"),
    "export": ("export", "--account", EVERYTHING),
}
BY_THEMSELVES = {"dead-letters", "import", "simulate", "terms", "token"}
OF_THE_CHECKOUT = {
    "up",
    "down",
    "logs",
    "mail-sink",
    "migrate",
    "check",
    "keys",
    "calendars",
    "checkpoint-key",
}
"""They show what is our own (addresses, keys, calendars), and logs, which are written inert."""


def test_every_command_is_tried() -> None:
    tried = {*OF_THE_API, *OF_THE_LOG, *BY_THEMSELVES, *OF_THE_CHECKOUT}

    assert tried == set(COMMANDS)


def poisoned(answer: Any) -> Any:
    """Return an answer in which every string that is no instant and no id is hostile too."""
    match answer:
        case dict():
            return {name: poisoned(each) for name, each in answer.items()}
        case list():
            return [poisoned(each) for each in answer]
        case str() if not _is(UUID, answer) and not _is(datetime.fromisoformat, answer):
            return answer + EVERYTHING
        case _:
            return answer


def _is(read: Callable[[str], Any], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Api.get

    def get(api: Api, path: str, **query: Any) -> Any:
        answer = asked(api, path, **query)
        needed = path == "/v1/tickets" or (query.get("limit") == 200 and "explain" in PLAIN)
        return answer if needed else poisoned(answer)

    monkeypatch.setattr(Api, "get", get)


PLAIN: set[str] = set()
"""Commands that work with the events and do not only show them."""


@pytest.mark.parametrize("words", OF_THE_API.values(), ids=OF_THE_API)
def test_answers_of_the_api_are_shown_and_not_obeyed(
    words: tuple[str, ...], terminal: Terminal, poison: None
) -> None:
    PLAIN.clear()
    PLAIN.update(words[:1])

    printed = terminal.reads(*words)
    line = terminal.reads(*words, "--json") if words[0] != "explain" else "{}"

    assert not OBEYED & set(printed), sorted(OBEYED & set(printed))
    assert not OBEYED & set(line), sorted(OBEYED & set(line))
    assert "[/nothing]" in printed.replace("\n", "") or words[0] == "timers", printed
    if words[0] not in ("explain", "timers"):
        told = [json.loads(each) for each in line.splitlines()]
        assert any(each.endswith(EVERYTHING) for each in _strings(told))


def _strings(answer: Any) -> Iterator[str]:
    match answer:
        case dict():
            for each in answer.values():
                yield from _strings(each)
        case list():
            for each in answer:
                yield from _strings(each)
        case str():
            yield answer


@pytest.fixture
def hostile_log(database: Any, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A log with a ticket whose every field is hostile."""
    chronicle = Chronicle(database.url(), "2026-06-08T12:00:00")
    fields = dict.fromkeys(("account_id", "requester_id", "product", "kind"), EVERYTHING)
    asked = InformationRequested(EVERYTHING, deadline=utc("2026-06-11T10:00:00"))
    ticket_id = in_partition(new_id(), 0)
    reason, why = content(ticket_id, "reason", EVERYTHING.encode())
    asyncio.run(
        chronicle.ticket(
            ("2026-06-01T09:00:00", created(number=EVERYTHING, **fields)),
            ("2026-06-01T09:10:00", RegistrationNoticeSent(utc("2026-06-01T09:10:00"), new_id())),
            ("2026-06-01T10:00:00", PriorityChanged("High", None, why)),
            ("2026-06-08T10:00:00", asked),
            actor=Actor("agent", EVERYTHING, EVERYTHING),
            contents=[reason],
            ticket_id=ticket_id,
        )
    )
    monkeypatch.setenv("DOCKET_DATABASE_URL", database.url("docket_ticket_api"))
    monkeypatch.setenv("DOCKET_ENV", "test")
    return Terminal()


@pytest.mark.parametrize("words", OF_THE_LOG.values(), ids=OF_THE_LOG)
def test_what_the_log_has_is_shown_and_not_obeyed(
    words: tuple[str, ...], hostile_log: Terminal, tmp_path: Path
) -> None:
    to = ("--to", str(tmp_path / "log.jsonl")) if words[0] == "export" else ()

    for more in ((), ("--json",)):
        done = hostile_log.types(*words, *more, *to)

        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        assert done.output
        assert not OBEYED & set(done.output), sorted(OBEYED & set(done.output))


def test_an_unknown_name_is_told_as_it_was_written(hostile_log: Terminal) -> None:
    refused = hostile_log.types("export", "--account", f"x{EVERYTHING}")

    assert refused.exit_code == 2
    assert not OBEYED & set(refused.output)


def test_what_is_wrong_in_a_file_is_told(hostile_log: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "wrong.jsonl"
    line = {"case": "A", "occurred_at": "2026-03-02T09:00:00Z", "type": EVERYTHING, "data": {}}
    file.write_text(json.dumps(line) + "\n" + json.dumps({EVERYTHING: 1, "case": EVERYTHING}))

    for more in ((), ("--json",)):
        done = hostile_log.types("import", str(file), "--check", *more)

        assert done.exit_code == 1
        assert not OBEYED & set(done.output), sorted(OBEYED & set(done.output))


def test_dead_letters_are_shown(hostile_log: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = DeadLetter(
        number=1,
        message_id=EVERYTHING,
        type=EVERYTHING,
        ticket=EVERYTHING,
        reason=EVERYTHING,
        attempts=3,
        body=EVERYTHING.encode(),
    )

    async def look(url: str) -> list[DeadLetter]:
        return [letter]

    monkeypatch.setattr(dead_letters, "look", look)
    for words in (("ls",), ("show", "1"), ("ls", "--json"), ("show", "1", "--json")):
        printed = hostile_log.reads("dead-letters", *words)
        assert not OBEYED & set(printed), sorted(OBEYED & set(printed))


def test_json_has_the_same_values() -> None:
    asked = {"id": EVERYTHING, "pack": EVERYTHING, "events": [], "asks": []}
    done = _simulate(json.dumps(asked))

    assert json.loads(done)["id"] == EVERYTHING
    assert not OBEYED & set(done)


def _simulate(line: str) -> str:
    return CliRunner().invoke(app, ["simulate"], input=line).stdout


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_line_of_a_log_is_one_record_of_the_same_values(text: str) -> None:
    line = logs._line({"event": text, text: 1}).decode()

    assert json.loads(line) == {"event": text, text: 1}
    assert not ACTIVE & set(line)
    assert len(line.splitlines()) == 1


def test_no_markup_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    console = output.Terminal(markup=False, emoji=False, width=200)

    console.print("[red]x[/] [/no] :smile:")
    console.print(Text("a\x1b]0;x\x07b"))

    assert capsys.readouterr().out == "[red]x[/] [/no] :smile:\na\\x1b]0;xb\n"
