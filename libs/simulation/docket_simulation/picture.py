"""The clock of a history as a picture (SVG): what was open, what ran, who paused it and why.

One lane a side, all on one time axis in UTC. Open hours of the calendar that counts are shaded;
under the axis every span stands in words with its clause, and the sum at the end.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from docket_policies.calendar import Calendar
from docket_policies.instants import moment, seconds
from docket_policies.loader import calendar
from docket_policies.model import ClockState
from docket_policies.opentime import OutsideCoverage
from docket_simulation.explanation import Explanation, Row, hours, written

WIDTH, MARGIN, LANE, LINE = 1100, 20, 64, 18
MOST_WINDOWS = 600  # more would be narrower than a pixel: such a picture shades nothing

COLOURS: dict[ClockState, str] = {
    "running": "#2f855a",
    "waiting_user": "#d69e2e",
    "suspended": "#805ad5",
    "waiting_third_party": "#dd6b20",
    "cause_unknown": "#b7791f",
    "scheduled_operation": "#3182ce",
    "individual_deadline": "#319795",
    "satisfied": "#cbd5e0",
}
QUIET = "#e2e8f0"
OPEN, LATE = "#edf7ee", "#c53030"


class Axis:
    """Where an instant lies between the edges of the picture."""

    def __init__(self, first: datetime, last: datetime) -> None:
        margin = max((last - first) * 0.02, timedelta(minutes=30))
        self.first, self.last = first - margin, last + margin
        self._width = (self.last - self.first).total_seconds()

    def x(self, instant: datetime) -> float:
        """Return the horizontal place of an instant."""
        inside = min(max(instant, self.first), self.last)
        share = (inside - self.first).total_seconds() / self._width
        return round(MARGIN + share * (WIDTH - 2 * MARGIN), 2)


def picture(sides: Sequence[Explanation]) -> str:
    """Return the picture of one or more explanations of the same history."""
    axis = _axis(sides)
    body: list[str] = []
    y = 2 * MARGIN + LINE
    for side in sides:
        body += _lane(side, axis, y)
        y += LANE + LINE
    body += _scale(axis, y)
    y += 3 * LINE
    for side in sides:
        for line, colour in _words(side):
            body.append(_text(MARGIN, y, line, colour))
            y += LINE
        y += LINE // 2
    head = f"{sides[0].terms.title} at {written(sides[0].at)}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y + MARGIN}" '
            f'viewBox="0 0 {WIDTH} {y + MARGIN}" font-family="sans-serif" font-size="12">',
            f"<title>{escape(head)}</title>",
            f'<rect width="{WIDTH}" height="{y + MARGIN}" fill="#ffffff"/>',
            _text(MARGIN, MARGIN + 4, head, "#1a202c"),
            *body,
            "</svg>\n",
        ]
    )


def _axis(sides: Sequence[Explanation]) -> Axis:
    instants = [side.at for side in sides]
    instants += [fact.occurred_at for side in sides for fact in side.history]
    instants += [side.clock.deadline for side in sides if side.clock.deadline is not None]
    return Axis(min(instants), max(instants))


def _lane(side: Explanation, axis: Axis, y: int) -> Iterator[str]:
    yield _text(MARGIN, y - 4, f"{side.label}: {side.clock.state}", "#4a5568")
    counted = side.terms.targets[side.clock.priority].calendar
    for opens, closes in _windows(counted, axis.first, axis.last):
        yield _box("open", axis, opens, closes, y, LANE, OPEN, f"open hours of {counted.name}")
    for row in side.rows:
        span = row.span
        told = f"{row.held_by}: {span.state} since {row.cause}, {span.clause}"
        colour = COLOURS.get(span.state, QUIET)
        yield _box(f"span {span.state}", axis, span.from_, span.to, y + 22, 22, colour, told)
        named = calendar(span.calendar) if span.calendar else None
        if named is not None:
            for opens, closes in _windows(named, span.from_, span.to):
                yield _box("counts", axis, opens, closes, y + 44, 6, colour, "these hours count")
    for fact in side.history:
        if fact.occurred_at <= side.at:
            kind = type(fact.event).__name__
            yield _tick("event", axis, fact.occurred_at, y + 16, 34, "#4a5568", kind)
    yield _tick("now", axis, side.at, y, LANE, "#1a202c", f"asked at {written(side.at)}")
    turn = side.turn
    if side.clock.deadline is not None:
        due = f"deadline {written(side.clock.deadline)}, {side.clock.clause}"
        yield _tick("deadline", axis, side.clock.deadline, y, LANE, LATE, due)
        yield _text(axis.x(side.clock.deadline), y - 4, "due", LATE)
    if turn is not None and turn.breached_at is not None and turn.due_at is not None:
        end = turn.answered_at or turn.ended_at or side.at
        told = f"overdue since {written(turn.due_at)}"
        yield _box("breach", axis, turn.due_at, end, y + 52, 8, LATE, told)


def _words(side: Explanation) -> Iterator[tuple[str, str]]:
    yield f"{side.label}", "#1a202c"
    for row in side.rows:
        yield _line(row), COLOURS.get(row.span.state, "#718096")
    yield f"Sum: {side.sum}", LATE if side.clock.overdue else "#1a202c"


def _line(row: Row) -> str:
    span = row.span
    counted = f"+{hours(span.counted_s)} = {hours(row.total_s)}"
    when = f"{written(span.from_)} to {written(span.to)}"
    why = f"{span.state}, held by {row.held_by} ({row.cause}, {span.clause})"
    return f"turn {row.turn}: {when}: {why} {counted}"


def _scale(axis: Axis, y: int) -> Iterator[str]:
    """Mark midnights, at most a dozen of them."""
    days = (axis.last - axis.first).days + 1
    step = timedelta(days=max(1, -(-days // 12)))
    day = axis.first.replace(hour=0, minute=0, second=0) + timedelta(days=1)
    yield _text(MARGIN, y + 26, f"{written(axis.first)} to {written(axis.last)}", "#718096")
    while day < axis.last:
        yield _tick("midnight", axis, day, y - 6, 6, "#a0aec0", day.strftime("%a %Y-%m-%d"))
        yield _text(axis.x(day), y + 10, day.strftime("%a %d %b"), "#718096")
        day += step


def _windows(
    counted: Calendar, first: datetime, last: datetime
) -> Sequence[tuple[datetime, datetime]]:
    """Return the open windows within [first, last), none where the calendar does not know them."""
    here, end = seconds(first), seconds(last)
    windows: list[tuple[datetime, datetime]] = []
    try:
        while here < end:
            opens, closes = counted.window(here)
            closed = end if closes is None else min(closes, end)
            if opens >= end:
                break
            windows.append((moment(opens), moment(closed)))
            here = closed
            if len(windows) > MOST_WINDOWS:
                return ()
    except OutsideCoverage:
        return windows
    return windows


def _box(
    kind: str,
    axis: Axis,
    start: datetime,
    end: datetime,
    y: int,
    height: int,
    colour: str,
    told: str,
) -> str:
    x, until = axis.x(start), axis.x(end)
    return (
        f'<rect class="{kind}" x="{x}" y="{y}" width="{round(until - x, 2)}" height="{height}" '
        f'fill="{colour}"><title>{escape(told)}</title></rect>'
    )


def _tick(kind: str, axis: Axis, at: datetime, y: int, height: int, colour: str, told: str) -> str:
    x = axis.x(at)
    return (
        f'<line class="{kind}" x1="{x}" y1="{y}" x2="{x}" y2="{y + height}" stroke="{colour}" '
        f'stroke-width="2"><title>{escape(told)}</title></line>'
    )


def _text(x: float, y: float, said: str, colour: str) -> str:
    return f'<text x="{x}" y="{y}" fill="{colour}">{escape(said)}</text>'
