"""The body of announcing a file: its name, type, size and digest."""

from typing import Annotated, Any, ClassVar

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from docket_events.characters import CONTROLS, DIRECTIONS, LINES
from ticket_api.http.fields import BOTH_READ, Body
from ticket_api.http.media_types import media_type_of

MAX_SIZE = 2**53 - 1
_NEVER = rf"/\\{CONTROLS}{LINES}{DIRECTIONS}"
"""Folder separators, and what does something elsewhere; marks of a script's direction may stand."""

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
        max_length=200,
        pattern=r"^([A-Za-z]+/[A-Za-z0-9][A-Za-z0-9.+-]*[ \t]*(;.*)?)?$",
        description="as the browser says: in any case, with parameters, by any usual name, empty; "
        "what is kept is its one name, that of the file's ending where nothing is said; "
        f"{BOTH_READ}",
    )
    size: int = Field(ge=1, le=MAX_SIZE, description="bytes")
    sha256: str = Field(pattern="^[0-9a-f]{64}$", description=f"of the bytes, hex; {BOTH_READ}")

    @field_validator("media_type")
    @classmethod
    def _one_name(cls, said: str, known: ValidationInfo) -> str:
        return media_type_of(said, known.data.get("name", ""))
