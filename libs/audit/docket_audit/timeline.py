"""A ticket's life as a picture (SVG): lanes for state, side, clock, notices and objections.

The axis spans the whole history, so that two points of it can be compared; what had not happened or
was not known at the point is drawn pale. That nothing has happened since a ticket ended is not
drawn: its axis ends with it, unless a later instant was asked for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from docket_audit.owed import due_of, holder
from docket_audit.point import Point
from docket_audit.replay import Replay
from docket_audit.timeline_key import (
    INK,
    NOTICE,
    OBJECTIONS,
    OF_ACTOR,
    OF_OTHERS,
    OF_SIDE,
    OF_STATE,
    OF_STATUS,
    PALE,
)
from docket_events.characters import xml_escaped
from docket_events.codec import type_of
from docket_events.instants import for_people
from docket_events.notice import ClosureNoticeSent
from docket_events.recorded import Recorded
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Side, Status
from docket_policies.terms.clock_states import HELD_BY
from docket_simulation.pictures.clock_picture import LATE, OPEN
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

LANE, HEAD = 46, 30
LANES = ("state", "with whom", "clock", "notices", "objections", "events")
WORDS = "#475569"
BEHIND = 0.05
"""The part of a life that is drawn behind its end."""


class Stay(NamedTuple):
    """A time in which a ticket had one status and lay with one side or nobody: [from_, to)."""

    from_: datetime
    to: datetime
    status: Status
    side: Side | None


@dataclass(frozen=True, slots=True)
class Life:
    """The time that pictures and sliders of a ticket at a point show: [first, last]."""

    first: datetime
    last: datetime


def life(replay: Replay, whole: Sequence[Recorded], point: Point) -> Life:
    """Return from when to when a ticket lived as its whole history shows it.

    The end is its last event, what is due behind it, and the instant of the point; the present of
    a ticket that has ended is none of these.
    """
    asked = isinstance(point.as_of, datetime) or point.known_at is not None
    instants = [recorded.occurred_at for recorded in whole]
    instants += [
        due for turn in replay.clock.turns if (due := due_of(turn, replay.clock)) is not None
    ]
    instants += [
        each.event.objections_until
        for each in whole
        if isinstance(each.event, ClosureNoticeSent) and each.event.objections_until is not None
    ]
    instants += [replay.sight.at] if asked or not replay.ticket.ended else []
    first, last = min(instants), max(instants)
    return Life(first, last + (last - first) * BEHIND)


def timeline(replay: Replay, whole: Sequence[Recorded], point: Point) -> str:
    """Return the picture of a ticket at a point of its whole history."""
    lived = life(replay, whole, point)
    axis = Axis(lived.first, lived.last)
    tall = HEAD + LANE * len(LANES) + 2 * MARGIN + 10
    at = replay.sight.at
    head = f"{replay.ticket.number}: {replay.ticket.status} at {for_people(at)}"
    body = [
        *_stays(replay, axis),
        *_clock(replay, axis, _top("clock")),
        *_notices(replay, axis),
        *_events(replay, axis),
        *_names(),
        *_point(at, axis),
        *scale(axis, HEAD + LANE * len(LANES) + 8),
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {tall}" role="img"'
            f' class="timeline" font-family="sans-serif" font-size="12">',
            f"<title>{xml_escaped(head)}</title>",
            *body,
            "</svg>\n",
        ]
    )


def _point(at: datetime, axis: Axis) -> Iterator[str]:
    if axis.first <= at <= axis.last:
        yield tick("now", axis, at, HEAD, LANE * len(LANES), INK, f"as of {for_people(at)}")


def _top(lane: str) -> int:
    return HEAD + LANE * LANES.index(lane)


def _names() -> Iterator[str]:
    for lane in LANES:
        yield text(MARGIN, _top(lane) + 12, lane, WORDS)


def stays(history: Sequence[Recorded], until: datetime) -> Iterator[Stay]:
    """Yield the stays of a ticket, by status and side, up to an instant."""
    ticket, since = None, history[0].occurred_at
    for recorded in history:
        after = fold(recorded.ticket_id, [recorded], ticket)
        assert after is not None, "a history that is not empty folds to a ticket"
        here = max(since, recorded.occurred_at)  # recorded late, it counts from when it was known
        if ticket is not None and (ticket.status, holder(ticket)) != (after.status, holder(after)):
            yield Stay(since, here, ticket.status, holder(ticket))
            since = here
        ticket = after
    if ticket is not None:
        yield Stay(since, max(since, until), ticket.status, holder(ticket))


def _stays(replay: Replay, axis: Axis) -> Iterator[str]:
    for stay in stays(replay.sight.counted, replay.sight.at):
        y, when = _top("state") + 18, f"{for_people(stay.from_)} to {for_people(stay.to)}"
        told = f"{stay.status.replace('_into', '')}, {when}"
        yield box("state", axis, stay.from_, stay.to, y, 18, OF_STATUS[stay.status], told)
        if stay.side is not None:
            y, told = _top("with whom") + 18, f"with the {stay.side}, {when}"
            yield box("side", axis, stay.from_, stay.to, y, 18, OF_SIDE[stay.side], told)


def _clock(replay: Replay, axis: Axis, y: int) -> Iterator[str]:
    clock, terms = replay.clock, replay.terms
    if (target := terms.targets.get(clock.priority)) is not None:
        for opens, closes in windows(target.calendar, axis.first, axis.last):
            told = f"open: {target.calendar.name}"
            yield box("open", axis, opens, closes, y + 2, LANE - 4, OPEN, told)
    for turn in clock.turns:
        for span in turn.spans:
            told = f"{span.state}, held by {HELD_BY[span.state]} ({span.clause})"
            colour = OF_STATE[span.state]
            yield box(f"span {span.state}", axis, span.from_, span.to, y + 18, 14, colour, told)
        due = due_of(turn, clock)
        if due is not None:
            told = f"turn {turn.number} due {for_people(due)} ({turn.clause})"
            yield tick("deadline", axis, due, y + 4, LANE - 8, LATE, told)
            if turn.breached_at is not None:
                end = turn.answered_at or turn.ended_at or replay.sight.at
                told = f"overdue since {for_people(due)}"
                yield box("breach", axis, due, end, y + 34, 6, LATE, told)


def _notices(replay: Replay, axis: Axis) -> Iterator[str]:
    for recorded in replay.sight.counted:
        kind = type_of(recorded.event)
        if kind.endswith("NoticeSent"):
            at = recorded.occurred_at
            told = f"{kind} {for_people(at)}"
            yield tick("notice", axis, at, _top("notices") + 18, 18, NOTICE, told)
        if isinstance(recorded.event, ClosureNoticeSent) and recorded.event.objections_until:
            sent, until = recorded.event.sent_at, recorded.event.objections_until
            told = f"objections until {for_people(until)}, exclusive (R-6.10-b)"
            yield box("objection", axis, sent, until, _top("objections") + 18, 14, OBJECTIONS, told)


def _events(replay: Replay, axis: Axis) -> Iterator[str]:
    sight = replay.sight
    y = _top("events") + 16
    for recorded in (*sight.ahead, *sight.unknown):
        told = f"{recorded.version} {type_of(recorded.event)}: not there at this point"
        yield tick("pale", axis, recorded.occurred_at, y, 20, PALE, told)
    for recorded in sight.counted:
        who = f"{recorded.actor.kind} {recorded.actor.id}"
        told = f"{recorded.version} {type_of(recorded.event)} by {who}"
        colour = OF_ACTOR.get(recorded.actor.kind, OF_OTHERS)
        yield tick("event", axis, recorded.occurred_at, y, 20, colour, told)
