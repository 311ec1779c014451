"""The texts and addresses of a case: beside the log, where they can be erased (0007)."""

from uuid import UUID

import msgspec

from docket_events.contents import ContentKind
from docket_events.ticket import ContentRef
from docket_runtime.store.drafts import TEXT, draft
from docket_runtime.store.values import NewContent


class Contents:
    """The contents of one ticket, to be written with its events."""

    def __init__(self, ticket_id: UUID) -> None:
        self._ticket_id = ticket_id
        self.drafted: list[NewContent] = []

    def text(self, kind: ContentKind, text: str | None) -> ContentRef | None:
        """Draft a text; None and the empty text are nothing."""
        return self._draft(kind, text.encode(), TEXT) if text else None

    def contact(self, email: str | None, name: str | None) -> ContentRef | None:
        """Draft where the requester gets notices; None where there is no address."""
        if not email:
            return None
        body = msgspec.json.encode({"email": email, "name": name})
        return self._draft("contact", body, "application/json")

    def _draft(self, kind: ContentKind, body: bytes, media_type: str) -> ContentRef:
        content, reference = draft(self._ticket_id, kind, body, media_type)
        self.drafted.append(content)
        return reference
