"""Hours, days and dates by walking the minutes: what the stepping interpreter counts in."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from docket_policies.calendars.calendar import Calendar
from docket_terms.amounts import Amount

MINUTE = 60


@lru_cache(200_000)
def local(zone: str, at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone))


def is_open(calendar: Calendar, at: int) -> bool:
    """Tell whether the minute that begins at an instant is open."""
    here = local(calendar.timezone, at)
    if here.date() in calendar.holidays:
        return False
    second = here.hour * 3_600 + here.minute * 60
    return any(start <= second < end for start, end in calendar.hours[here.weekday()])


def day_seconds(calendar: Calendar) -> int:
    return next(sum(e - s for s, e in windows) for windows in calendar.hours if windows)


def seconds_of(amount: Amount, calendar: Calendar) -> int:
    if amount.unit in ("s", "min", "h"):
        return amount.count * {"s": 1, "min": 60, "h": 3_600}[amount.unit]
    return amount.count * (7 if "week" in amount.unit else 1) * day_seconds(calendar)


def by_date(amount: Amount) -> bool:
    return amount.unit not in ("s", "min", "h") and amount.day != "hours"


@lru_cache(10_000)
def date_of(amount: Amount, calendar: Calendar, start: int) -> int:
    """Return when an amount by date ends, by walking the minutes."""
    begun = local(calendar.timezone, start)
    first = begun.date()
    if "week" in amount.unit:
        day, behind = first + timedelta(weeks=amount.count), 0
    else:
        day, behind = first, amount.count
    minutes = count(start - start % MINUTE, MINUTE)
    open_days = list[Any]()
    if amount.day == "same time":
        while len(open_days) < behind:
            at = next(minutes)
            here = local(calendar.timezone, at).date()
            if here > first and here not in open_days and is_open(calendar, at):
                open_days.append(here)
        wanted = open_days[-1] if open_days else day
        naive = datetime.combine(wanted, begun.time(), ZoneInfo(calendar.timezone))
        at = int(naive.astimezone(UTC).timestamp())
        while not is_open(calendar, at):
            at += MINUTE
        return at
    after = first if behind else day - timedelta(days=1)
    needed, last_open = behind or 1, 0
    while True:
        at = next(minutes)
        here = local(calendar.timezone, at).date()
        if len(open_days) == needed and here > open_days[-1]:
            return at if amount.day == "end" else last_open
        if here > after and is_open(calendar, at):
            if here not in open_days:
                open_days.append(here)
            last_open = at + MINUTE
