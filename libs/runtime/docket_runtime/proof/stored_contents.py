"""What events refer to beside the log: each content held against the events that name it.

A verifier sees the digest of a text and never the text.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from docket_proof.chain import LogRow
from docket_proof.check import Fault
from docket_runtime.database import reachable
from docket_runtime.proof.stored_log import PATIENCE_S

FILE = "attachment"
_ERASING = ("AttachmentErased", "ContentErased")
_DIGESTS = "select * from docket.content_digests($1, $2)"
_STRAYS = "select * from docket.stray_contents($1)"


class Reference(NamedTuple):
    """A content as an event names it; a file's content is its announcement."""

    content_id: UUID
    digest: str
    is_file: bool


class Kept(NamedTuple):
    """What the store has of a content, as `content_digests.sql` tells it."""

    content_id: UUID
    kind: str
    digest: str | None
    erased: bool
    whole: bool
    brought: bool
    erased_by_event: bool


class NamedContent(NamedTuple):
    """A content that an event names, and whether it is what was written."""

    row: LogRow
    reference: Reference
    fault: Fault | None


def references(body: bytes) -> Iterator[Reference]:
    """Yield the contents that the data of an event refers to."""
    if b'"digest"' in body:
        yield from _references(msgspec.json.decode(body), is_file=False)


def _references(value: Any, *, is_file: bool) -> Iterator[Reference]:
    match value:
        case {"id": str(content_id), "digest": str(digest)}:
            yield Reference(UUID(content_id), digest, is_file)
        case dict():
            for name, each in value.items():
                yield from _references(each, is_file=is_file or name == "attachments")
        case list():
            for each in value:
                yield from _references(each, is_file=is_file)
        case _:
            pass


async def digests(
    connection: asyncpg.Connection, partition: int, ids: Sequence[UUID]
) -> Mapping[UUID, Kept]:
    """Return what the store has of these contents, by id; raise Unavailable."""
    if not ids:
        return {}
    with reachable():
        rows = await connection.fetch(_DIGESTS, partition, ids)
    return {row[0]: Kept(*row) for row in rows}


async def named_contents(
    connection: asyncpg.Connection, partition: int, rows: Sequence[LogRow]
) -> tuple[list[NamedContent], list[Fault]]:
    """Return the contents that these events name, each compared, and what they did not erase.

    Raise Unavailable.
    """
    named = [(row, reference) for row in rows for reference in _of_row(row)]
    erased = [(row, each) for row in rows for each in _erased_by(row)]
    ids = {each.content_id for _, each in named} | {each for _, each in erased}
    kept = await digests(connection, partition, list(ids))
    compared = []
    for row, reference in named:
        wrong = _wrong(reference, kept.get(reference.content_id))
        fault = None
        if wrong is not None:
            code, told = wrong
            detail = f"content {reference.content_id} {told}"
            fault = Fault(partition, row.position, code, detail, row.ticket_id)
        compared.append(NamedContent(row, reference, fault))
    back = (
        Fault(partition, row.position, "content_back", f"content {each} is there", row.ticket_id)
        for row, each in erased
        if each in kept and not kept[each].erased
    )
    return compared, [*back]


async def stray_contents(connection: asyncpg.Connection, partition: int) -> list[Fault]:
    """Return a fault for each content that no event names; raise Unavailable."""
    with reachable():
        rows = await connection.fetch(_STRAYS, partition, timeout=PATIENCE_S)
    return [
        Fault(partition, None, "content_stray", f"no event names content {content_id}", ticket_id)
        for content_id, ticket_id in rows
    ]


def _wrong(reference: Reference, kept: Kept | None) -> tuple[str, str] | None:
    if kept is None:
        return "content_missing", "is not there"
    if kept.erased and not kept.erased_by_event:
        return "content_gone", "is gone and no event erased it, or not then"
    if not kept.erased and kept.digest != reference.digest:
        return "content", "is not what was written"
    if not kept.whole or not kept.brought or (kept.kind == FILE) != reference.is_file:
        return "content_row", "says another ticket, kind or instant than the events"
    return None


def _erased_by(row: LogRow) -> Sequence[UUID]:
    if row.type not in _ERASING:
        return []
    try:
        return msgspec.json.decode(row.body, type=_Erasing).content_ids
    except msgspec.DecodeError:
        return []  # likewise


class _Erasing(msgspec.Struct):
    content_ids: list[UUID] = []


def _of_row(row: LogRow) -> Sequence[Reference]:
    try:
        return [*references(row.body)]
    except (msgspec.DecodeError, ValueError, RecursionError):
        return []  # a body that is no JSON any more is a fault of the chain and reported there
