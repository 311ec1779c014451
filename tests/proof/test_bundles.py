"""The bundle: verified in an empty directory by its own program, which finds what is changed."""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZipFile

import asyncpg
import pytest
from sealed_logs import sealed, some_tickets

from chronicle import Chronicle, utc
from docket_export.formats import export
from docket_export.selection import Selection
from docket_proof.checkpoint import signer
from docket_proof.note import Signer

MOST_LINES = 200


async def bundled(database: Any, key: Signer, folder: Path, selection: Selection) -> Path:
    """Unpack a bundle into an empty folder."""
    connection = await asyncpg.connect(database.url("docket_auditor"))
    try:
        pieces = [p async for p in export(connection, "bundle", selection, [key.verifier])]
    finally:
        await connection.close()
    folder.mkdir()
    ZipFile(BytesIO(b"".join(pieces))).extractall(folder)
    return folder


def verified(folder: Path, *keys: str) -> tuple[int, str]:
    """Run the bundle's own program, with nothing of ours and nothing installed."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py", *keys],
        cwd=folder,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.fixture
async def account(database: Any, chronicle: Chronicle, key: Signer, copy: Path) -> str:
    """Return an account with some of the tickets of a signed log; two events are not signed yet."""
    await some_tickets(chronicle, 6)
    await sealed(database, key, copy)
    await some_tickets(chronicle, 1)
    connection = await asyncpg.connect(database.url())
    chosen = "(select ticket_id from docket.events where position in (1, 7, 11))"
    await connection.execute(
        f"update docket.tickets set account_id = 'x' where ticket_id in {chosen}"
    )
    await connection.close()
    return "x"


async def test_a_whole_log_is_verified_by_its_bundle_alone(
    database: Any, account: str, key: Signer, tmp_path: Path
) -> None:
    folder = await bundled(database, key, tmp_path / "empty", Selection())

    fits = "partition 0: 21 events, signed up to position 18\nall fits\n"
    believed = "the key was believed that is in the bundle: give one that you know from elsewhere\n"
    assert verified(folder) == (0, fits + believed)
    assert verified(folder, str(key.verifier)) == (0, fits)
    code, said = verified(folder, "--help")
    assert (code, said.startswith("Verify this bundle: ")) == (0, True)
    assert len((folder / "verify.py").read_text().splitlines()) <= MOST_LINES
    assert {each.name for each in folder.iterdir()} == {
        "README.md",
        "verify.py",
        "keys.txt",
        "manifest.json",
        "contents.jsonl",
        "checkpoints",
        "log",
        "packs",
    }
    assert (folder / "packs/regulations/R-2025-03-27.toml").exists()
    text = b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())
    assert b"No node answers" not in text


async def test_a_selection_is_proved_by_the_subtrees_between(
    database: Any, account: str, key: Signer, tmp_path: Path
) -> None:
    folder = await bundled(database, key, tmp_path / "empty", Selection(account=account))

    fits = "partition 0: 9 events, signed up to position 18\nall fits\n"
    assert verified(folder, str(key.verifier)) == (0, fits)
    lines = [json.loads(line) for line in (folder / "log/0.jsonl").read_text().splitlines()]
    assert sum("event" in line for line in lines) == 9
    assert {line["subtree"]["level"] for line in lines if "subtree" in line} >= {0, 1}


async def test_a_key_that_did_not_sign_is_not_believed(
    database: Any, account: str, key: Signer, tmp_path: Path
) -> None:
    folder = await bundled(database, key, tmp_path / "empty", Selection())

    code, said = verified(folder, str(signer(bytes(32)).verifier))
    assert code == 1
    assert "no known key has signed it" in said


Lines = list[str]


def flip(lines: Lines, random: Random) -> str:
    """Change a value in an event, in its hash, or in a subtree."""
    n = random.randrange(len(lines))
    entry = json.loads(lines[n])
    if "event" in entry and random.random() < 0.8:
        inside, name = entry["event"], random.choice(sorted(entry["event"]))
    elif "event" in entry:
        inside, name = entry, random.choice(["hash", "previous"])
    else:
        inside, name = entry["subtree"], random.choice(["hash", "level"])
    inside[name] = changed(inside[name], random)
    lines[n] = json.dumps(entry, ensure_ascii=False)
    return name


def changed(value: Any, random: Random) -> Any:
    if value is None:
        return ""
    if isinstance(value, int):
        return value ^ 1 << random.randrange(8)
    places = [at.start() for at in re.finditer(r"[0-9]", value)] or [None]
    place = random.choice(places)
    if place is None:
        return value + "x"
    return (
        value[:place] + str((int(value[place]) + random.randrange(1, 10)) % 10) + value[place + 1 :]
    )


def take_out(lines: Lines, random: Random) -> str:
    del lines[random.randrange(len(lines))]
    return "taken out"


def swap(lines: Lines, random: Random) -> str:
    a, b = random.sample(range(len(lines)), 2)
    lines[a], lines[b] = lines[b], lines[a]
    return "swapped"


def twice(lines: Lines, random: Random) -> str:
    n = random.randrange(len(lines))
    lines.insert(n, lines[n])
    return "twice"


def cut(lines: Lines, random: Random) -> str:
    del lines[random.randrange(len(lines)) :]
    return "cut"


CHANGES: tuple[Callable[[Lines, Random], str], ...] = (*[flip] * 6, take_out, swap, twice, cut)


def crimes_missed(folder: Path, many: int, seed: int) -> list[str]:
    """Change the log of a bundle so often, with the digests of its files made to fit."""
    random, log = Random(seed), folder / "log/0.jsonl"
    honest, manifest = log.read_text(), json.loads((folder / "manifest.json").read_text())
    missed = []
    for _ in range(many):
        lines = honest.splitlines()
        kind = random.choice(CHANGES)(lines, random)
        log.write_text("".join(f"{line}\n" for line in lines))
        manifest["files"]["log/0.jsonl"] = hashlib.sha256(log.read_bytes()).hexdigest()
        (folder / "manifest.json").write_text(json.dumps(manifest))
        if verified(folder, (folder / "keys.txt").read_text().strip())[0] != 1:
            missed.append(kind)
    return missed


@pytest.mark.parametrize("whole", [True, False])
async def test_random_changes_of_a_bundle_are_found(
    database: Any, account: str, key: Signer, tmp_path: Path, whole: bool
) -> None:
    selection = Selection() if whole else Selection(account=account)
    folder = await bundled(database, key, tmp_path / "empty", selection)

    assert crimes_missed(folder, 25, seed=8) == []


@pytest.mark.full
async def test_many_random_changes_of_a_bundle_are_found(
    database: Any, account: str, key: Signer, tmp_path: Path
) -> None:
    folder = await bundled(database, key, tmp_path / "empty", Selection(account=account))

    assert crimes_missed(folder, 500, seed=9) == []


@pytest.mark.parametrize("name", ["README.md", "contents.jsonl", "checkpoints/0.note", "keys.txt"])
async def test_a_file_that_was_changed_is_named(
    database: Any, account: str, key: Signer, tmp_path: Path, name: str
) -> None:
    folder = await bundled(database, key, tmp_path / "empty", Selection())
    text = (folder / name).read_text()
    (folder / name).write_text(text[:-9] + "x" + text[-8:])

    code, said = verified(folder, str(key.verifier))
    assert (code, f"{name}: the file is not the one that was written" in said) == (1, True)


async def test_a_bundle_without_events_says_that_it_proves_nothing(
    database: Any, account: str, key: Signer, tmp_path: Path
) -> None:
    selection = Selection(until=utc("2020-01-01T00:00:00"))

    code, said = verified(await bundled(database, key, tmp_path / "empty", selection))

    assert (code, "all fits" in said) == (0, False)
    assert "no event was selected: nothing is proved\n" in said
