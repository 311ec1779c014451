"""How the bytes of a file arrive: part by part, each durable before it is counted.

A cut upload goes on behind what is counted. Two that write at the same time do not mix: a part
counts only behind what its writer knew. Memory holds one part of each upload, twice while it is
written.
"""

from asyncio import to_thread
from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import sha256

from puremagic import PureError, magic_string
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import ClientDisconnect

from docket_runtime.files import Files, Gone
from docket_runtime.new_ids import new_id
from ticket_api.attachments import records
from ticket_api.http.media_types import canonical
from ticket_api.http.problems import Problem
from ticket_api.tickets.files import Attachment

PART = 1024 * 1024
MOST_PARTS = 4096
HEAD = 4096

SHOWN_BY_BROWSERS = ("image/", "application/pdf")
"""Types that a browser opens by itself: what claims to be one must look like it."""


async def receive(
    engine: AsyncEngine, files: Files, known: Attachment, stream: AsyncIterator[bytes]
) -> Attachment:
    """Append what comes to what has been received, and check the file once it is complete.

    What came before a cut is kept. Raise Problem 409 where others write too, 422 where the file is
    not what was announced; raise Unavailable.
    """
    waiting, size = bytearray(), max(PART, known.size // (MOST_PARTS // 2))
    try:
        async for chunk in stream:
            if known.received + len(waiting) + len(chunk) > known.size:
                raise Problem(
                    422, "beyond_announced_size", f"{known.size} bytes were announced, no more"
                )
            waiting += chunk
            while len(waiting) >= size:
                known = await _keep(engine, files, known, bytes(waiting[:size]))
                del waiting[:size]
    except ClientDisconnect:
        if waiting:
            await _keep(engine, files, known, bytes(waiting))
        raise Problem(400, "upload_cut", "the connection was cut; go on at Upload-Offset") from None
    if waiting:
        known = await _keep(engine, files, known, bytes(waiting))
    return await check(engine, files, known) if known.received == known.size else known


async def _keep(engine: AsyncEngine, files: Files, known: Attachment, body: bytes) -> Attachment:
    if len(known.parts) >= MOST_PARTS:
        raise Problem(409, "too_many_parts", f"a file has at most {MOST_PARTS} parts; send larger")
    part = new_id()
    await files.put(known.place, part, body)
    if not await records.advance(engine, known, part, len(body)):
        await files.drop(known.place, [part])
        raise changed_meanwhile()
    return replace(known, parts=(*known.parts, part), received=known.received + len(body))


async def check(engine: AsyncEngine, files: Files, known: Attachment) -> Attachment:
    """Complete a file that is what was announced; of another one nothing is kept.

    Raise Problem 422 `digest_mismatch` or `media_type_mismatch`, 409, or Unavailable.
    """
    wrong = await _wrong(files, known)
    if wrong is None:
        if not await records.complete(engine, known):
            raise changed_meanwhile()
        row = await records.find(engine, known.ticket_id, known.attachment_id)
        return row or known
    await begin_again(engine, files, known)
    raise wrong


async def begin_again(engine: AsyncEngine, files: Files, known: Attachment) -> Attachment:
    """Throw away what has arrived; raise Problem 409 where others write too, or Unavailable."""
    if not await records.begin_again(engine, known):
        raise changed_meanwhile()
    await files.drop(known.place, known.parts)
    return replace(known, parts=(), received=0)


async def _wrong(files: Files, known: Attachment) -> Problem | None:
    digest, head = sha256(), b""
    try:
        async for part in files.read(known.place, known.parts):
            head = head or part[:HEAD]
            await to_thread(digest.update, part)
    except Gone:
        return Problem(409, "upload_lost", "parts of the upload are lost; send it again")
    if digest.digest() != known.sha256:
        return Problem(422, "digest_mismatch", "the SHA-256 is not the one that was announced")
    if not _looks_like(known.media_type, head):
        return Problem(
            422, "media_type_mismatch", f"the file does not look like {known.media_type}"
        )
    return None


def _looks_like(media_type: str, head: bytes) -> bool:
    if not media_type.startswith(SHOWN_BY_BROWSERS):
        return True
    try:
        return media_type in {canonical(match.mime_type) for match in magic_string(head)}
    except PureError:
        return False


def changed_meanwhile() -> Problem:
    """Return the answer to one of two who write the same file, or write to what is erased."""
    return Problem(409, "upload_conflict", "somebody else writes this file, or it is complete")
