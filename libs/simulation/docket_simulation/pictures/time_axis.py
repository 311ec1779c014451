"""Parts of a picture with a time axis (SVG): boxes, ticks, words, open hours."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from docket_events.characters import xml_escaped
from docket_events.instants import for_people
from docket_policies.calendars.calendar import Calendar
from docket_policies.calendars.epoch import moment, seconds
from docket_policies.calendars.opentime import OutsideCoverage

WIDTH, MARGIN = 1100, 20
MOST_WINDOWS = 600  # more would be narrower than a pixel, so a longer picture shades nothing


class Axis:
    """The time axis: where an instant lies between the edges of the picture."""

    def __init__(self, first: datetime, last: datetime) -> None:
        margin = max((last - first) * 0.02, timedelta(minutes=30))
        self.first, self.last = first - margin, last + margin
        self._width = (self.last - self.first).total_seconds()

    def x(self, instant: datetime) -> float:
        """Return the horizontal position of an instant."""
        inside = min(max(instant, self.first), self.last)
        share = (inside - self.first).total_seconds() / self._width
        return round(MARGIN + share * (WIDTH - 2 * MARGIN), 2)


def windows(
    counted: Calendar, first: datetime, last: datetime
) -> Sequence[tuple[datetime, datetime]]:
    """Return the open windows within [first, last), none where the calendar does not know them."""
    here, end = seconds(first), seconds(last)
    found: list[tuple[datetime, datetime]] = []
    try:
        while here < end:
            opens, closes = counted.window(here)
            closed = end if closes is None else min(closes, end)
            if opens >= end:
                break
            found.append((moment(opens), moment(closed)))
            here = closed
            if len(found) > MOST_WINDOWS:
                return ()
    except OutsideCoverage:
        return found
    return found


def scale(axis: Axis, y: int) -> Iterator[str]:
    """Mark midnights under a picture with their whole dates, at most ten of them."""
    days = (axis.last - axis.first).days + 1
    step = timedelta(days=max(1, -(-days // 10)))
    day = axis.first.replace(hour=0, minute=0, second=0) + timedelta(days=1)
    yield text(MARGIN, y + 26, f"{for_people(axis.first)} to {for_people(axis.last)}", "#718096")
    while day < axis.last:
        yield tick("midnight", axis, day, y - 6, 6, "#a0aec0", day.strftime("%a %Y-%m-%d"))
        yield text(axis.x(day), y + 10, day.strftime("%a %Y-%m-%d"), "#718096")
        day += step


def box(
    kind: str,
    axis: Axis,
    start: datetime,
    end: datetime,
    y: int,
    height: int,
    colour: str,
    told: str,
) -> str:
    """Return the stretch [start, end) as a box with a title that is shown on hover."""
    x, until = axis.x(start), axis.x(end)
    return (
        f'<rect class="{kind}" x="{x}" y="{y}" width="{round(until - x, 2)}" height="{height}" '
        f'fill="{colour}"><title>{xml_escaped(told)}</title></rect>'
    )


def tick(kind: str, axis: Axis, at: datetime, y: int, height: int, colour: str, told: str) -> str:
    """Return an instant as a vertical line with a title that is shown on hover."""
    x = axis.x(at)
    return (
        f'<line class="{kind}" x1="{x}" y1="{y}" x2="{x}" y2="{y + height}" stroke="{colour}" '
        f'stroke-width="2"><title>{xml_escaped(told)}</title></line>'
    )


def text(x: float, y: float, said: str, colour: str) -> str:
    """Return words at a position."""
    return f'<text x="{x}" y="{y}" fill="{colour}">{xml_escaped(said)}</text>'
