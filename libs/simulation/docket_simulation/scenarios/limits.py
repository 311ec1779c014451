"""How much one question may ask: what exceeds it is refused before anything is computed.

A calendar is computed year by year as far as a question reaches, so the reach and the number of
windows bound the work and the memory that one line can cost.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from docket_events.instants import whole_seconds
from docket_policies.eligibility.question import Question, Unanswerable

FIRST_YEAR, LAST_YEAR = 1900, 2200
MOST_WINDOWS_A_DAY = 12
CALENDARS_KEPT = 8  # a stream uses few calendars again and again


def instant_of(asked: Question, key: str) -> datetime:
    """Return an instant of a question to the second; raise Unanswerable beyond the known years."""
    instant = whole_seconds(asked.instant(key))
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise Unanswerable(
            "out_of_range", f"{key}: {instant.year} lies outside {FIRST_YEAR} to {LAST_YEAR}"
        )
    return instant


def refuse_oversized(calendar: Mapping[str, Any]) -> None:
    """Raise Unanswerable for a calendar whose lists are no lists or are too long for a day."""
    if not isinstance(calendar.get("holidays", []), list):
        raise Unanswerable("calendar_wrong", "holidays: give a list of dates")
    for key in ("hours", "breaks", "date_overrides"):
        days = calendar.get(key, {})
        for day, windows in days.items() if isinstance(days, Mapping) else ():
            if isinstance(windows, list) and len(windows) > MOST_WINDOWS_A_DAY:
                raise Unanswerable(
                    "calendar_wrong", f"{key}.{day}: a day has at most {MOST_WINDOWS_A_DAY} windows"
                )
