"""The command that erases what lies beside the log."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Erase:
    """Erase what is named and all that a person brought; `clause` is the terms' own if unsaid."""

    why: str
    content_ids: tuple[UUID, ...] = ()
    person: str | None = None
    clause: str | None = None
