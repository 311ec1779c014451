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
from docket_cli.log.outside import outside_of
from docket_cli.main import app
from docket_devstack.keys import make_checkpoint_keys
from docket_proof.note import Signer
from docket_runtime.settings import Settings

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
    forged = "projection: tickets.priority is High, the log says Low"
    assert told.stdout.count(forged) == 3
    faults = json.loads(docket("verify", "--ticket", str(ticket), "--json").stdout)["faults"]
    assert [(fault["code"], fault["position"]) for fault in faults] == [
        ("hash", 2),
        ("projection", None),
    ]
    replayed = docket("replay", "--all", "--check")
    assert replayed.exit_code == 3
    assert f"{ticket}: tickets.priority is High, the log says Low" in replayed.stdout


def test_evidence_that_is_away_ends_with_4_and_says_what(
    docket: Call, database: Any, chronicle: Chronicle, key: Signer, copy: Path, tmp_path: Path
) -> None:
    done(some_tickets(chronicle))
    done(sealed(database, key, copy))
    done(some_tickets(chronicle))
    done(sealed(database, key, copy))
    kept = tmp_path / "checkpoints.jsonl"

    def ended(lines: str | None, *arguments: str, **more: str) -> tuple[int, str]:
        kept.unlink(missing_ok=True)
        if lines is not None:
            kept.write_text(lines)
        told = docket("verify", *arguments, DOCKET_CHECKPOINTS_FILE=str(kept), **more)
        return told.exit_code, told.output

    whole = copy.read_text()
    first = whole.splitlines(keepends=True)[0]
    assert ended(whole)[0] == 0
    for lines, why in (
        (None, "is not there"),
        (first, "lacks 1 checkpoints"),
        (whole[:-9], "ends within a line"),
        (whole.replace("size", "Size"), "is no checkpoint"),
        ("", "lacks 2 checkpoints"),
    ):
        code, said = ended(lines)
        assert code == 4, said
        assert why in said
        assert "nothing is wrong" not in said
    assert ended(None, "--no-copy")[0] == 0
    kept.write_text(first)
    assert docket("verify", "--copy", str(kept)).exit_code == 0


@pytest.mark.parametrize(
    ("env", "may_lack", "keys", "away"),
    [
        ("prod", False, True, ["no outside copy"]),
        ("prod", False, False, ["no key is known", "no outside copy"]),
        ("prod", True, True, []),
        ("dev", False, True, []),
        ("dev", False, False, []),
    ],
)
def test_in_production_a_proof_without_a_copy_or_a_key_is_none_unless_one_says_so(
    key: Signer, env: str, may_lack: bool, keys: bool, away: list[str]
) -> None:
    settings = Settings.model_construct(env=env, checkpoints_file=None)

    outside = outside_of(settings, [key.verifier] if keys else [], None, may_lack=may_lack)

    assert [each[: len(start)] for each, start in zip(outside.away, away, strict=True)] == away


def test_that_there_is_no_copy_is_said_beside_the_outcome(
    docket: Call, database: Any, chronicle: Chronicle, key: Signer
) -> None:
    done(some_tickets(chronicle))
    done(sealed(database, key, None))

    told = docket("verify")

    assert (told.exit_code, "no outside copy" in told.output) == (0, True)


def test_checkpoints_that_the_database_lacks_are_told(
    docket: Call, database: Any, chronicle: Chronicle, key: Signer, copy: Path
) -> None:
    done(some_tickets(chronicle))
    done(sealed(database, key, copy))
    done(tampered(database, "delete from docket.log_checkpoints"))

    told = docket("verify", DOCKET_CHECKPOINTS_FILE=str(copy))

    assert told.exit_code == 3
    assert "checkpoint_missing" in told.output


def test_who_verifies_reads_public_keys_and_writes_none(
    docket: Call, chronicle: Chronicle, key: Signer, tmp_path: Path
) -> None:
    done(some_tickets(chronicle, 1))
    private, public = make_checkpoint_keys(tmp_path / "keys")
    pem, line = private.read_bytes(), public.read_text()
    public.unlink()

    told = docket("verify", DOCKET_CHECKPOINT_KEYS=str(public))

    assert told.exit_code == 1
    assert "docket checkpoint-key" in told.output
    assert (private.read_bytes(), public.exists()) == (pem, False)
    assert docket("checkpoint-key", str(private)).stdout == line
    make_checkpoint_keys(tmp_path / "keys")
    assert (private.read_bytes(), public.read_text()) == (pem, line)
    gone = docket("verify", DOCKET_CHECKPOINT_KEY=str(tmp_path / "nowhere.pem"))
    assert gone.exit_code == 0


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
