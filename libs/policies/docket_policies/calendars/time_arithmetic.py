"""Counting time as the terms do: working time, elapsed hours, calendar days, months.

Instants are aware, whole seconds, answers in UTC. A budget is spent at the earliest instant at
which its last second has ended: one that ends with the working day is due that evening (C-54).
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from docket_policies.calendars.calendar import Calendar
from docket_policies.calendars.epoch import moment, seconds


def add(calendar: Calendar, start: datetime, amount: int) -> datetime:
    """Return the earliest instant at which the amount of working time after start is spent.

    The amount is in seconds; a negative one counts back to the latest instant from which it is
    spent until start. Raises OutsideCoverage.
    """
    return moment(calendar.advance(seconds(start), amount))


def between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Return the working seconds of [start, end), negative for a reversed range.

    Raises OutsideCoverage.
    """
    return calendar.measure(seconds(start), seconds(end))


def add_beside(
    calendar: Calendar,
    start: datetime,
    amount: int,
    pauses: Iterable[tuple[datetime, datetime]],
) -> datetime:
    """Return the instant at which the amount is spent when nothing counts during the pauses.

    Pauses are half-open and may overlap; no second is removed twice. A negative amount counts back;
    zero seconds from an instant are that instant, within a pause too (C-70). Raises
    OutsideCoverage.
    """
    here = seconds(start)
    if amount == 0:
        return moment(here)
    if amount < 0:
        return _back_beside(calendar, here, amount, union(pauses))
    for paused, resumed in union(pauses):
        due = calendar.advance(here, amount)
        if due <= paused:
            return moment(due)
        if resumed > here:
            amount -= calendar.measure(here, max(paused, here))
            here = resumed
    return moment(calendar.advance(here, amount))


def _back_beside(
    calendar: Calendar, here: int, amount: int, pauses: Sequence[tuple[int, int]]
) -> datetime:
    for paused, resumed in reversed(pauses):
        due = calendar.advance(here, amount)
        if due >= resumed:
            return moment(due)
        if paused < here:
            amount += calendar.measure(min(resumed, here), here)
            here = paused
    return moment(calendar.advance(here, amount))


def between_beside(
    calendar: Calendar,
    start: datetime,
    end: datetime,
    pauses: Iterable[tuple[datetime, datetime]],
) -> int:
    """Return the working seconds of [start, end) that lie in no pause."""
    first, last = seconds(start), seconds(end)
    paused = sum(
        calendar.measure(max(begin, first), min(stop, last))
        for begin, stop in union(pauses)
        if begin < last and stop > first
    )
    return calendar.measure(first, last) - paused


def union(spans: Iterable[tuple[datetime, datetime]]) -> Sequence[tuple[int, int]]:
    """Return half-open spans as sorted, disjoint spans of seconds since 1970."""
    return merged((seconds(start), seconds(end)) for start, end in spans)


def merged(spans: Iterable[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """Return half-open spans sorted and disjoint, without empty ones."""
    apart: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if apart and start <= apart[-1][1]:
            apart[-1] = apart[-1][0], max(apart[-1][1], end)
        else:
            apart.append((start, end))
    return apart


def hours_later(instant: datetime, hours: int) -> datetime:
    """Return the instant a number of elapsed hours later, nights and weekends included."""
    return instant.astimezone(UTC) + timedelta(hours=hours)


def days_after_date(instant: datetime, days: int) -> datetime:
    """Return the exclusive end of the day that lies `days` after the instant's UTC date.

    The date itself does not count (C-20, C-50).
    """
    last_day = instant.astimezone(UTC).date() + timedelta(days=days)
    return datetime.combine(last_day + timedelta(days=1), time(), tzinfo=UTC)


def months_later(day: date, months: int) -> date:
    """Return the same day a number of months later, or the month's last day if it has none.

    Always counted from the given day and never step by step; negative months count back (C-27,
    C-38).
    """
    return day + relativedelta(months=months)
