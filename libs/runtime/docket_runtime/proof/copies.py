"""Checkpoints that were kept outside the database, and how the database's own compare with them."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from docket_proof.chain import EPOCH, TICK
from docket_proof.check import Fault
from docket_proof.checkpoint import Checkpoint, read
from docket_proof.note import BadNote, Verifier
from docket_runtime.proof.stored_log import Signed


class Copied(NamedTuple):
    """A checkpoint that was kept elsewhere; `signed_at` in microseconds since 2000 if told."""

    checkpoint: Checkpoint
    note: str
    signed_at: int | None = None


class Line(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A line of the file that the signer appends to; somebody's copy may have the note alone."""

    signed_at: datetime | None = None
    size: int | None = None
    note: str = ""


def line_of(line: Line) -> str:
    """Return a line as the signer writes it, without its end."""
    return msgspec.json.encode(line).decode()


def append_to(file: Path, line: str) -> None:
    """Append a line to the file outside the database, durably; raise OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, line.encode() + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def copies(text: str, verifiers: Sequence[Verifier]) -> list[Copied]:
    """Return the checkpoints of a copy: a note, or a line of JSON with a `note` for each.

    An empty copy has none. Raise BadNote if one is not valid.
    """
    if not text:
        return []
    if not text.startswith("{"):
        return [Copied(read(text, verifiers), text)]
    decoder = msgspec.json.Decoder(Line)
    lines = text.split("\n")
    if lines.pop():
        raise BadNote("the copy ends within a line")
    found = []
    for number, line in enumerate(lines, 1):
        try:
            told = decoder.decode(line)
            checkpoint = read(told.note, verifiers)
        except (msgspec.DecodeError, BadNote) as error:
            raise BadNote(f"line {number} of the copy is no checkpoint: {error}") from error
        if told.size not in (None, checkpoint.size):
            raise BadNote(f"line {number} of the copy says another size than its note")
        if told.size is not None and told.signed_at is not None and line_of(told) != line:
            raise BadNote(f"line {number} of the copy is not written as the signer writes")
        at = None if told.signed_at is None else (told.signed_at - EPOCH) // TICK
        found.append(Copied(checkpoint, told.note, at))
    return found


def differing(
    chains: Mapping[str, tuple[int, Sequence[Signed]]], copied: Iterable[Copied]
) -> Iterator[Fault]:
    """Yield what the database lacks or says otherwise than the copies, by origin of a chain.

    A copy that several lines have may be any of them.
    """
    there = defaultdict[tuple[str, int], list[Copied]](list)
    for each in copied:
        there[each.checkpoint.origin, each.checkpoint.size].append(each)
    for (origin, size), lines in there.items():
        if origin not in chains:
            continue
        number, own = chains[origin]
        kept = next((each for each in own if each.size == size), None)
        if kept is None:
            detail = "a copied checkpoint of this size is not in the database"
            yield Fault(number, size, "checkpoint_missing", detail)
        elif not any(_same(line, kept) for line in lines):
            detail = "the copy has another note or instant than the database"
            yield Fault(number, size, "checkpoint", detail)


def lacking(
    chains: Mapping[str, tuple[int, Sequence[Signed]]], copied: Sequence[Copied]
) -> Iterator[str]:
    """Yield what a file lacks that should have every checkpoint of the database, in order."""
    there = {(each.checkpoint.origin, each.checkpoint.size) for each in copied}
    for origin, (_, own) in chains.items():
        missing = [each.size for each in own if (origin, each.size) not in there]
        if missing:
            yield (
                f"it lacks {len(missing)} checkpoints of {origin} that the database has,"
                f" the last of {missing[-1]} rows"
            )
        sizes = [each.checkpoint.size for each in copied if each.checkpoint.origin == origin]
        if sizes != sorted(sizes):
            yield f"its checkpoints of {origin} are not in the order in which they were signed"


def _same(line: Copied, kept: Signed) -> bool:
    return line.note == kept.note and line.signed_at in (None, kept.signed_at)
