"""Who paused the clock, for how long, and what that gained (R-6.8, R-6.6).

Every figure names its event. A pause is no accusation: most are what the terms want; the report
shows where to look.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, zip_longest

from docket_audit.event_refs import reason_of
from docket_audit.replay import Replay, states_of
from docket_events.recorded import Actor, Happened, Recorded
from docket_events.ticket import InformationRequested
from docket_events.waits import OperationScheduled
from docket_policies.calendars.epoch import seconds
from docket_policies.clock.response_clock import TurnClock
from docket_policies.terms.clock_states import PAUSES, ClockState
from docket_policies.terms.policy import TurnStart

_ANEW: frozenset[TurnStart] = frozenset({"information", "resumption", "return"})

DESK = "desk"


@dataclass(frozen=True, slots=True)
class Pause:
    """One stay in a pausing state [from_, to), because of `cause`; `to` is None while it lasts.

    `held_s` are elapsed seconds. `gained_s` are the open seconds of the turn's own calendar among
    them that did not count; `forgiven_s` what the turn had consumed when the pause ended in a new
    turn with a full budget. `expected_until` is what was said at its beginning. `team` had the
    ticket then, by default the support desk. `user_messages` counts messages of the user meanwhile.
    """

    turn: int
    state: ClockState
    clause: str
    cause: Happened
    reason: str | None
    by: Actor | None
    team: str
    from_: datetime
    to: datetime | None
    expected_until: datetime | None
    held_s: int
    gained_s: int
    forgiven_s: int
    user_messages: int


@dataclass(frozen=True, slots=True)
class Sum:
    """The pauses of one agent or team added up."""

    who: str
    pauses: int
    open: int
    held_s: int
    gained_s: int
    forgiven_s: int
    user_messages: int


def pauses(replay: Replay) -> tuple[Pause, ...]:
    """Return the pauses of every turn that counts, in time order, as of the point."""
    turns = [turn for turn in replay.clock.turns if not turn.void]
    teams, messages = _teams(replay), _messages(replay)
    return tuple(
        pause
        for turn, after in zip_longest(turns, turns[1:])
        for pause in _of_turn(replay, turn, after, teams, messages)
    )


def sums(found: Iterable[Pause], by: str) -> tuple[Sum, ...]:
    """Return the pauses summed by `agent` or `team`, those that gained most first."""
    named = sorted(((_who(pause, by), pause) for pause in found), key=lambda pair: pair[0])
    added = (
        _sum(who, [pause for _, pause in group])
        for who, group in groupby(named, key=lambda pair: pair[0])
    )
    return tuple(sorted(added, key=lambda each: (-each.gained_s - each.forgiven_s, each.who)))


def _of_turn(
    replay: Replay,
    turn: TurnClock,
    after: TurnClock | None,
    teams: Mapping[int, str],
    messages: Sequence[datetime],
) -> Iterable[Pause]:
    calendar = replay.terms.targets[turn.priority].calendar
    stays = groupby(
        (span for span in turn.spans if span.state in PAUSES),
        key=lambda span: (span.state, id(span.cause)),
    )
    for (name, _), group in stays:
        spans = list(group)
        first, last, cause = spans[0], spans[-1], spans[0].cause
        lasts = turn.ended_at is None and last is turn.spans[-1]
        renewed = after is not None and after.start in _ANEW and after.started_at == last.to
        open_s = calendar.measure(seconds(first.from_), seconds(last.to))
        yield Pause(
            turn=turn.number,
            state=name,
            clause=first.clause,
            cause=cause,
            reason=reason_of(cause),
            by=cause.actor if isinstance(cause, Recorded) else None,
            team=teams.get(cause.version, DESK) if isinstance(cause, Recorded) else DESK,
            from_=first.from_,
            to=None if lasts else last.to,
            expected_until=_expected(cause),
            held_s=(last.to - first.from_) // timedelta(seconds=1),
            gained_s=open_s - sum(span.counted_s for span in spans),
            forgiven_s=turn.consumed_s if renewed else 0,
            user_messages=_within(messages, cause, first.from_, last.to),
        )


def _teams(replay: Replay) -> Mapping[int, str]:
    """Return by version who had the ticket just before that event."""
    counted = replay.sight.counted
    states = states_of(replay.ticket.id, counted)
    after = [DESK, *(state.work.team or DESK for state in states)]
    return {recorded.version: team for recorded, team in zip(counted, after, strict=False)}


def _expected(cause: Happened) -> datetime | None:
    match cause.event:
        case OperationScheduled(agreed_for=agreed_for):
            return agreed_for
        case InformationRequested(deadline=deadline):
            return deadline
        case _:
            return None


def _messages(replay: Replay) -> Sequence[datetime]:
    """Return when something came from the user, in time order."""
    counted = replay.sight.counted
    return sorted(each.occurred_at for each in counted if each.actor.kind == "customer")


def _within(messages: Sequence[datetime], cause: Happened, start: datetime, end: datetime) -> int:
    """Return how many messages came in [start, end), without what caused the pause."""
    own = isinstance(cause, Recorded) and cause.actor.kind == "customer"
    many = bisect_left(messages, end) - bisect_left(messages, start)
    return many - (own and start <= cause.occurred_at < end)


def _who(pause: Pause, by: str) -> str:
    if by == "team":
        return pause.team
    if pause.by is None:
        return "another ticket"
    told_for = pause.by.on_behalf_of if pause.by.kind == "import" else None
    return f"{pause.by.kind}:{told_for or pause.by.id}"


def _sum(who: str, found: Sequence[Pause]) -> Sum:
    return Sum(
        who=who,
        pauses=len(found),
        open=sum(pause.to is None for pause in found),
        held_s=sum(pause.held_s for pause in found),
        gained_s=sum(pause.gained_s for pause in found),
        forgiven_s=sum(pause.forgiven_s for pause in found),
        user_messages=sum(pause.user_messages for pause in found),
    )
