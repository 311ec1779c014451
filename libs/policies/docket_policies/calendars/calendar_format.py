"""Reading a calendar from data: the format of the packs, of questions and of the test vectors.

Keys: timezone, hours by weekday (`mon` to `sun`, and `holiday` where holidays have hours), holidays
(dates), and optionally breaks and date_overrides by date. Windows are half-open pairs like
["09:00", "18:00"], "24:00" ends a day.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from docket_policies.calendars.calendar import BadCalendar, Calendar, DayWindows

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAY = "holiday"

_KEYS = frozenset({"timezone", "hours", "holidays", "breaks", "date_overrides"})


def read_calendar(
    data: Mapping[str, Any],
    *,
    name: str,
    covered: tuple[tuple[int, int], ...] | None = None,
    clause: str | None = None,
) -> Calendar:
    """Build a calendar from its data.

    `covered` are the first and last years of the eras whose holidays the data knows. Raises
    BadCalendar with the key that is wrong and what to do.
    """
    unknown = set(data) - _KEYS
    if unknown:
        raise BadCalendar(f"unknown {', '.join(sorted(unknown))}: a calendar has {_listed(_KEYS)}")
    hours = _mapping(data, "hours")
    strange = set(hours) - {*WEEKDAYS, HOLIDAY}
    if strange:
        known = _listed((*WEEKDAYS, HOLIDAY))
        raise BadCalendar(f"hours.{', '.join(sorted(strange))}: weekdays are {known}")
    return Calendar(
        name=name,
        timezone=_zone(data.get("timezone", "UTC")),
        hours=tuple(_windows(hours.get(day, ()), f"hours.{day}") for day in WEEKDAYS),
        holidays=frozenset(_day(day, "holidays") for day in data.get("holidays", ())),
        holiday_hours=_windows(hours.get(HOLIDAY, ()), f"hours.{HOLIDAY}"),
        breaks=_dated(data, "breaks"),
        overrides=_dated(data, "date_overrides"),
        covered=covered,
        clause=clause,
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names if isinstance(names, tuple) else sorted(names))


def _mapping(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key, {})
    if not isinstance(value, Mapping):
        raise BadCalendar(f"{key}: write a table of windows")
    return value


def _zone(key: object) -> str:
    if key in ("UTC", "Etc/UTC"):
        return "UTC"  # needs no zone database
    try:
        return ZoneInfo(str(key)).key
    except (KeyError, ValueError):
        raise BadCalendar(f"timezone {key!r} is unknown: name one like 'UTC'") from None


def _dated(data: Mapping[str, Any], key: str) -> Mapping[date, DayWindows]:
    return {
        _day(day, key): _windows(windows, f"{key}.{day}")
        for day, windows in _mapping(data, key).items()
    }


def _day(value: object, where: str) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise BadCalendar(f"{where}: {value!r} is no date; write YYYY-MM-DD") from None


def _windows(value: object, where: str) -> DayWindows:
    try:
        pairs = [(_time(start, where), _time(end, where)) for start, end in value]  # type: ignore[attr-defined]  # checked by the except
    except (TypeError, ValueError):
        raise BadCalendar(f'{where}: write windows like [["09:00", "18:00"]]') from None
    return tuple(sorted(pairs))


def _time(value: object, where: str) -> int:
    hours, _, rest = str(value).partition(":")
    minutes, _, rest = rest.partition(":")
    second = int(hours) * 3_600 + int(minutes) * 60 + int(rest or 0)
    if not (0 <= second <= 86_400 and int(minutes) < 60):
        raise BadCalendar(f"{where}: {value!r} is no time of a day; 24:00 is its end")
    return second
