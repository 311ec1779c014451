"""The command that erases what lies beside the log."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Erase:
    """Erase the named contents and all that a person brought; `clause` defaults to the terms'."""

    why: str
    content_ids: tuple[UUID, ...] = ()
    person: str | None = None
    clause: str | None = None
