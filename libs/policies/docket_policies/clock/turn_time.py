"""Counting one turn: from its marks to consumed seconds, deadline and spans.

Every stretch between two marks counts in one calendar with one weight: 1 while the clock runs, 0
while it is paused. The readings of the pack choose calendar and weight; nothing here knows a pack.
"""

from collections.abc import Sequence
from typing import NamedTuple

from docket_policies.calendars.calendar import Calendar
from docket_policies.clock.mark import Mark
from docket_policies.clock.turns import Turn
from docket_policies.terms.clock_states import WAITS, WITHOUT_TERM, ClockState
from docket_policies.terms.policy import Policy, Target


class Stretch(NamedTuple):
    """A part [start, end) of a turn in one state; `counted_s` is what it consumes."""

    start: int
    end: int
    mark: Mark
    calendar: Calendar
    counted_s: int


def target_of(turn: Turn, policy: Policy) -> Target:
    """Return the target of the turn's latest priority, which applies from its start (C-09)."""
    return policy.targets[turn.marks[-1].priority]


def stretches(turn: Turn, policy: Policy, at: int) -> Sequence[Stretch]:
    """Return the stretches that tile the turn until it ends or `at`; raise OutsideCoverage."""
    end = at if turn.ended_at is None else turn.ended_at
    marks = turn.marks
    owed = len(marks) if turn.settled is None else turn.settled.marks
    tiles = []
    for i, mark in enumerate(marks):
        until = marks[i + 1].at if i + 1 < len(marks) else end
        calendar = _calendar(turn, mark, policy)
        weight = _weight(mark, policy) if i < owed else 0
        counted = weight * calendar.measure(mark.at, until) if weight else 0
        tiles.append(Stretch(mark.at, until, mark, calendar, counted))
    return tiles


def duty(turn: Turn, tiles: Sequence[Stretch], policy: Policy) -> Sequence[Stretch]:
    """Return the stretches until the provider's duty ended, all of them while it has not (C-55).

    By when an answer was owed is known for good then: what happens afterwards holds it no more.
    """
    if turn.settled is None:
        return tiles
    settled = turn.settled
    if settled.marks:
        return tiles[: settled.marks]
    state: ClockState = "running" if turn.individual is None else "individual_deadline"
    mark = Mark(settled.at, state, settled.priority, settled.team, 0, None, turn.cause)
    return [Stretch(settled.at, settled.at, mark, _calendar(turn, mark, policy), 0)]


def spent_at(tiles: Sequence[Stretch], policy: Policy, amount: int) -> int | None:
    """Return when the amount of the turn's seconds is or will be spent, None if nobody can know.

    The future is taken to continue the present: a running clock runs on, an agreed hour comes, any
    other wait has no known end.
    """
    left = amount
    for tile in tiles:
        if tile.counted_s >= left and _weight(tile.mark, policy) > 0:
            return _later(tile.calendar.advance(tile.start, left), tiles, policy)
        left -= tile.counted_s
    working = [tile for tile in tiles if tile.mark.state != "satisfied"]
    if not working:
        return None
    last = working[-1]
    if _weight(last.mark, policy) > 0:
        return _later(last.calendar.advance(last.end, left), tiles, policy)
    if last.mark.state == "scheduled_operation" and last.mark.until is not None:
        return last.calendar.advance(max(last.mark.until, last.end), left)
    return None


def due_of(turn: Turn, tiles: Sequence[Stretch], policy: Policy) -> int | None:
    """Return the deadline of a turn, None where none runs or nobody can know it.

    An event that voids or stops the term does not undo a deadline that had passed (R-6.6-d, I-3.4).
    """
    if turn.individual is None:
        return term_of(turn, tiles, policy)[1]
    if policy.readings.individual == "lengthened":
        return turn.individual.due(duty(turn, tiles, policy))
    last, deadline = turn.marks[-1], turn.individual.deadline
    return None if last.state in WITHOUT_TERM and last.at <= deadline else deadline


def breach_stands(turn: Turn, policy: Policy, at: int) -> bool:
    """Say whether a turn has a breach that its taking back at an instant leaves (C-11, C-56)."""
    if policy.readings.rejected != "vendor_time_apart":
        return False
    due = due_of(turn, stretches(turn, policy, at), policy)
    return due is not None and due < at


def term_of(turn: Turn, tiles: Sequence[Stretch], policy: Policy) -> tuple[int, int | None]:
    """Return the turn's budget with the extensions made in time, and when it is spent if known.

    A period that has run out cannot be extended any more (I-3.5-c).
    """
    tiles = duty(turn, tiles, policy)
    budget = target_of(turn, policy).budget_s
    due = spent_at(tiles, policy, budget)
    for at, added in turn.extensions:
        if due is None or at <= due:
            budget += added
            due = spent_at(tiles, policy, budget)
    return budget, due


def _weight(mark: Mark, policy: Policy) -> int:
    if mark.state == "running":
        return 1
    if mark.state not in WAITS:
        return 0
    if policy.readings.pause == "wall_time":
        return 1  # the clock goes on and `_later` adds the wait to the deadline
    return 1 - mark.waits if policy.readings.overlap == "sum" else 0


def _calendar(turn: Turn, mark: Mark, policy: Policy) -> Calendar:
    """Return the calendar in which a stretch counts (C-09, C-11, C-32)."""
    reading, last = policy.readings.pt, turn.marks[-1] if turn.marks else mark
    at_work = mark.team if reading == "switch" else last.team if reading == "recount" else None
    hours = None if at_work is None else policy.hours_of(at_work, last.priority)
    if hours is not None:
        return hours.calendar
    if policy.readings.priority == "stopwatch":
        return policy.targets[mark.priority].calendar
    return target_of(turn, policy).calendar


def _later(due: int, tiles: Sequence[Stretch], policy: Policy) -> int | None:
    """Move a deadline by the wall time of the waits that began before it (C-03, wall_time)."""
    if policy.readings.pause != "wall_time":
        return due
    for i, tile in enumerate(tiles):
        if tile.mark.state not in WAITS or tile.start >= due:
            continue
        end = tile.end
        if i + 1 == len(tiles):
            if tile.mark.until is None:
                return None
            end = tile.mark.until
        times = tile.mark.waits if policy.readings.overlap == "sum" else 1
        due += times * (end - tile.start)
    return due
