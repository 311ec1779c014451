"""What a person wrote, as an event has it: a reference to the text beside the log.

Events of schema version 1 had short texts inside: they are read as they were written, shown in one
way only, and never written again (decision 0033).
"""

from dataclasses import dataclass
from typing import NewType
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ContentRef:
    """Point at erasable content by id and by the salted SHA-256 (hex) of its bytes."""

    id: UUID
    digest: str


InlineText = NewType("InlineText", str)
"""A text that an event of before has inside; the bytes of the log keep it."""

Written = ContentRef | InlineText
"""A text of a person in a field that once had it inside. A field that is new is a `ContentRef`."""


def reference(written: Written | None) -> ContentRef | None:
    """Return the reference to a text, None for a text that an old event has inside."""
    return written if isinstance(written, ContentRef) else None
