"""What a message said of a file when it sent it: that is served, whatever the row says.

The event has the salted digest of the announcement, and the announcement the digest of the bytes.
So what differs is found before it is served (decision 0032).
"""

from asyncio import to_thread
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

import structlog
from msgspec import Struct, ValidationError
from msgspec.json import Decoder
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from docket_events.contents import attachments_of
from docket_events.ids import partition_of_ticket
from docket_events.recorded import Happened
from docket_events.ticket import ContentRef
from docket_runtime.database import reachable
from docket_runtime.schema.tables import contents
from ticket_api.http.problems import Problem
from ticket_api.tickets.files import Attachment

log = structlog.get_logger()


class Announcement(Struct, frozen=True):
    """A file as its sender announced it; the digest is of the bytes, in hex."""

    name: str
    media_type: str
    size: int
    sha256: str


class Sent(NamedTuple):
    """What the store has of a sent file's announcement: itself, or when it was erased."""

    announcement: Announcement | None
    erased_at: datetime | None


_DECODER = Decoder(Announcement)


def sent_files(history: Iterable[Happened]) -> dict[UUID, ContentRef]:
    """Return the references to the files that messages of a history have sent, by id."""
    return {ref.id: ref for happened in history for ref in attachments_of(happened.event)}


async def sent_of(
    engine: AsyncEngine, ticket_id: UUID, sent: Mapping[UUID, ContentRef]
) -> dict[UUID, Sent]:
    """Return what was announced of sent files; raise Unavailable, or Problem 502 where it differs
    from what the event binds."""
    if not sent:
        return {}
    kept = contents.c
    query = select(kept.content_id, kept.body, kept.salt, kept.erased_at).where(
        kept.partition == partition_of_ticket(ticket_id), kept.content_id.in_(sent)
    )
    with reachable():
        async with engine.connect() as connection:
            rows = (await connection.execute(query)).all()
    found = {row.content_id: _sent(sent[row.content_id], *row[1:]) for row in rows}
    for missing in sent.keys() - found.keys():
        raise evidence_mismatch(missing)
    return found


def as_sent(row: Attachment, sent: Sent | None) -> Attachment:
    """Return a file with what was announced in place of what its row says."""
    if sent is None:
        return row
    if sent.announcement is None:
        return replace(row, name=None, sha256=None, erased_at=sent.erased_at)
    told = sent.announcement
    digest = bytes.fromhex(told.sha256)
    return replace(row, name=told.name, media_type=told.media_type, size=told.size, sha256=digest)


async def checked(parts: AsyncIterator[bytes], known: Attachment) -> AsyncIterator[bytes]:
    """Yield the bytes of a file, the last part only if all of it is what was announced.

    So what is not is never whole. Raise Problem 502, and what reading the parts raises.
    """
    digest, size, held = sha256(), 0, b""
    async for part in parts:
        if held:
            yield held
        await to_thread(digest.update, part)
        size, held = size + len(part), part
    if (digest.digest(), size) != (known.sha256, known.size):
        raise evidence_mismatch(known.attachment_id)
    yield held


def evidence_mismatch(file_id: UUID) -> Problem:
    """Return the answer for a file that is not what was sent; it is logged, for somebody did it."""
    log.error("evidence_mismatch", attachment=str(file_id))
    return Problem(
        502, "evidence_mismatch", f"file {file_id} is not what was sent; `docket verify` says more"
    )


def _sent(
    ref: ContentRef, body: bytes | None, salt: bytes | None, erased_at: datetime | None
) -> Sent:
    if body is None or salt is None:
        return Sent(None, erased_at)
    if sha256(salt + body).hexdigest() != ref.digest:
        raise evidence_mismatch(ref.id)
    try:
        return Sent(_DECODER.decode(body), None)
    except ValidationError:
        raise evidence_mismatch(ref.id) from None
