"""Instants as callers write them: RFC 3339 with a zone, and no other way of saying a time."""

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
LONGEST = 40


def _read(said: Any) -> Any:
    """Return the instant that a text names, for a strict datetime would take no text here."""
    if isinstance(said, datetime):
        return said
    if not (isinstance(said, str) and len(said) <= LONGEST and RFC_3339.fullmatch(said)):
        raise ValueError("write an instant as 2026-06-11T12:00:00Z")
    return datetime.fromisoformat(said.upper())


Instant = Annotated[AwareDatetime, BeforeValidator(_read)]
