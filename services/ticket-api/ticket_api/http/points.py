"""Points of the past as queries name them, and the Problems of points that do not exist."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from re import ASCII, fullmatch
from typing import Annotated, Any

from fastapi import Query
from pydantic import BeforeValidator, TypeAdapter, ValidationError, WithJsonSchema

from docket_audit.diff import UnknownField
from docket_audit.point import NothingYet, Point
from docket_policies.calendars.opentime import OutsideCoverage
from ticket_api.http.fields import Instant
from ticket_api.http.problems import Problem

_VERSION = r"v?[0-9]{1,9}"


def _place(value: Any) -> Any:
    """Return a version as it is written, or an instant; ValueError says what to write."""
    if isinstance(value, str) and fullmatch(_VERSION, value, ASCII):
        return value
    try:
        return _INSTANT.validate_python(value)
    except ValidationError:
        raise ValueError("write an instant as 2026-06-11T12:00:00Z, or a version as 17") from None


_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
_SHAPES = [
    {"type": "string", "pattern": f"^{_VERSION}$"},
    {"type": "string", "format": "date-time"},
]
Where = Annotated[str | datetime, BeforeValidator(_place), WithJsonSchema({"anyOf": _SHAPES})]
"""A place on the axis of happening: a version (17 or v17), or an instant with a zone."""

AsOf = Annotated[
    Where | None,
    Query(
        description="what had happened: a version (17 or v17), or an instant with a zone",
        examples=["17", "2026-06-11T12:00:00Z"],
    ),
]
KnownAt = Annotated[
    Instant | None,
    Query(description="what had been written down by this instant (RFC 3339 with a zone)"),
]


def point_of(as_of: str | datetime | None, known_at: datetime | None) -> Point:
    """Return the point that a question names, the present where it names none."""
    return Point(int(as_of.removeprefix("v")) if isinstance(as_of, str) else as_of, known_at)


@contextmanager
def past_problems() -> Iterator[None]:
    """Answer with a Problem where there was nothing yet, no such field, or no calendar."""
    try:
        yield
    except NothingYet as nothing:
        raise Problem(404, "nothing_yet", str(nothing)) from None
    except UnknownField as unknown:
        raise Problem(404, "unknown_field", str(unknown)) from None
    except OutsideCoverage as beyond:
        raise Problem(409, beyond.code, str(beyond)) from None
