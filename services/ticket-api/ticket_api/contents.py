"""Texts on their way into the content store: what people wrote never enters an event.

An event carries the content's id and a salted digest; the salt is erased with the content, so the
digest of an erased text tells nothing (decision 0007).
"""

from collections.abc import Iterable
from hashlib import sha256
from secrets import token_bytes
from uuid import UUID

from docket_events.ids import in_partition, partition_of_ticket
from docket_events.ticket import ContentRef
from docket_runtime.clock import new_id
from docket_runtime.store.model import NewContent

SALT_BYTES = 16


class Drafts:
    """What one command brings along for a ticket, to be written with its events.

    `numbers` are for the tickets that it makes of this one.
    """

    def __init__(self, ticket_id: UUID, numbers: Iterable[str] = ()) -> None:
        self.ticket_id = ticket_id
        self._numbers = iter(numbers)
        self._contents: list[NewContent] = []

    def part(self) -> tuple["Drafts", str]:
        """Begin a ticket of the same partition: the drafts of its contents, and its number."""
        part = Drafts(in_partition(new_id(), partition_of_ticket(self.ticket_id)))
        part._contents = self._contents
        return part, next(self._numbers)

    @property
    def contents(self) -> tuple[NewContent, ...]:
        """Return what was drafted so far."""
        return tuple(self._contents)

    def text(self, kind: str, text: str) -> ContentRef:
        """Draft a text and return the reference that an event may carry."""
        return self._draft(kind, text.encode(), "text/plain; charset=utf-8")

    def text_if_any(self, kind: str, text: str | None) -> ContentRef | None:
        """Draft a text; None and the empty text are nothing."""
        return self.text(kind, text) if text else None

    def json(self, kind: str, body: bytes) -> ContentRef:
        """Draft a JSON document."""
        return self._draft(kind, body, "application/json")

    def _draft(self, kind: str, body: bytes, media_type: str) -> ContentRef:
        salt = token_bytes(SALT_BYTES)
        content = NewContent(new_id(), self.ticket_id, kind, body, salt, media_type)
        self._contents.append(content)
        return ContentRef(content.id, sha256(salt + body).hexdigest())
