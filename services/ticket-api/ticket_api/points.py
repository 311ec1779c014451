"""Points of the past as questions name them, and what is answered where there is nothing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query
from pydantic import StringConstraints

from docket_audit.diff import UnknownField
from docket_audit.point import NothingYet, Point
from docket_policies.calendars.opentime import OutsideCoverage
from ticket_api.instants import Instant
from ticket_api.problems import Problem

_VERSION = r"v?[0-9]{1,9}"
Where = Annotated[str, StringConstraints(pattern=rf"^{_VERSION}$")] | Instant
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


def point_of(as_of: str | datetime | None, known_at: datetime | None, name: str = "as_of") -> Point:
    """Return the point that a question names, the present where it names none.

    Raise Problem 422 that says `name` for what is neither a version nor an instant.
    """
    return Point(_as_of(as_of, name), utc(known_at))


def utc(instant: datetime | None) -> datetime | None:
    """Return an instant in UTC, None for None; raise Problem 422 for one without a zone."""
    if instant is None:
        return None
    if instant.tzinfo is None:
        raise Problem(422, "malformed", "an instant needs a zone; write it with Z")
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise Problem(422, "malformed", "the instant lies beyond the calendar") from None


@contextmanager
def answerable() -> Iterator[None]:
    """Turn questions about what there was not, and beyond the calendars, into Problems."""
    try:
        yield
    except NothingYet as nothing:
        raise Problem(404, "nothing_yet", str(nothing)) from None
    except UnknownField as unknown:
        raise Problem(404, "unknown_field", str(unknown)) from None
    except OutsideCoverage as beyond:
        raise Problem(409, beyond.code, str(beyond)) from None


def _as_of(said: str | datetime | None, name: str) -> int | datetime | None:
    if said is None or isinstance(said, datetime):
        return utc(said)
    if re.fullmatch(_VERSION, said):
        return int(said.removeprefix("v"))
    try:
        return utc(datetime.fromisoformat(said))
    except ValueError:
        raise Problem(
            422, "malformed", f"{name} is a version, or an instant such as 2026-06-11T12:00:00Z"
        ) from None
