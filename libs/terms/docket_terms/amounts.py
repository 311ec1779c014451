"""Amounts of time as terms write them, and when one is spent in a calendar.

`30 min`, `4 h`, `2 days`, `1 weeks`. How a day counts is said beside it: `hours` as the open hours
of a day, `close` until the closing of the n-th working day behind the date, `end` until the
midnight that ends it, `same time` at the same time of day then, or the next opening.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from re import fullmatch
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from docket_policies.calendars.calendar import Calendar
from docket_policies.calendars.calendar_format import WEEKDAYS, read_calendar
from docket_policies.calendars.epoch import DAY, HOUR, moment, seconds

Day = Literal["hours", "close", "end", "same time"]
DAYS = get_args(Day)

ALWAYS: Calendar = read_calendar(
    {"hours": {day: [["00:00", "24:00"]] for day in WEEKDAYS}}, name="ALWAYS"
)
"""The calendar that every pack has: no second is left out."""

_UNITS = {"s": 1, "min": 60, "h": HOUR, "day": DAY, "days": DAY, "week": DAY * 7, "weeks": DAY * 7}
_MOST = 10_000


class NotEven(ValueError):
    """The open days of a calendar have different hours, so a day is no number of hours."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of units; days and weeks count as `day` says."""

    count: int
    unit: str
    day: Day = "hours"

    def __str__(self) -> str:
        """Return the amount as it is written."""
        return f"{self.count} {self.unit}"

    @property
    def by_date(self) -> bool:
        """Return whether it ends on a date, so that no seconds are counted."""
        return self.unit[0] in "dw" and self.day != "hours"

    def seconds_in(self, calendar: Calendar) -> int:
        """Return the open seconds that it is in a calendar; raise NotEven."""
        if self.unit[0] not in "dw":
            return self.count * _UNITS[self.unit]
        return self.count * (_UNITS[self.unit] // DAY) * hours_of_a_day(calendar)


def amount_of(text: str, day: Day = "hours") -> Amount:
    """Read an amount; raise ValueError that says how one is written."""
    match = fullmatch(r"([0-9]{1,6}) ?([a-z]+)", text.strip())
    if match is None or match[2] not in _UNITS:
        units = ", ".join(("s", "min", "h", "days", "weeks"))
        raise ValueError(f"{text!r} is no amount: write a number and one of {units}, as in 30 min")
    if int(match[1]) < 1:
        raise ValueError(f"{text!r} is no amount: it is more than none; write 1 or more")
    return Amount(int(match[1]), match[2], day)


def hours_of_a_day(calendar: Calendar) -> int:
    """Return the open seconds that each open weekday of a calendar has; raise NotEven."""
    lengths = {sum(end - start for start, end in windows) for windows in calendar.hours if windows}
    if len(lengths) != 1:
        raise NotEven(f"the open days of {calendar.name} have different hours: write hours")
    return lengths.pop()


def date_end(amount: Amount, calendar: Calendar, start: int) -> int:
    """Return when an amount by date ends that is counted from an instant; raise OutsideCoverage."""
    zone = ZoneInfo(calendar.timezone)
    begun = moment(start).astimezone(zone)
    if amount.unit[0] == "w":
        day = begun.date() + timedelta(weeks=amount.count)
        if amount.day != "same time":
            day = _working_day(calendar, zone, day - timedelta(days=1), 1)
    else:
        day = _working_day(calendar, zone, begun.date(), amount.count)
    if amount.day == "same time":
        opened, _ = calendar.window(_instant(datetime.combine(day, begun.time(), zone)))
        return opened
    if amount.day == "end":
        return _instant(datetime.combine(day + timedelta(days=1), time(), zone))
    return _last_close(calendar, zone, day)


def _working_day(calendar: Calendar, zone: ZoneInfo, behind: date, count: int) -> date:
    """Return the count-th day with open hours behind a date."""
    day = behind
    for _ in range(count):
        tomorrow = datetime.combine(day + timedelta(days=1), time(), zone)
        opened, _end = calendar.window(_instant(tomorrow))
        day = moment(opened).astimezone(zone).date()
    return day


def _last_close(calendar: Calendar, zone: ZoneInfo, day: date) -> int:
    first = _instant(datetime.combine(day, time(), zone))
    midnight = _instant(datetime.combine(day + timedelta(days=1), time(), zone))
    total = calendar.measure(first, midnight)
    return calendar.advance(first, total)


def _instant(local: datetime) -> int:
    return seconds(local.astimezone(UTC))
