"""Instants as whole seconds since 1970 (UTC), the unit and the zone in which the terms count."""

from datetime import UTC, datetime

DAY = 86_400
HOUR = 3_600


def seconds(instant: datetime) -> int:
    """Return the whole seconds since 1970 of an aware instant; raise ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no zone")
    return int(instant.timestamp())


def moment(second: int) -> datetime:
    """Return the UTC instant of whole seconds since 1970."""
    return datetime.fromtimestamp(second, UTC)
