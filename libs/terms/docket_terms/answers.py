"""Answers about a ticket under a pack, ready for JSON: deadlines, verdicts, steps, states."""

from datetime import datetime
from typing import Any

from docket_events.instants import wire
from docket_policies.calendars.epoch import moment, seconds
from docket_terms.course import Course, Taken
from docket_terms.cycles import Cycle


class NoQuestion(ValueError):
    """A question that does not exist, or about a clock that the pack does not have."""


def clock_answer(course: Course, name: str, at: int) -> dict[str, Any]:
    """Return all that is known of the last cycle of a clock at an instant."""
    cycles = course.cycles[name]
    if not cycles:
        return {"clock": name, "state": "not_started", "due_at": None}
    cycle = cycles[-1]
    due = cycle.due()
    row = cycle.row()
    return {
        "clock": name,
        "owes": cycle.clock.owes,
        "state": state_of(cycle),
        "started_at": _wire(cycle.start),
        "ended_at": _wire(cycle.end),
        "due_at": _wire(due),
        "due_if_resumed_now": _wire(cycle.due_if_resumed(at)) if cycle.end is None else None,
        "budget_s": cycle.budget(),
        "consumed_s": cycle.consumed(at),
        "breached": breached(cycle, at),
        "breached_at": _wire(breached_at(cycle, at)),
        "late_s": verdict(cycle, at)["late_s"],
        "clause": row.clause,
        "spans": [
            {
                "from": _wire(span.start),
                "to": _wire(span.end),
                "cause": span.cause,
                "clause": span.clause,
                "counted_s": span.counted_s,
            }
            for span in cycle.spans(at)
        ],
    }


def state_of(cycle: Cycle) -> str:
    """Return in one word how a cycle stands."""
    if cycle.outcome == "met":
        return "met"
    if cycle.outcome is not None:
        return "ended"
    row = cycle.row()
    if row.amount is None and cycle.agreed is None:
        return "agreement" if row.agreed else "no_target"
    return "running" if cycle.stretches[-1].paused is None else "paused"


def breached(cycle: Cycle, at: int) -> bool:
    """Tell whether a cycle was late when it ended, or is late at an instant."""
    return cycle.late(at if cycle.end is None else cycle.end)


def breached_at(cycle: Cycle, at: int) -> int | None:
    """Return since when a cycle is late, None where it is not.

    A target that a change made known late is missed from that change on.
    """
    due = cycle.due()
    if due is None or not breached(cycle, at):
        return None
    return due if cycle.changed_at is None else max(due, cycle.changed_at)


def verdict(cycle: Cycle, at: int) -> dict[str, Any]:
    """Return whether a cycle was in time, and by how many seconds it was late."""
    end = at if cycle.end is None else cycle.end
    due, late = cycle.due(), cycle.late(end)
    return {
        "due_at": _wire(due),
        "breached": late,
        "late_s": end - due if late and due is not None else 0,
    }


def verdicts(course: Course, name: str, at: int) -> list[dict[str, Any]]:
    """Return the verdict of each cycle that ended, in order; a replaced one only if it was late."""
    ended = [
        each
        for each in course.cycles[name]
        if each.end is not None and (each.outcome != "replaced" or breached(each, at))
    ]
    return [{"cycle": n, **verdict(each, at)} for n, each in enumerate(ended, 1)]


def step_answer(taken: Taken) -> dict[str, Any]:
    """Return a step that came due."""
    step = taken.step
    shown: dict[str, Any] = {"at": _wire(taken.at), "clock": taken.clock, "do": [*step.do]}
    if step.share is not None:
        shown["percent"] = step.share
    if step.to:
        shown["to"] = [*step.to]
    return shown | {"clause": step.clause}


def _wire(at: int | None) -> str | None:
    return None if at is None else wire(moment(at))


def instant(text: str | datetime) -> int:
    """Return a written instant in seconds since 1970; raise ValueError."""
    told = text if isinstance(text, datetime) else datetime.fromisoformat(text)
    return seconds(told)
