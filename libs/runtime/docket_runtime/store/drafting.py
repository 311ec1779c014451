"""Drafts of contents: the row beside the log, and the reference that an event has to it.

The salt is erased with the content, so the digest of an erased text reveals nothing (decision
0007).
"""

from hashlib import sha256
from secrets import token_bytes
from uuid import UUID

from docket_events.written import ContentRef
from docket_runtime.new_ids import new_id
from docket_runtime.store.values import NewContent

SALT_BYTES = 16
PLAIN = "text/plain; charset=utf-8"


def draft(
    ticket_id: UUID,
    kind: str,
    body: bytes,
    media_type: str = PLAIN,
    content_id: UUID | None = None,
) -> tuple[NewContent, ContentRef]:
    """Return a content of a ticket, to be written with its event, and the reference to it."""
    salt = token_bytes(SALT_BYTES)
    content = NewContent(content_id or new_id(), ticket_id, kind, body, salt, media_type)
    return content, ContentRef(content.id, sha256(salt + body).hexdigest())
