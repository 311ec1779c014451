"""Open windows as seconds since 1970, with running sums: measuring and adding in constant time.

Windows are half-open [start, end). With each the open time before it is kept, so both questions are
a binary search whatever the span. Years are computed when they are first needed and kept; this
changes no answer.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import date
from typing import Final, NamedTuple

from docket_policies.calendars.epoch import DAY, moment

Windows = list[tuple[int, int]]

_HORIZON_YEARS = 200  # an amount that is not spent within this is a mistake, not a deadline
_DAY_ONE = date(1970, 1, 1).toordinal()


class OutsideCoverage(ValueError):
    """The calendar does not know the holidays of that year, so an answer would be a guess."""

    code: Final = "calendar_year_missing"


class _Line(NamedTuple):
    first_year: int
    last_year: int
    begins: int
    ends: int
    opened: list[int]
    closed: list[int]
    before: list[int]
    total: int


def year_begins(year: int) -> int:
    """Return the first second of a UTC year."""
    return (date(year, 1, 1).toordinal() - _DAY_ONE) * DAY


class AlwaysOpen:
    """Every second counts."""

    __slots__ = ()

    def measure(self, start: int, end: int) -> int:
        """Return the seconds from start to end; negative when end is earlier."""
        return end - start

    def advance(self, start: int, amount: int) -> int:
        """Return the instant that is the amount later than start."""
        return start + amount

    def window(self, instant: int) -> tuple[int, int | None]:
        """Return the instant and None, for the window never ends."""
        return instant, None


class OpenTime:
    """The open windows of one calendar.

    `windows_of` gives those of a UTC year, sorted and disjoint; `covered` is the half-open range of
    instants for which they are known, None for all.
    """

    __slots__ = ("_covered", "_line", "_name", "_windows_of")

    def __init__(
        self, name: str, windows_of: Callable[[int], Windows], covered: tuple[int, int] | None
    ) -> None:
        self._name = name
        self._windows_of = windows_of
        self._covered = covered
        self._line = _Line(1970, 1969, 0, 0, [], [], [], 0)

    def measure(self, start: int, end: int) -> int:
        """Return the open seconds of [start, end); negative when end is earlier.

        Raises OutsideCoverage.
        """
        line = self._reaching(min(start, end), max(start, end))
        return _open_until(line, end) - _open_until(line, start)

    def advance(self, start: int, amount: int) -> int:
        """Return the earliest instant at which the amount of open time after start is spent.

        A negative amount gives the latest instant from which it is spent until start. Raises
        OutsideCoverage.
        """
        if amount == 0:
            return start
        line = self._reaching(start, start)
        while not 0 <= (spent := _open_until(line, start) + amount) <= line.total:
            line = self._longer(line, start, forward=amount > 0)
        if amount > 0:
            i = bisect_left(line.before, spent) - 1
        else:
            i = bisect_right(line.before, spent) - 1
        return self._within(line.opened[i] + spent - line.before[i])

    def window(self, instant: int) -> tuple[int, int | None]:
        """Return the open window at the instant, starting there, or the next one.

        Raises OutsideCoverage.
        """
        line = self._reaching(instant, instant)
        while not line.closed or line.closed[-1] <= instant:
            line = self._longer(line, instant, forward=True)
        i = bisect_right(line.closed, instant)
        if line.closed[i] == line.ends and self._goes_on(line):
            line = self._longer(line, instant, forward=True)
            i = bisect_right(line.closed, instant)
        return self._within(max(line.opened[i], instant)), self._within(line.closed[i])

    def _goes_on(self, line: _Line) -> bool:
        """Say whether more is known behind a line: a window may last over the turn of the year."""
        return self._covered is None or line.ends < self._covered[1]

    def knows(self, instant: int) -> bool:
        """Return whether the windows around an instant are known."""
        return self._covered is None or self._covered[0] <= instant <= self._covered[1]

    def _within(self, instant: int) -> int:
        if not self.knows(instant):
            raise self._outside(instant)
        return instant

    def _reaching(self, start: int, end: int) -> _Line:
        for instant in (start, end):
            self._within(instant)
        line = self._line
        if line.begins <= start and end < line.ends:
            return line
        return self._lay(moment(start).year, moment(end).year)

    def _longer(self, line: _Line, start: int, *, forward: bool) -> _Line:
        edge = line.ends if forward else line.begins
        years = line.last_year - line.first_year + 1
        if self._covered is not None and not self._covered[0] < edge < self._covered[1]:
            raise self._outside(edge)
        if abs(edge - start) > _HORIZON_YEARS * 366 * DAY:
            raise OutsideCoverage(
                f"calendar {self._name} opens too little: not spent within {_HORIZON_YEARS} years"
            )
        if forward:
            return self._lay(line.first_year, line.last_year + years)
        return self._lay(line.first_year - years, line.last_year)

    def _lay(self, first_year: int, last_year: int) -> _Line:
        known = self._line
        if known.first_year <= known.last_year:
            first_year, last_year = (
                min(first_year, known.first_year),
                max(last_year, known.last_year),
            )
        windows: Windows = []
        for year in range(first_year, last_year + 1):
            for start, end in self._windows_of(year):
                if windows and windows[-1][1] == start:
                    windows[-1] = (windows[-1][0], end)
                else:
                    windows.append((start, end))
        before, total = [], 0
        for start, end in windows:
            before.append(total)
            total += end - start
        self._line = _Line(
            first_year,
            last_year,
            year_begins(first_year),
            year_begins(last_year + 1),
            [start for start, _ in windows],
            [end for _, end in windows],
            before,
            total,
        )
        return self._line

    def _outside(self, instant: int) -> OutsideCoverage:
        assert self._covered is not None
        first, last = (moment(edge).date() for edge in self._covered)
        return OutsideCoverage(
            f"calendar {self._name} has no holiday data for {moment(instant).year}: it knows its "
            f"holidays from {first} until {last} (exclusive), not on {moment(instant).date()}; "
            "add those years to its holidays"
        )


def _open_until(line: _Line, instant: int) -> int:
    i = bisect_right(line.opened, instant) - 1
    if i < 0:
        return 0
    return line.before[i] + min(instant, line.closed[i]) - line.opened[i]


class Eras:
    """The open windows of a calendar whose holidays are known for some runs of years.

    Nothing is counted across a gap: a question is answered within the era it starts in.
    """

    __slots__ = ("_eras",)

    def __init__(self, eras: tuple[OpenTime, ...]) -> None:
        self._eras = eras

    def measure(self, start: int, end: int) -> int:
        """Return the open seconds of [start, end); raise OutsideCoverage."""
        return self._era(start).measure(start, end)

    def advance(self, start: int, amount: int) -> int:
        """Return the instant at which the amount is spent; raise OutsideCoverage."""
        return self._era(start).advance(start, amount)

    def window(self, instant: int) -> tuple[int, int | None]:
        """Return the open window at an instant or the next one; raise OutsideCoverage."""
        return self._era(instant).window(instant)

    def _era(self, instant: int) -> OpenTime:
        for era in self._eras:
            if era.knows(instant):
                return era
        return self._eras[-1]  # it refuses the instant and says what it knows
