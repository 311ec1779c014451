"""Working time by brute force: one minute after the other, each asked by itself."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def open_minute(calendar: Mapping[str, Any], minute: datetime) -> bool:
    """Say whether a minute is open in a calendar in the format of the shared vectors."""
    local = minute.astimezone(ZoneInfo(calendar["timezone"]))
    day = local.date().isoformat()
    windows = calendar["hours"].get(WEEKDAYS[local.weekday()], [])
    if day in calendar["holidays"]:
        windows = []
    windows = calendar.get("date_overrides", {}).get(day, windows)
    clock = local.strftime("%H:%M")
    return any(start <= clock < end for start, end in windows) and not any(
        start <= clock < end for start, end in calendar.get("breaks", {}).get(day, [])
    )


def minutes(start: datetime, end: datetime) -> Iterable[datetime]:
    """Return the minutes of [start, end)."""
    while start < end:
        yield start
        start += MINUTE
