"""docket verify, replay and export as people and scripts call them: output and exit codes."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from sealed_logs import sealed, some_tickets, tampered
from typer.testing import CliRunner, Result

from chronicle import Chronicle
from docket_cli.main import app
from docket_proof.note import Signer

Call = Callable[..., Result]


@pytest.fixture
def public_keys(tmp_path: Path, key: Signer) -> Path:
    file = tmp_path / "keys.txt"
    file.write_text(f"{key.verifier}\n")
    return file


@pytest.fixture
def docket(database: Any, public_keys: Path) -> Call:
    def call(*arguments: str, **more: str) -> Result:
        environment = {
            "DOCKET_DATABASE_URL": database.url("docket_auditor"),
            "DOCKET_ENV": "test",
            "DOCKET_CHECKPOINT_KEYS": str(public_keys),
            **more,
        }
        return CliRunner().invoke(app, arguments, env=environment)

    return call


def done(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


def test_an_honest_log_ends_with_0(
    docket: Call, database: Any, chronicle: Chronicle, key: Signer, copy: Path
) -> None:
    done(some_tickets(chronicle))
    done(sealed(database, key, copy))

    told = docket("verify", "--copy", str(copy), "--json")
    assert told.exit_code == 0
    said = json.loads(told.stdout)
    assert (said["ok"], said["signatures_checked"], said["copied_checkpoints"]) == (True, True, 1)
    assert docket("verify", DOCKET_CHECKPOINTS_FILE=str(copy)).exit_code == 0
    replayed = docket("replay", "--all", "--check", "--json")
    assert replayed.exit_code == 0
    assert (json.loads(replayed.stdout)["tickets"], json.loads(replayed.stdout)["events"]) == (3, 9)


def test_what_is_wrong_is_told_and_ends_with_3(
    docket: Call, database: Any, chronicle: Chronicle, key: Signer, copy: Path
) -> None:
    ticket, *_ = done(some_tickets(chronicle))
    done(sealed(database, key, copy))
    done(tampered(database, "update docket.events set actor_id = 'eve' where position = 2"))
    done(tampered(database, "update docket.tickets set priority = 'High'"))

    told = docket("verify")
    assert told.exit_code == 3
    assert f"partition 0, position 2, ticket {ticket}: hash: " in told.stdout
    forged = "read_model: tickets.priority is High, the log says Low"
    assert told.stdout.count(forged) == 3
    faults = json.loads(docket("verify", "--ticket", str(ticket), "--json").stdout)["faults"]
    assert [(fault["code"], fault["position"]) for fault in faults] == [
        ("hash", 2),
        ("read_model", None),
    ]
    replayed = docket("replay", "--all", "--check")
    assert replayed.exit_code == 3
    assert f"{ticket}: tickets.priority is High, the log says Low" in replayed.stdout


def test_what_cannot_be_asked_ends_with_1_or_2(
    docket: Call, chronicle: Chronicle, key: Signer, copy: Path, tmp_path: Path
) -> None:
    done(some_tickets(chronicle, 1))
    other = tmp_path / "no-note.txt"
    other.write_text("nothing\n")

    assert docket("verify", "--copy", str(other)).exit_code == 1
    assert docket("verify", "--key", "nobody").exit_code == 1
    assert docket("verify", "--ticket", "01978a6e-6c00-7000-8000-0123456789ab").exit_code == 1
    gone = "postgresql://nobody@127.0.0.1:1/none"
    for command in (["verify"], ["replay", "--all", "--check"], ["export"]):
        assert docket(*command, DOCKET_DATABASE_URL=gone).exit_code == 1
    assert docket("replay").exit_code == 2
    assert docket("export", "--format", "pdf").exit_code == 2
    assert docket("export", "--json").exit_code == 2


def test_an_export_is_written_to_a_file_or_to_stdout(
    docket: Call, chronicle: Chronicle, tmp_path: Path
) -> None:
    done(some_tickets(chronicle))
    file = tmp_path / "log.zip"

    assert len(docket("export").stdout_bytes.splitlines()) == 9
    some = docket("export", "--from", "2026-06-08T09:15:00Z", "--until", "2026-06-09")
    assert len(some.stdout_bytes.splitlines()) == 3
    told = docket("export", "--format", "bundle", "--to", str(file), "--json")
    assert json.loads(told.stdout) == {
        "file": str(file),
        "format": "bundle",
        "bytes": file.stat().st_size,
        "empty": False,
    }
    assert file.read_bytes().startswith(b"PK")
