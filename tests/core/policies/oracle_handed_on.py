"""What tickets hand on to a part or to a combined ticket (R-6.3, I-3.3, C-08, C-59, C-60)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from calendar_oracle import MINUTE
from oracle_turns import Individual, Stretch, Turn
from oracle_walk import Request, Walk

from docket_events.combining import (
    Adopted,
    AdoptedTeam,
    AdoptedWait,
    OpenRequest,
    SplitChildCreated,
    TicketsMerged,
)


def divided(walk: Walk) -> None:
    """Divide a ticket: what is left of it counts anew under pack R where a term runs (C-08)."""
    walk.reopened = None
    if walk.rules.anew and walk.started and not walk.answered:
        walk.open_turn()


def handed_to_part(walk: Walk, part: SplitChildCreated) -> None:
    walk.priority = part.priority
    _take_waits(walk, part)
    if walk.rules.anew:
        walk.open_turn()
    elif part.adopted is not None:
        _adopt(walk, part.adopted)
    elif part.parent_base is not None:
        walk.open_turn(Turn([Stretch(part.parent_base, walk.now, True, None)]))


def merged_into(walk: Walk, merged: TicketsMerged) -> None:
    walk.priority, walk.reopened = merged.priority, None
    _take_waits(walk, merged)
    if merged.adopted is not None:
        _adopt(walk, merged.adopted)
    elif not merged.answered:
        _merge_by_creation(walk, max(merged.created_at))


def _take_waits(walk: Walk, event: SplitChildCreated | TicketsMerged) -> None:
    """Wait from now on for all that was awaited on any of the tickets."""
    for each in event.open_requests:
        asked = each if isinstance(each, OpenRequest) else OpenRequest(each, walk.now)
        hours = walk.rules.hours_for_information
        last = asked.deadline
        if last is None and hours is not None:
            last = asked.requested_at + timedelta(hours=hours)
        walk.requests.setdefault(asked.request, Request(last))
    walk.parties |= set(event.third_parties)
    walk.cause_unknown |= event.cause_unknown
    if event.agreed_for is not None and event.agreed_for > walk.now:
        walk.agreed_for = event.agreed_for


def _merge_by_creation(walk: Walk, base: datetime) -> None:
    """Read an old merge: count from the newest creation; with its own a clock goes on (C-08)."""
    turn = walk.turn
    if base != walk.created or walk.answered or turn is None:
        walk.open_turn(Turn([Stretch(base, walk.now, True, None)]))
    elif turn.first:
        registered = turn.stretches[0].from_ if turn.stretches else walk.now
        before = Stretch(base, registered, True, None)
        walk.open_turn(Turn([before, *turn.stretches]))


def _adopt(walk: Walk, adopted: Adopted) -> None:
    """Go on with the clock that the event tells; without a base no turn opens."""
    walk.void, walk.forwarded = adopted.void, adopted.forwarded
    walk.team = next((each.team or "team" for each in adopted.team if each.to is None), None)
    walk.individual = None
    if adopted.individual is not None:
        told = adopted.individual
        due = told.deadline + timedelta(seconds=told.held_s)
        passed = due if due <= walk.now else None
        walk.individual = Individual(told.deadline - told.set, due - walk.now, passed)
    if adopted.base is not None:
        turn = Turn(list(_stretches(walk, adopted, adopted.base)))
        turn.handed_on = adopted.extensions_s // 60
        walk.open_turn(turn)


def _stretches(walk: Walk, adopted: Adopted, base: datetime) -> Iterable[Stretch]:
    """Tell what lies between the base and now, minute by minute, from the event alone."""
    holding = [w for w in adopted.waits if walk.rules.pauses or w.kind == "information"]
    minute = base
    while minute < walk.now:
        held, team = _covers(holding, minute), _covers(adopted.team, minute)
        runs = not (held or adopted.forwarded or adopted.void)
        yield Stretch(minute, minute + MINUTE, runs, "team" if team else None)
        minute += MINUTE


def _covers(intervals: Iterable[AdoptedWait | AdoptedTeam], minute: datetime) -> bool:
    return any(i.from_ <= minute and (i.to is None or minute < i.to) for i in intervals)
