"""Drafts of texts for the content store: what people wrote never enters an event.

An event carries the content's id and a salted digest (decision 0007).
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec

from docket_events.ids import in_partition, partition_of_ticket
from docket_events.ticket import ContentRef
from docket_runtime.new_ids import new_id
from docket_runtime.store.drafting import PLAIN, draft
from docket_runtime.store.values import NewContent
from ticket_api.tickets.files import Attachment

ATTACHMENT = "attachment"


class Drafts:
    """The contents of one command, to be written with its events.

    `numbers` are for the tickets that it makes of this one, `files` are those that it sends.
    """

    def __init__(
        self,
        ticket_id: UUID,
        numbers: Iterable[str] = (),
        files: Mapping[UUID, Attachment] | None = None,
    ) -> None:
        self.ticket_id = ticket_id
        self._numbers = iter(numbers)
        self._files = files or {}
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
        return self._draft(kind, text.encode(), PLAIN)

    def text_if_any(self, kind: str, text: str | None) -> ContentRef | None:
        """Draft a text; None and the empty text are nothing."""
        return self.text(kind, text) if text else None

    def json(self, kind: str, body: bytes) -> ContentRef:
        """Draft a JSON document."""
        return self._draft(kind, body, "application/json")

    def attachments(self, ids: Iterable[UUID]) -> tuple[ContentRef, ...]:
        """Draft what was announced of these files: name, type, size and the digest of the bytes."""
        return tuple(self.file(_announced(self._files[each]), each) for each in ids)

    def file(self, announced: Mapping[str, Any], file_id: UUID | None = None) -> ContentRef:
        """Draft the announcement of a file as canonical JSON; its reference binds the bytes."""
        body = msgspec.json.encode(announced, order="sorted")
        return self._draft(ATTACHMENT, body, "application/json", file_id)

    def incomplete(self, ids: Iterable[UUID]) -> bool:
        """Return whether one of these files has not fully arrived."""
        return any(self._files[each].completed_at is None for each in ids)

    def _draft(
        self, kind: str, body: bytes, media_type: str, content_id: UUID | None = None
    ) -> ContentRef:
        content, reference = draft(self.ticket_id, kind, body, media_type, content_id)
        self._contents.append(content)
        return reference


def _announced(known: Attachment) -> Mapping[str, Any]:
    assert known.sha256 is not None, "what is erased is not sent"
    return {
        "name": known.name,
        "media_type": known.media_type,
        "size": known.size,
        "sha256": known.sha256.hex(),
    }
