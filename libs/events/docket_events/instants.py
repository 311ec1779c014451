"""How an instant is written: on the wire, and by and for people."""

import re
from datetime import UTC, datetime

_BY_PEOPLE = re.compile(
    r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:\d\d)?)?", re.ASCII
)


def read_instant(text: str) -> datetime:
    """Return the instant that a person wrote, in UTC.

    Without a zone UTC is meant, and a day is its first instant. Raise ValueError that says what to
    write.
    """
    try:
        if _BY_PEOPLE.fullmatch(text) is None:
            raise ValueError("no instant")
        instant = datetime.fromisoformat(text.upper())
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(
            f"{text[:40]!r} is no instant: write 2026-06-11T12:00:00Z, or 2026-06-11 for its"
            " beginning in UTC"
        ) from None


def whole_seconds(instant: datetime) -> datetime:
    """Return the instant cut to the second, the grain in which the terms count (decision 0006)."""
    return instant.replace(microsecond=0)


def wire(instant: datetime) -> str:
    """Return an instant as other programs read it: RFC 3339 in UTC with Z, as exact as it is."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def day_and_time(instant: datetime) -> str:
    """Return an instant for people in UTC and to the second, without the name of its zone."""
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def for_people(instant: datetime) -> str:
    """Return an instant for people, with its weekday, in UTC and to the second."""
    return f"{instant.astimezone(UTC):%a} {day_and_time(instant)}Z"


def check_period(first: datetime | None, last: datetime | None) -> None:
    """Raise ValueError for a period [first, last) that holds no instant; None is open."""
    if first is not None and last is not None and last <= first:
        raise ValueError(
            f"no instant lies from {wire(first)} to before {wire(last)}: the end is not behind the"
            " beginning"
        )
