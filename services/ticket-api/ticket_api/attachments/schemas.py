"""The shapes of answers about the files of a ticket."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from ticket_api.http.fields import Schema


class AttachmentState(Schema):
    """A file: `received` of its `size` bytes are there; `name` and `sha256` go when it is erased.

    Before a message has sent it, it is there for one side only.
    """

    id: UUID
    state: Literal["announced", "uploading", "complete", "erased"]
    sent: bool
    name: str | None
    media_type: str
    size: int
    sha256: str | None = Field(description="of the bytes, hex")
    received: int
    by: str
    announced_at: datetime
    completed_at: datetime | None
    erased_at: datetime | None


class AttachmentList(Schema):
    """The files of a ticket in the order of their announcement."""

    items: list[AttachmentState]
