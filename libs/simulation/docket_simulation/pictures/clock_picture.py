"""The clock of a history as a picture (SVG): what was open, what ran, who paused it and why.

One lane for each side, all on one time axis in UTC. Open hours of the calendar that counts are
shaded; under the axis every span is described with its clause, and the sum at the end.
"""

from collections.abc import Iterator, Sequence

from docket_events.characters import xml_escaped
from docket_events.instants import for_people
from docket_policies.terms.calendar_files import calendar
from docket_policies.terms.clock_states import COLOURS
from docket_simulation.explanation import ExplainedSpan, Explanation, hours
from docket_simulation.pictures.time_axis import (
    MARGIN,
    WIDTH,
    Axis,
    box,
    scale,
    text,
    tick,
    windows,
)

LANE, LINE = 64, 18

QUIET = "#e2e8f0"
OPEN, LATE = "#edf7ee", "#c53030"


def picture(sides: Sequence[Explanation]) -> str:
    """Return the picture of one or more explanations of the same history."""
    axis = _axis(sides)
    body: list[str] = []
    y = 2 * MARGIN + LINE
    for side in sides:
        body += _lane(side, axis, y)
        y += LANE + LINE
    body += scale(axis, y)
    y += 3 * LINE
    for side in sides:
        for line, colour in _words(side):
            body.append(text(MARGIN, y, line, colour))
            y += LINE
        y += LINE // 2
    head = f"{sides[0].terms.title} at {for_people(sides[0].at)}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y + MARGIN}" '
            f'viewBox="0 0 {WIDTH} {y + MARGIN}" font-family="sans-serif" font-size="12">',
            f"<title>{xml_escaped(head)}</title>",
            f'<rect width="{WIDTH}" height="{y + MARGIN}" fill="#ffffff"/>',
            text(MARGIN, MARGIN + 4, head, "#1a202c"),
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
    yield text(MARGIN, y - 4, f"{side.label}: {side.clock.state}", "#4a5568")
    if (target := side.terms.targets.get(side.clock.priority)) is not None:
        for opens, closes in windows(target.calendar, axis.first, axis.last):
            told = f"open hours of {target.calendar.name}"
            yield box("open", axis, opens, closes, y, LANE, OPEN, told)
    for row in side.rows:
        span = row.span
        told = f"{row.held_by}: {span.state} since {row.cause}, {span.clause}"
        colour = COLOURS.get(span.state, QUIET)
        yield box(f"span {span.state}", axis, span.from_, span.to, y + 22, 22, colour, told)
        named = calendar(span.calendar) if span.calendar else None
        if named is not None:
            for opens, closes in windows(named, span.from_, span.to):
                yield box("counts", axis, opens, closes, y + 44, 6, colour, "these hours count")
    for fact in side.history:
        if fact.occurred_at <= side.at:
            kind = type(fact.event).__name__
            yield tick("event", axis, fact.occurred_at, y + 16, 34, "#4a5568", kind)
    yield tick("now", axis, side.at, y, LANE, "#1a202c", f"asked at {for_people(side.at)}")
    turn = side.turn
    if side.clock.deadline is not None:
        due = f"deadline {for_people(side.clock.deadline)}, {side.clock.clause}"
        yield tick("deadline", axis, side.clock.deadline, y, LANE, LATE, due)
        yield text(axis.x(side.clock.deadline), y - 4, "due", LATE)
    if turn is not None and turn.breached_at is not None and turn.due_at is not None:
        end = turn.answered_at or turn.ended_at or side.at
        told = f"overdue since {for_people(turn.due_at)}"
        yield box("breach", axis, turn.due_at, end, y + 52, 8, LATE, told)


def _words(side: Explanation) -> Iterator[tuple[str, str]]:
    yield f"{side.label}", "#1a202c"
    for row in side.rows:
        yield _line(row), COLOURS.get(row.span.state, "#718096")
    yield f"Sum: {side.sum}", LATE if side.clock.overdue else "#1a202c"


def _line(row: ExplainedSpan) -> str:
    span = row.span
    counted = f"+{hours(span.counted_s)} = {hours(row.total_s)}"
    when = f"{for_people(span.from_)} to {for_people(span.to)}"
    why = f"{span.state}, held by {row.held_by} ({row.cause}, {span.clause})"
    return f"turn {row.turn}: {when}: {why} {counted}"
