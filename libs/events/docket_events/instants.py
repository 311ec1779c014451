"""How an instant is written: on the wire, and for people."""

from datetime import UTC, datetime


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
