"""Second opinions by brute force: calendars and clocks stepped minute by minute.

They share no code with the terms: whether a minute is open is asked of the wall clock, the course
of a ticket is walked one minute after the other. Everything they are asked lies on whole minutes.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from calendar_oracle import MINUTE
from oracle_rules import RULES_OF_R, Rules
from oracle_walk import Walk, happen

from docket_events.recorded import Fact
from docket_events.ticket import (
    InformationProvided,
    InformationRejected,
    UploadCompleted,
)


def walked_clock(
    history: Sequence[Fact], at: datetime, rules: Rules = RULES_OF_R
) -> dict[str, Any]:
    """Return the response clock by walking every minute from the first event to `at`."""
    effective = _without_insufficient([fact for fact in history if fact.occurred_at <= at])
    walk = Walk(rules)
    due: datetime | None = None
    pending = list(effective)
    minute = effective[0].occurred_at
    while True:
        if walk.agreed_for is not None and walk.agreed_for <= minute:
            walk.agreed_for = None
        while pending and pending[0].occurred_at == minute:
            happen(walk, pending.pop(0))
        if minute == at:
            break
        if walk.started:
            walk.turn.append((minute, walk.state(), walk.team))
        minute += MINUTE
    if not walk.started:
        state = "no_target" if walk.forwarded else "not_started"
        return _told(state, walk, None, rules.budget[walk.priority], 0, at)
    budget, spent = rules.budget[walk.priority], 0
    extra = list(walk.extra)
    for passed, state, team in walk.turn:
        while extra and extra[0][0] <= passed:
            budget, due = _extended(budget, due, extra.pop(0))
        if state == "running" and rules.counts(walk.priority, team, passed):
            spent += 1
            if spent == budget:
                due = passed + MINUTE
    while extra:
        budget, due = _extended(budget, due, extra.pop(0))
    if due is None:
        due = _ahead(walk, at, budget - spent)
    return _told(walk.state(), walk, due, budget, spent, at)


def _extended(
    budget: int, due: datetime | None, extension: tuple[datetime, int]
) -> tuple[int, datetime | None]:
    """Add to a budget unless it has run out before: then its end stands."""
    at, added = extension
    return (budget, due) if due is not None and due < at else (budget + added, None)


def _ahead(walk: Walk, at: datetime, left: int) -> datetime | None:
    """Walk on after `at` as things stand: only running and an agreed hour come to an end."""
    state, team, minute, agreed_for = walk.state(), walk.team, at, walk.agreed_for
    if state == "satisfied":  # what would have been: as things stood when the answer came
        assert walk.answered_at is not None
        minute = walk.answered_at
        state, team, agreed_for = walk.when_answered
    if state not in ("running", "scheduled_operation"):
        return None
    if state == "scheduled_operation":
        assert agreed_for is not None
        minute = agreed_for
    while left:
        left -= walk.rules.counts(walk.priority, team, minute)
        minute += MINUTE
    return minute


def _told(
    state: str, walk: Walk, due: datetime | None, budget: int, spent: int, at: datetime
) -> dict[str, Any]:
    ended = walk.answered_at
    if state == "no_target":
        return {
            "clock_state": state,
            "priority": walk.priority,
            **dict.fromkeys(("deadline", "budget_s", "consumed_s", "remaining_s", "ended_at")),
            "overdue": False,
        }
    return {
        "clock_state": state,
        "priority": walk.priority,
        "deadline": due.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if due else None,
        "budget_s": budget * 60,
        "consumed_s": spent * 60,
        "remaining_s": max(0, budget - spent) * 60,
        "overdue": due is not None and (ended or at) > due,
        "ended_at": ended.strftime("%Y-%m-%dT%H:%M:%SZ")
        if ended and state == "satisfied"
        else None,
    }


def _without_insufficient(history: Sequence[Fact]) -> list[Fact]:
    """Drop every answer that was rejected later: it never was one (C-05)."""
    kept: list[Fact] = []
    for fact in history:
        if isinstance(fact.event, InformationRejected):
            request = fact.event.request
            kept = [
                earlier
                for earlier in kept
                if not (
                    isinstance(earlier.event, InformationProvided | UploadCompleted)
                    and earlier.event.request == request
                )
            ]
        else:
            kept.append(fact)
    return kept
