"""Files held against what the events bind: the row, and the bytes in the file store."""

from asyncio import to_thread
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

import asyncpg

from docket_proof.check import Fault
from docket_runtime.database import reachable
from docket_runtime.files import Files, Gone
from docket_runtime.proof.stored_contents import NamedContent

_FILES = "select * from docket.file_digests($1, $2)"

BytesRead = Callable[[int], None]
"""Called with the number of bytes that were read since the last call."""


class StoredFile(NamedTuple):
    """What the store has of a file, as `file_digests.sql` tells it."""

    attachment_id: UUID
    sha256: bytes | None
    size: int | None
    fits: bool | None
    complete: bool
    parts: Sequence[UUID] | None


async def file_faults(
    connection: asyncpg.Connection,
    partition: int,
    named: Sequence[NamedContent],
    store: Files | None,
    bytes_read: BytesRead = lambda _: None,
) -> list[Fault]:
    """Return what is wrong with the files among these contents; raise Unavailable.

    Without a store only the rows are compared. Files whose content is wrong are told already.
    """
    fine = {each.reference.content_id: each for each in named if _is_sound_file(each)}
    if not fine:
        return []
    faults = []
    for file in await _stored(connection, partition, list(fine)):
        wrong = await _wrong(file, store, f"{partition}/{file.attachment_id}", bytes_read)
        if wrong is not None and not await _erased_since(connection, partition, file):
            code, told = wrong
            event = fine[file.attachment_id].row
            detail = f"file {file.attachment_id} {told}"
            faults.append(Fault(partition, event.position, code, detail, event.ticket_id))
    return faults


async def _stored(
    connection: asyncpg.Connection, partition: int, ids: Sequence[UUID]
) -> list[StoredFile]:
    with reachable():
        return [StoredFile(*row) for row in await connection.fetch(_FILES, partition, ids)]


async def _erased_since(connection: asyncpg.Connection, partition: int, file: StoredFile) -> bool:
    """Return whether a file was erased while its bytes were read."""
    if file.sha256 is None:
        return False
    (now,) = await _stored(connection, partition, [file.attachment_id])
    return now.sha256 is None and now.fits is True


def _is_sound_file(each: NamedContent) -> bool:
    return each.reference.is_file and each.fault is None


async def _wrong(
    file: StoredFile, store: Files | None, place: str, bytes_read: BytesRead
) -> tuple[str, str] | None:
    if file.fits is None:
        # a file that was announced with its message has no row before somebody asks for it
        if store is not None and file.sha256 is not None and await store.has_any(place):
            return "file_row_missing", "has bytes and no row in docket.attachments"
        return None
    if not file.fits:
        return "file_row", "has a row in docket.attachments that says something else"
    if store is None or not file.complete or file.sha256 is None:
        return None
    digest, size = sha256(), 0
    try:
        async for part in store.read(place, file.parts or ()):
            await to_thread(digest.update, part)
            size += len(part)
            bytes_read(len(part))
    except Gone:
        return "file_missing", "lacks bytes in the file store"
    if (digest.digest(), size) != (file.sha256, file.size):
        return "file", "has other bytes in the file store"
    return None
