"""The body of announcing a file: its name, type, size and digest."""

from typing import Annotated, Any, ClassVar

from pydantic import Field, StringConstraints

from ticket_api.http.fields import BOTH_READ, Body

MAX_SIZE = 2**53 - 1
_NEVER = r"\x00-\x1f\x7f-\x9f/\\\u200e\u200f\u2028-\u202e\u2066-\u2069"
"""Control characters, folder separators, and characters that change the writing direction."""

FileName = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=200,
        pattern=rf"^[^{_NEVER}]*[^{_NEVER}\s][^{_NEVER}]*$",
    ),
]


class AttachmentBody(Body):
    """Announce a file; its bytes come next. The name is kept beside the log and can be erased."""

    example: ClassVar[dict[str, Any]] = {
        "name": "agent.log",
        "media_type": "text/plain",
        "size": 48213,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    }

    name: FileName = Field(description=BOTH_READ)
    media_type: str = Field(
        max_length=100, pattern=r"^[a-z]+/[a-z0-9][a-z0-9.+-]*$", description=BOTH_READ
    )
    size: int = Field(ge=1, le=MAX_SIZE, description="bytes")
    sha256: str = Field(pattern="^[0-9a-f]{64}$", description=f"of the bytes, hex; {BOTH_READ}")
