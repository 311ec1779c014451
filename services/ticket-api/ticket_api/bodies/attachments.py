"""The body of announcing a file: what it is called, what it is, how much, and its digest."""

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, StringConstraints

from ticket_api.bodies.shapes import Body

MAX_SIZE = 2**53 - 1
_UNWRITABLE = frozenset("/\\\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _plain(name: str) -> str:
    if not name.isprintable() or _UNWRITABLE & set(name):
        raise ValueError("must be a name without folders, control characters or marks of direction")
    return name


FileName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_plain),
]


class AttachmentBody(Body):
    """Announce a file; its bytes come next. The name is kept beside the log and can be erased."""

    example: ClassVar[dict[str, Any]] = {
        "name": "agent.log",
        "media_type": "text/plain",
        "size": 48213,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    }

    name: FileName
    media_type: str = Field(max_length=100, pattern=r"^[a-z]+/[a-z0-9][a-z0-9.+-]*$")
    size: int = Field(ge=1, le=MAX_SIZE, description="bytes")
    sha256: str = Field(pattern="^[0-9a-f]{64}$", description="of the bytes, hex")
