"""A ticket's life as a picture (SVG): lanes for state, side, clock, notices and objections.

The axis spans the whole history, so that two points of it can be compared; what had not happened or
was not known at the point is drawn pale.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from xml.sax.saxutils import escape

from docket_audit.replay import Replay
from docket_events.codec import type_of
from docket_events.instants import for_people
from docket_events.notice import ClosureNoticeSent
from docket_events.recorded import Recorded
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Side, Status
from docket_policies.clock.response_clock import TurnClock
from docket_policies.terms.clock_states import COLOURS, HELD_BY
from docket_simulation.pictures.clock_picture import LATE, OPEN, QUIET
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
INK, SOFT, PALE = "#1a202c", "#4a5568", "#b6bfcc"
LANES = ("state", "with whom", "clock", "notices", "objections", "events")

OF_STATUS: dict[Status, str] = {
    Status.OPEN: "#2b6cb0",
    Status.SUSPENDED: "#805ad5",
    Status.CLOSING: "#b7791f",
    Status.CLOSED: "#4a5568",
    Status.FINAL: "#2d3748",
    Status.REVOKED: "#97266d",
    Status.REJECTED: "#c53030",
    Status.MERGED: "#285e61",
}
OF_SIDE: dict[Side, str] = {"provider": "#2f855a", "user": "#d69e2e"}
OF_ACTOR = {"customer": "#d69e2e", "agent": "#2f855a", "product_team": "#319795"}


class Stay(NamedTuple):
    """A time in which a ticket had one status and one side owed something: [from_, to).

    Nobody owes anything once it has ended.
    """

    from_: datetime
    to: datetime
    status: Status
    side: Side | None


def timeline(replay: Replay, whole: Sequence[Recorded]) -> str:
    """Return the picture of a ticket at a point of its whole history."""
    axis = _axis(replay, whole)
    tall = HEAD + LANE * len(LANES) + 2 * MARGIN + 10
    at = replay.sight.at
    head = f"{replay.ticket.number}: {replay.ticket.status} at {for_people(at)}"
    body = [
        *_stays(replay, axis),
        *_clock(replay, axis, _top("clock")),
        *_notices(replay, axis),
        *_events(replay, axis),
        *_names(),
        tick("now", axis, at, HEAD, LANE * len(LANES), INK, f"as of {for_people(at)}"),
        *scale(axis, HEAD + LANE * len(LANES) + 8),
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {tall}" role="img"'
            f' class="timeline" font-family="sans-serif" font-size="12">',
            f"<title>{escape(head)}</title>",
            *body,
            "</svg>\n",
        ]
    )


def _axis(replay: Replay, whole: Sequence[Recorded]) -> Axis:
    instants = [recorded.occurred_at for recorded in whole]
    instants += [replay.sight.at]
    clock = replay.clock
    if clock.deadline is not None and _was_owed(clock.turns[clock.turn - 1]):
        instants.append(clock.deadline)
    instants += [
        each.event.objections_until
        for each in whole
        if isinstance(each.event, ClosureNoticeSent) and each.event.objections_until is not None
    ]
    return Axis(min(instants), max(instants))


def _top(lane: str) -> int:
    return HEAD + LANE * LANES.index(lane)


def _names() -> Iterator[str]:
    for lane in LANES:
        yield text(MARGIN, _top(lane) + 12, lane, SOFT)


def stays(history: Sequence[Recorded], until: datetime) -> Iterator[Stay]:
    """Yield the stays of a ticket, by status and side, up to an instant."""
    ticket, since = None, history[0].occurred_at
    for recorded in history:
        after = fold(recorded.ticket_id, [recorded], ticket)
        assert after is not None, "a history that is not empty folds to a ticket"
        here = max(since, recorded.occurred_at)  # recorded late, it counts from when it was known
        if ticket is not None and (ticket.status, ticket.owing) != (after.status, after.owing):
            yield Stay(since, here, ticket.status, ticket.owing)
            since = here
        ticket = after
    if ticket is not None:
        yield Stay(since, max(since, until), ticket.status, ticket.owing)


def _stays(replay: Replay, axis: Axis) -> Iterator[str]:
    for stay in stays(replay.sight.counted, replay.sight.at):
        when = f"{for_people(stay.from_)} to {for_people(stay.to)}"
        lanes = [("state", stay.status.value, OF_STATUS[stay.status])]
        if stay.side is not None:
            lanes.append(("with whom", f"with the {stay.side}", OF_SIDE[stay.side]))
        for lane, said, colour in lanes:
            told = f"{said}, {when}"
            yield box(lane, axis, stay.from_, stay.to, _top(lane) + 18, 18, colour, told)


def _clock(replay: Replay, axis: Axis, y: int) -> Iterator[str]:
    clock, terms = replay.clock, replay.terms
    if (target := terms.targets.get(clock.priority)) is not None:
        for opens, closes in windows(target.calendar, axis.first, axis.last):
            told = f"open: {target.calendar.name}"
            yield box("open", axis, opens, closes, y + 2, LANE - 4, OPEN, told)
    for turn in clock.turns:
        for span in turn.spans:
            told = f"{span.state}, held by {HELD_BY[span.state]} ({span.clause})"
            colour = COLOURS.get(span.state, QUIET)
            yield box(f"span {span.state}", axis, span.from_, span.to, y + 18, 14, colour, told)
        if turn.due_at is not None and _was_owed(turn):
            told = f"turn {turn.number} due {for_people(turn.due_at)} ({turn.clause})"
            yield tick("deadline", axis, turn.due_at, y + 4, LANE - 8, LATE, told)
            if turn.breached_at is not None:
                end = turn.answered_at or turn.ended_at or replay.sight.at
                told = f"overdue since {for_people(turn.due_at)}"
                yield box("breach", axis, turn.due_at, end, y + 34, 6, LATE, told)


def _was_owed(turn: TurnClock) -> bool:
    """Say whether an answer is or was owed by the turn's deadline: no end came before it."""
    if turn.void or turn.due_at is None:
        return False
    answered = turn.answered_at is not None
    return answered or turn.ended_at is None or turn.ended_at > turn.due_at


def _notices(replay: Replay, axis: Axis) -> Iterator[str]:
    for recorded in replay.sight.counted:
        kind = type_of(recorded.event)
        if kind.endswith("NoticeSent"):
            at = recorded.occurred_at
            told = f"{kind} {for_people(at)}"
            yield tick("notice", axis, at, _top("notices") + 18, 18, SOFT, told)
        if isinstance(recorded.event, ClosureNoticeSent) and recorded.event.objections_until:
            sent, until = recorded.event.sent_at, recorded.event.objections_until
            told = f"objections until {for_people(until)}, exclusive (R-6.10-b)"
            yield box("objection", axis, sent, until, _top("objections") + 18, 14, "#90cdf4", told)


def _events(replay: Replay, axis: Axis) -> Iterator[str]:
    sight = replay.sight
    y = _top("events") + 16
    for recorded in (*sight.ahead, *sight.unknown):
        told = f"{recorded.version} {type_of(recorded.event)}: not there at this point"
        yield tick("pale", axis, recorded.occurred_at, y, 20, PALE, told)
    for recorded in sight.counted:
        who = f"{recorded.actor.kind} {recorded.actor.id}"
        told = f"{recorded.version} {type_of(recorded.event)} by {who}"
        colour = OF_ACTOR.get(recorded.actor.kind, SOFT)
        yield tick("event", axis, recorded.occurred_at, y, 20, colour, told)
