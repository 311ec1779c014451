"""What was erased of the content beside the log: the events say so and keep none of the content."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AttachmentErased:
    """Copies of the user's logs, databases and files are gone (I-3.9.1-b)."""

    content_ids: tuple[UUID, ...]
    why: str
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class ContentErased:
    """Texts and personal data are gone with their salt; nothing can tell them any more.

    `versions` are the events of this history whose texts inside are shown to nobody any more: they
    were written before texts went beside the log (decision 0033).
    """

    content_ids: tuple[UUID, ...]
    why: str
    clause: str | None = None
    versions: tuple[int, ...] = ()


ErasureEvent = AttachmentErased | ContentErased
