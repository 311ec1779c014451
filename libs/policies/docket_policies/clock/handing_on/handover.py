"""The clock that a ticket hands on: to the combined ticket, to its parts (C-59, C-60)."""

from collections.abc import Sequence
from datetime import datetime

from docket_events.combining import Adopted, AdoptedDeadline, AdoptedTeam, AdoptedWait
from docket_events.recorded import Happened
from docket_policies.calendars.epoch import moment, seconds
from docket_policies.clock.fold import fold_clock
from docket_policies.clock.progress import ClockProgress
from docket_policies.clock.turn_time import stretches, target_of, term_of
from docket_policies.clock.turns import Turn
from docket_policies.terms.policy import Policy


def combined_clock(
    history: Sequence[Happened], policy: Policy, at: datetime, newest: datetime, prefix: str
) -> Adopted:
    """Return the clock that a combined ticket goes on with: that of this history (C-59).

    It counts from the creation in its first turn, else from the start of its turn, but from no
    earlier than `newest`, the creation of the most recent of all. `prefix` goes before the ids of
    its waits. Raises OutsideCoverage.
    """
    progress = fold_clock(history, policy, seconds(at))
    turn = progress.turn
    if turn is None:
        return Adopted()
    first = turn.start == "registration" and progress.created_at is not None
    own = progress.created_at if first else turn.started_at
    base = max(own or turn.started_at, seconds(newest))
    return _handed_on(progress, policy, turn, base, seconds(at), prefix)


def still_standing(history: Sequence[Happened], policy: Policy, at: datetime) -> Adopted:
    """Return what is handed on where no ticket waits for the provider: no turn opens (C-59)."""
    progress = fold_clock(history, policy, seconds(at))
    return Adopted(team=_teams(progress, seconds(at)), void=progress.voided is not None)


def part_clock(history: Sequence[Happened], policy: Policy, at: datetime) -> Adopted:
    """Return the clock that a part goes on with where its parent's goes on (I-3.3, C-60).

    It has no base where the parent's clock has not started. Raises OutsideCoverage.
    """
    now = seconds(at)
    progress = fold_clock(history, policy, now)
    if progress.turn is None:
        return Adopted(forwarded=progress.forwarded is not None)
    base = progress.turn.started_at if progress.turn.answered is None else now
    whole = _handed_on(progress, policy, progress.turn, base, now, "")
    return Adopted(
        base=whole.base,
        waits=whole.waits,
        team=whole.team,
        extensions_s=whole.extensions_s if progress.turn.answered is None else 0,
        forwarded=whole.forwarded,
        void=whole.void,
    )


def _handed_on(
    progress: ClockProgress, policy: Policy, turn: Turn, base: int, now: int, prefix: str
) -> Adopted:
    tiles = stretches(turn, policy, now)
    budget, _ = term_of(turn, tiles, policy)
    return Adopted(
        base=moment(base),
        waits=_waits(progress, base, now, prefix),
        team=_teams(progress, base),
        extensions_s=budget - target_of(turn, policy).budget_s,
        forwarded=progress.forwarded is not None,
        void=progress.voided is not None,
        individual=_individual(progress, policy, now),
    )


def _waits(progress: ClockProgress, base: int, now: int, prefix: str) -> tuple[AdoptedWait, ...]:
    """Return the waits that reach into the time from the base on, ended ones too."""
    reaching = [
        wait
        for wait in progress.waits.log
        if (wait.to is None or wait.to > base) and wait.from_ < max(now, base + 1)
    ]
    return tuple(
        AdoptedWait(
            wait.kind,
            moment(max(wait.from_, base)),
            None if wait.to is None else moment(wait.to),
            prefix + wait.key if wait.key and wait.to is None else None,
        )
        for wait in sorted(reaching, key=lambda wait: wait.from_)
    )


def _teams(progress: ClockProgress, base: int) -> tuple[AdoptedTeam, ...]:
    return tuple(
        AdoptedTeam(
            moment(max(span.from_, base)),
            None if span.to is None else moment(span.to),
            span.team,
        )
        for span in progress.teams
        if span.to is None or span.to > base
    )


def _individual(progress: ClockProgress, policy: Policy, now: int) -> AdoptedDeadline | None:
    agreed, turn = progress.individual, progress.turn
    if agreed is None or turn is None:
        return None
    if turn.individual is agreed:
        agreed = agreed.carried(stretches(turn, policy, now), now)
    return AdoptedDeadline(moment(agreed.set_at), moment(agreed.deadline), agreed.held_s(now))
