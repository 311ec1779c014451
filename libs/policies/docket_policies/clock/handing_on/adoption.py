"""The clock that is handed on to a part or to a combined ticket, as the new ticket reads it.

What lies between the base and the event is counted from the event alone (C-59, C-60).
"""

from typing import Literal, get_args

from docket_events.combining import Adopted, AdoptedTeam, AdoptedWait, WaitKind
from docket_events.recorded import Happened
from docket_policies.calendars.epoch import seconds
from docket_policies.clock.individual import Individual
from docket_policies.clock.mark import Mark
from docket_policies.clock.progress import ClockProgress
from docket_policies.clock.wait_log import TeamSpan
from docket_policies.terms.clock_states import ClockState
from docket_policies.terms.policy import Policy, TeamName

_STATES: dict[WaitKind, ClockState] = {
    "information": "waiting_user",
    "third_party": "waiting_third_party",
    "cause_unknown": "cause_unknown",
    "operation": "scheduled_operation",
}
"""The state of each wait; of several the first counts."""


def adopt(
    progress: ClockProgress,
    policy: Policy,
    start: Literal["split", "merge"],
    adopted: Adopted,
    at: int,
    by: Happened,
) -> None:
    """Go on with an adopted clock at `at` (seconds since 1970); without a base no turn opens."""
    progress.voided = by if adopted.void and "void" in policy.states else None
    progress.forwarded = None
    if adopted.forwarded:
        progress.forward(by)
    _take_log(progress, policy, adopted, at)
    progress.individual = None
    if adopted.individual is not None and "individual_deadline" in policy.states:
        progress.individual = _individual(adopted, at, by)
    if adopted.base is None or start not in policy.turn_starts:
        return
    base = min(at, seconds(adopted.base))
    turn = progress.begin(start, base, at, by)
    if base < at:
        turn.marks = _marks(progress, policy, adopted, base, at, by)
    if adopted.extensions_s:
        turn.extensions.append((base, adopted.extensions_s))
    progress.settle_if_asked(at)
    asked = [seconds(w.from_) for w in adopted.waits if w.kind == "information" and w.to is None]
    if asked and turn.settled is not None:
        since = max(base, min(asked))
        ran = sum(mark.at < since for mark in turn.marks)
        turn.settled = turn.settled._replace(at=since, marks=ran)


def _take_log(progress: ClockProgress, policy: Policy, adopted: Adopted, at: int) -> None:
    """Take the teams over, and the beginnings and ends of the waits, to be handed on again."""
    progress.teams = [
        TeamSpan(team, seconds(each.from_), None if each.to is None else seconds(each.to))
        for each in adopted.team
        if (team := _team(each, policy)) is not None
    ]
    progress.team = next((span.team for span in progress.teams if span.to is None), None)
    log = progress.waits.log
    log.clear()
    for wait in adopted.waits:
        ends = None if wait.to is None else seconds(wait.to)
        log.begin(wait.kind, wait.id or "", seconds(wait.from_), ends)
    progress.waits.log_open(at)  # those of the other tickets, from here on


def _individual(adopted: Adopted, at: int, by: Happened) -> Individual | None:
    told = adopted.individual
    if told is None:
        return None
    ends = seconds(told.deadline) + told.held_s
    passed = ends if ends < at else None
    return Individual(by, seconds(told.set), seconds(told.deadline), at, max(0, ends - at), passed)


def _marks(
    progress: ClockProgress, policy: Policy, adopted: Adopted, base: int, at: int, by: Happened
) -> list[Mark]:
    """Return the marks of the adopted clock from its base until the event."""
    spans: tuple[AdoptedWait | AdoptedTeam, ...] = (*adopted.waits, *adopted.team)
    edges = {base, *(seconds(each.from_) for each in spans)}
    edges.update(seconds(each.to) for each in spans if each.to is not None)
    marks = []
    for edge in sorted(edge for edge in edges if base <= edge < at):
        open_ = [wait for wait in adopted.waits if _covers(wait, edge)]
        state, until = _state(progress, policy, open_)
        team = next((_team(each, policy) for each in adopted.team if _covers(each, edge)), None)
        counted = sum(_STATES[wait.kind] in policy.states for wait in open_)
        marks.append(Mark(edge, state, progress.priority, team, counted, until, by))
    return marks


def _state(
    progress: ClockProgress, policy: Policy, open_: list[AdoptedWait]
) -> tuple[ClockState, int | None]:
    if progress.voided is not None:
        return "void", None
    if progress.forwarded is not None:
        return "no_target", None
    for kind, state in _STATES.items():
        held = next((wait for wait in open_ if wait.kind == kind), None)
        if held is not None and state in policy.states:
            return state, None if held.to is None else seconds(held.to)
    return ("running" if progress.individual is None else "individual_deadline"), None


def _covers(span: AdoptedWait | AdoptedTeam, instant: int) -> bool:
    return seconds(span.from_) <= instant and (span.to is None or instant < seconds(span.to))


def _team(told: AdoptedTeam, policy: Policy) -> TeamName | None:
    """Return who has the ticket; where the event does not say, the only team of the terms."""
    named = (team for team in get_args(TeamName) if team == told.team)
    return policy.only_team if told.team is None else next(named, None)
