"""Who adds and measures working time: ours, and two libraries told of the same calendar.

Each answers in its own way of being asked, but the answers are made alike: an aware instant and
whole seconds. None is handed anything slower than it needs: the peers get the holidays as a set.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time

import businesstimedelta
from business_duration import businessDuration

from docket_policies.calendars.calendar import Calendar
from docket_policies.calendars.time_arithmetic import add, between
from docket_policies.terms.loader import calendar as calendar_named

OURS, DELTA, DURATION = "docket", "businesstimedelta", "business-duration"

_OPENS, _CLOSES = time(9), time(18)

Adding = Callable[[datetime, int], datetime]
"""When is so much working time after the start spent?"""

Measuring = Callable[[datetime, datetime], int]
"""How many working seconds lie between start and end?"""


def business_hours() -> Calendar:
    """Return the calendar that everyone is asked about: pack R's business hours (R-1.9)."""
    found = calendar_named("R_BH")
    assert found is not None, "the packs have it"
    return found


def adders(calendar: Calendar) -> Mapping[str, Adding]:
    """Return those that can add working time; business-duration cannot."""
    rules = _rules(calendar)

    def ours(start: datetime, amount: int) -> datetime:
        return add(calendar, start, amount)

    def delta(start: datetime, amount: int) -> datetime:
        ends: datetime = start + businesstimedelta.BusinessTimeDelta(rules, seconds=amount)
        return ends

    return {OURS: ours, DELTA: delta}


def measurers(calendar: Calendar) -> Mapping[str, Measuring]:
    """Return those that can measure working time, which is all of them."""
    rules, holidays = _rules(calendar), calendar.holidays

    def ours(start: datetime, end: datetime) -> int:
        return between(calendar, start, end)

    def delta(start: datetime, end: datetime) -> int:
        return int(rules.difference(start, end).timedelta.total_seconds())

    def duration(start: datetime, end: datetime) -> int:
        return int(businessDuration(start, end, _OPENS, _CLOSES, holidaylist=holidays, unit="sec"))

    return {OURS: ours, DELTA: delta, DURATION: duration}


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return an instant."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def _rules(calendar: Calendar) -> businesstimedelta.Rules:
    days = businesstimedelta.WorkDayRule(_OPENS, _CLOSES, [0, 1, 2, 3, 4])
    return businesstimedelta.Rules([days, businesstimedelta.HolidayRule(calendar.holidays)])
