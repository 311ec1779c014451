"""The bundle: events with their proof, to be verified without Docket.

A zip archive that is written while it is read. What is not selected is in it as the hashes of
complete subtrees, so the signed root can be recomputed from any selection.
"""

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from io import RawIOBase
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import asyncpg
import msgspec

from docket_events.codec import json_object, leaving
from docket_export.gap import Gap
from docket_export.selection import WINDOW, Part, Selection, erased_inside, parts, window
from docket_policies.terms.editions import edition_named, files_beside, text_of
from docket_proof.access import ACCESS
from docket_proof.chain import LogRow, genesis, instant
from docket_proof.note import Verifier
from docket_runtime.proof import stored_log
from docket_runtime.proof.stored_contents import digests, references

_encode = msgspec.json.Encoder().encode


class Pipe(RawIOBase):
    """The file to which the archive writes, and from which the pieces are taken."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: Any) -> int:
        """Keep a piece until it is taken."""
        self._pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """Return what was written since it was last taken."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


@dataclass(slots=True)
class Manifest:
    """What is in the bundle."""

    log_id: str
    selection: Selection
    partitions: dict[int, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    revisions: set[tuple[str, str]] = field(default_factory=set)


async def bundle(
    connection: asyncpg.Connection, selection: Selection, verifiers: Sequence[Verifier]
) -> AsyncIterator[bytes]:
    """Yield the archive; raise Unavailable."""
    every = await parts(connection)
    manifest = Manifest(str(every[0].log_id), selection)
    pipe = Pipe()
    with ZipFile(pipe, "w", ZIP_DEFLATED) as archive:
        here = files("docket_export")
        _put(archive, manifest, "README.md", (here / "bundle.md").read_bytes())
        _put(archive, manifest, "verify.py", (here / "standalone.py").read_bytes())
        _put(archive, manifest, "keys.txt", "".join(f"{key}\n" for key in verifiers).encode())
        for part in every:
            signed = await stored_log.signed_checkpoints(connection, part.partition)
            newest = [each for each in signed if each.size <= part.until][-1:]
            for each in newest:
                name = f"checkpoints/{part.partition}.note"
                _put(archive, manifest, name, each.note.encode())
            size = newest[0].size if newest else 0
            manifest.partitions[part.partition] = {"until": part.until, "checkpoint": size}
            async for piece in _log(connection, archive, manifest, part, pipe):
                yield piece
        for accesses in (await stored_log.signed_checkpoints(connection, ACCESS))[-1:]:
            _put(archive, manifest, "checkpoints/access.note", accesses.note.encode())
        async for piece in _contents(connection, archive, manifest, every, pipe):
            yield piece
        terms = {n: data for each in sorted(manifest.revisions) for n, data in _terms(*each)}
        for name, data in terms.items():  # once, also what two editions share
            _put(archive, manifest, f"packs/{name}", data)
        told = {
            "log_id": manifest.log_id,
            "selection": msgspec.to_builtins(selection),
            "partitions": manifest.partitions,
            "files": manifest.files,
        }
        archive.writestr(_info("manifest.json"), json.dumps(told, indent=1))
    yield pipe.taken()


async def _log(
    connection: asyncpg.Connection,
    archive: ZipFile,
    manifest: Manifest,
    part: Part,
    pipe: Pipe,
) -> AsyncIterator[bytes]:
    name, digest, events, gap = f"log/{part.partition}.jsonl", sha256(), 0, Gap()
    size = manifest.partitions[part.partition]["checkpoint"]
    previous = genesis(part.log_id, part.partition)
    erased = await erased_inside(connection, part)
    with archive.open(_info(name), "w") as file:

        def put(line: bytes) -> None:
            digest.update(line)
            file.write(line)

        for after in range(0, part.until, WINDOW):
            chosen = {
                row.position: row
                for row in await window(connection, part, after, manifest.selection)
            }
            until = min(after + WINDOW, part.until)
            for position, stored_hash in await stored_log.hashes_between(
                connection, part.partition, after, until
            ):
                row = chosen.get(position)
                if row is None and position <= size:
                    gap.add(position - 1, stored_hash)
                if row is not None or position == size:
                    for line in gap.taken():
                        put(line)
                if row is not None:
                    put(_event(row, previous, withheld=(row.ticket_id, row.version) in erased))
                    events += 1
                    _note_revision(manifest, row)
                previous = stored_hash
            yield pipe.taken()
    manifest.partitions[part.partition]["events"] = events
    manifest.files[name] = digest.hexdigest()


async def _contents(
    connection: asyncpg.Connection,
    archive: ZipFile,
    manifest: Manifest,
    every: Sequence[Part],
    pipe: Pipe,
) -> AsyncIterator[bytes]:
    """Write the digests of the contents that the events refer to, without their texts."""
    digest = sha256()
    with archive.open(_info("contents.jsonl"), "w") as file:
        for part in every:
            for after in range(0, part.until, WINDOW):
                rows = await window(connection, part, after, manifest.selection)
                named = [
                    (row, *each)
                    for row in rows
                    if json_object(row.body)
                    for each in references(row.body)
                ]
                kept = await digests(connection, part.partition, [each[1] for each in named])
                for row, content_id, told, _ in named:
                    found = kept.get(content_id)
                    state = "missing" if found is None else "erased" if found.erased else "kept"
                    line = _encode(
                        {
                            "content_id": content_id,
                            "ticket_id": row.ticket_id,
                            "position": row.position,
                            "digest": told,
                            "state": state,
                        }
                    )
                    digest.update(line + b"\n")
                    file.write(line + b"\n")
                yield pipe.taken()
    manifest.files["contents.jsonl"] = digest.hexdigest()


def _event(row: LogRow, previous: bytes, *, withheld: bool) -> bytes:
    """Return the line of an event; `withheld` leaves a text out that is inside and was erased."""
    left = leaving(row.type, row.schema_version, row.body).decode() if withheld else _body(row)
    columns = row._asdict() | {
        "body": left,
        "occurred_at": instant(row.occurred_at),
        "recorded_at": instant(row.recorded_at),
    }
    stored_hash = columns.pop("hash")
    line = {"event": columns, "previous": previous.hex(), "hash": stored_hash.hex()}
    if withheld:
        line["withheld"] = True
    return _encode(line) + b"\n"


def _body(row: LogRow) -> str | dict[str, str]:
    """Return the bytes of the data as text, or in hex where they are none."""
    try:
        return row.body.decode()
    except UnicodeDecodeError:
        return {"hex": row.body.hex()}


def _note_revision(manifest: Manifest, row: LogRow) -> None:
    if row.type == "TicketCreated" and json_object(row.body) is not None:
        data = msgspec.json.decode(row.body)
        if {"pack", "revision"} <= data.keys():
            manifest.revisions.add((data["pack"], data["revision"]))


def _terms(pack: str, revision: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an edition as they are read by the loader."""
    edition = edition_named(pack, revision)
    yield f"{pack}/{revision}.toml", text_of(edition).encode()
    for name, rule in files_beside(edition):
        yield name, rule.read_bytes()


def _put(archive: ZipFile, manifest: Manifest, name: str, data: bytes) -> None:
    archive.writestr(_info(name), data)
    manifest.files[name] = sha256(data).hexdigest()


def _info(name: str) -> ZipInfo:
    """Give every file the same date, so that the same bundle has the same bytes."""
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    return info
