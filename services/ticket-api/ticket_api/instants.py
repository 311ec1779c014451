"""Instants as callers write them: RFC 3339 with a zone, and no other way of saying a time."""

import re
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
LONGEST = 40


def _written(said: Any) -> Any:
    if isinstance(said, str) and not (len(said) <= LONGEST and RFC_3339.fullmatch(said)):
        raise ValueError("write an instant as 2026-06-11T12:00:00Z")
    return said


Instant = Annotated[AwareDatetime, BeforeValidator(_written)]
