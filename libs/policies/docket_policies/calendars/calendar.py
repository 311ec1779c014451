"""When work is done: windows by weekday, breaks, dated exceptions and holidays in a time zone.

Windows are half-open and read on the wall clock of the zone: an hour that a change to summer time
skips is never open, one that the change back repeats is open twice. A dated override replaces the
weekday's windows and those of a holiday; breaks are removed from whatever is open.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from docket_policies.calendars.epoch import DAY, moment
from docket_policies.calendars.opentime import AlwaysOpen, Eras, OpenTime, Windows, year_begins

DayWindows = tuple[tuple[int, int], ...]
"""Half-open windows of one day in seconds since its midnight on the wall clock."""

_DAY_ONE = date(1970, 1, 1).toordinal()
_FULL_DAY: DayWindows = ((0, DAY),)


class BadCalendar(ValueError):
    """A calendar that is incomplete or contradicts itself: which rule of it, and what to do."""


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """A calendar by name; `hours` are Monday first.

    `covered` are the first and last years of the eras whose holidays are known; a calendar that
    needs none has None and counts in any year. `holiday_hours` are the windows of a holiday that
    falls on a weekday with other hours. Raises BadCalendar.
    """

    name: str
    timezone: str
    hours: tuple[DayWindows, ...]
    holidays: frozenset[date] = frozenset()
    holiday_hours: DayWindows = ()
    breaks: Mapping[date, DayWindows] = field(default_factory=dict)
    overrides: Mapping[date, DayWindows] = field(default_factory=dict)
    covered: tuple[tuple[int, int], ...] | None = None
    clause: str | None = None
    open_time: OpenTime | AlwaysOpen | Eras = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for day, windows in enumerate(self.hours):
            _refuse_disorder(windows, f"hours of weekday {day + 1}")
        _refuse_disorder(self.holiday_hours, "hours of a holiday")
        for kind, dated in (("break", self.breaks), ("override", self.overrides)):
            for day_, windows in dated.items():
                _refuse_disorder(windows, f"{kind} of {day_}")
        if not any(self.hours) and not any(self.overrides.values()):
            raise BadCalendar(f"calendar {self.name} is never open: give it hours")
        plain = not (self.holidays or self.breaks or self.overrides or self.covered)
        always = plain and all(windows == _FULL_DAY for windows in self.hours)
        object.__setattr__(self, "open_time", AlwaysOpen() if always else self._laid_out())

    def measure(self, start: int, end: int) -> int:
        """Return the open seconds of [start, end) in seconds since 1970; raise OutsideCoverage."""
        return self.open_time.measure(start, end)

    def advance(self, start: int, amount: int) -> int:
        """Return the instant at which the amount of open time is spent; raise OutsideCoverage."""
        return self.open_time.advance(start, amount)

    def window(self, instant: int) -> tuple[int, int | None]:
        """Return the open window at an instant or the next one; raise OutsideCoverage.

        A window that has begun starts at the instant; one that never ends has the end None.
        """
        return self.open_time.window(instant)

    def _laid_out(self) -> OpenTime | Eras:
        if self.covered is None:
            return OpenTime(self.name, self._windows_of, None)
        eras = [
            OpenTime(self.name, self._windows_of, self._range(first, last))
            for first, last in self.covered
        ]
        return eras[0] if len(eras) == 1 else Eras(tuple(eras))

    def _range(self, first: int, last: int) -> tuple[int, int]:
        begins, ends = year_begins(first), year_begins(last + 1)
        return begins - _offset(self.timezone, begins), ends - _offset(self.timezone, ends)

    def _windows_of(self, year: int) -> Windows:
        """Return the windows within a UTC year: local open hours as instants."""
        begins, ends = year_begins(year), year_begins(year + 1)
        windows: Windows = []
        for start, end, offset in _constant_offsets(self.timezone, begins, ends):
            first, last = (start + offset) // DAY, (end + offset - 1) // DAY
            for day in range(first, last + 1):
                midnight = day * DAY - offset
                for opened, closed in self._open_on(date.fromordinal(day + _DAY_ONE)):
                    window = max(midnight + opened, start), min(midnight + closed, end)
                    if window[0] < window[1]:
                        windows.append(window)
        return windows

    def _open_on(self, day: date) -> DayWindows:
        windows = self.overrides.get(day)
        if windows is None:
            windows = self.holiday_hours if day in self.holidays else self.hours[day.weekday()]
        for start, end in self.breaks.get(day, ()):
            windows = tuple(
                piece
                for opened, closed in windows
                for piece in ((opened, min(closed, start)), (max(opened, end), closed))
                if piece[0] < piece[1]
            )
        return windows


def _refuse_disorder(windows: DayWindows, where: str) -> None:
    reached = 0
    for start, end in windows:
        if not 0 <= start < end <= DAY:
            raise BadCalendar(
                f"{where}: a window must start before it ends, within 00:00 and 24:00; "
                "split one that crosses midnight"
            )
        if start < reached:
            raise BadCalendar(f"{where}: windows overlap or are out of order; write them apart")
        reached = end


def _offset(timezone: str, instant: int) -> int:
    if timezone == "UTC":
        return 0
    ahead = moment(instant).astimezone(ZoneInfo(timezone)).utcoffset()
    assert ahead is not None
    return ahead // timedelta(seconds=1)


def _constant_offsets(timezone: str, begins: int, ends: int) -> list[tuple[int, int, int]]:
    """Return stretches [start, end) of one UTC offset; a change is found to the second."""
    if timezone == "UTC":
        return [(begins, ends, 0)]
    stretches = []
    start, offset = begins, _offset(timezone, begins)
    for day in range(begins, ends, DAY):
        after = _offset(timezone, day + DAY)
        if after == offset:
            continue
        low, high = day, day + DAY
        while high - low > 1:
            middle = (low + high) // 2
            same = _offset(timezone, middle) == offset
            low, high = (middle, high) if same else (low, middle)
        stretches.append((start, high, offset))
        start, offset = high, after
    stretches.append((start, ends, offset))
    return [stretch for stretch in stretches if stretch[0] < stretch[1]]
