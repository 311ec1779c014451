"""Drafts of content: what is to stand beside the log, and the reference that an event carries.

The digest of a reference is salted and the salt is erased with the content, so the digest of an
erased text reveals nothing (decision 0007).
"""

from hashlib import sha256
from secrets import token_bytes
from uuid import UUID

from docket_events.contents import ContentKind
from docket_events.ticket import ContentRef
from docket_runtime.new_ids import new_id
from docket_runtime.store.values import NewContent

SALT_BYTES = 16
TEXT = "text/plain; charset=utf-8"


def draft(
    ticket_id: UUID,
    kind: ContentKind,
    body: bytes,
    media_type: str = TEXT,
    content_id: UUID | None = None,
) -> tuple[NewContent, ContentRef]:
    """Return a content to be written with the event that carries its reference."""
    salt = token_bytes(SALT_BYTES)
    content = NewContent(content_id or new_id(), ticket_id, kind, body, salt, media_type)
    return content, ContentRef(content.id, sha256(salt + body).hexdigest())
