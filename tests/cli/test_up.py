"""`docket up` and `docket down`: the whole system of a folder, started, found again, gone."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psutil
import pytest

from docket_cli.main import app
from docket_devstack import ports, rabbitmq_files
from docket_devstack.workspace import PROJECT
from docket_events.roles import ROLES

PORTS = (
    "DOCKET_TICKET_API_PORT",
    "DOCKET_SLA_CLOCK_PORT",
    "DOCKET_NOTIFIER_PORT",
    "DOCKET_MAIL_SINK_PORT",
)


@dataclass(frozen=True)
class Terminal:
    """Somebody who types `docket` commands for the system of one folder."""

    folder: Path
    env: dict[str, str]

    def types(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "docket_cli", *words],
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def asks(self, *words: str) -> Any:
        done = self.types(*words, "--local", str(self.folder), "--json")
        assert done.returncode == 0, done.stderr
        return msgspec.json.decode(done.stdout)


@pytest.fixture
def terminal(own_folder: Path) -> Iterator[Terminal]:
    free = {variable: str(ports.free_port()) for variable in PORTS}
    outside = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    terminal = Terminal(own_folder, outside | free)
    yield terminal
    terminal.types("down", "--local", str(own_folder))


def living_from(folder: Path) -> list[str]:
    found = []
    for process in psutil.process_iter(["cmdline", "cwd", "status"]):
        places = [*(process.info["cmdline"] or []), process.info["cwd"] or ""]
        if process.info["status"] != psutil.STATUS_ZOMBIE and any(str(folder) in p for p in places):
            found.append(str(process.info["cmdline"]))
    return found


def test_up_starts_everything_imports_once_and_down_leaves_no_process(
    terminal: Terminal, tmp_path: Path
) -> None:
    sample = (PROJECT / "data/uci-incidents/events.sample.jsonl").read_text().splitlines()
    first_case = msgspec.json.decode(sample[0])["case"]
    few = tmp_path / "few.jsonl"
    few.write_text("".join(f"{line}\n" for line in sample if f'"{first_case}"' in line))

    told = terminal.asks("up", "--data", str(few))

    for service in ("ticket_api", "sla_clock", "notifier", "mail_sink"):
        assert httpx.get(f"{told['addresses'][service]}/readyz").status_code == 200
    tickets = httpx.get(
        f"{told['addresses']['ticket_api']}/v1/tickets",
        headers={"authorization": f"Bearer {told['tokens']['agent']}"},
    )
    assert tickets.status_code == 200
    assert len(tickets.json()["items"]) == 1
    assert httpx.get(f"{told['addresses']['mail_sink']}/mails").json() == []
    assert set(told["tokens"]) == set(ROLES)

    again = terminal.asks("up", "--data", str(few))
    assert again["addresses"] == told["addresses"]
    logs = terminal.asks("logs")
    assert set(logs) == {"ticket-api", "sla-clock", "notifier", "mail-sink"}

    stopped = terminal.asks("down")
    assert len(stopped) == 6
    assert living_from(terminal.folder) == []
    assert terminal.asks("down") == []


def test_a_taken_port_is_named_with_its_variable_before_anything_starts(
    terminal: Terminal,
) -> None:
    with socket.socket() as other:
        other.bind((ports.LOOPBACK, int(terminal.env["DOCKET_SLA_CLOCK_PORT"])))
        other.listen()
        done = terminal.types("up", "--local", str(terminal.folder))

    assert done.returncode == 1
    assert terminal.env["DOCKET_SLA_CLOCK_PORT"] in done.stderr
    assert "DOCKET_SLA_CLOCK_PORT" in done.stderr
    assert living_from(terminal.folder) == []


def test_development_commands_refuse_production_and_unknown_settings(terminal: Terminal) -> None:
    production = Terminal(terminal.folder, terminal.env | {"DOCKET_ENV": "prod"})
    for words in (("up", "--local", str(terminal.folder)), ("token", "--role", "agent")):
        done = production.types(*words)
        assert done.returncode == 1
        assert "DOCKET_ENV=prod" in done.stderr
        assert done.stdout == ""

    mistyped = Terminal(terminal.folder, terminal.env | {"DOCKET_TICKET_API_PROT": "1"})
    done = mistyped.types("up", "--local", str(terminal.folder))
    assert done.returncode == 1
    assert "DOCKET_TICKET_API_PROT" in done.stderr


def test_every_command_explains_itself_with_an_example() -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        assert "example:" in (command.callback.__doc__ or "").lower(), command.name


def test_where_no_broker_can_be_had_the_reason_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(rabbitmq_files.NoBroker, match="apt-get"):
        rabbitmq_files.find(tmp_path / "files")
