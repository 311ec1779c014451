"""Open time that is known for several runs of years with gaps between them.

An old edition's holidays may be known so. Nothing is counted across a gap: a question is answered
within the run of years in which it starts.
"""

from docket_policies.calendars.opentime import OpenTime


class Eras:
    """The open windows of a calendar whose holidays are known for some runs of years."""

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
        return self._eras[-1]  # raises OutsideCoverage, which names the years that it knows
