"""The course of a case in the order of time: what happened, what it did to each clock, and why."""

from collections.abc import Iterator
from typing import NamedTuple

from docket_policies.calendars.epoch import moment
from docket_terms.answers import state_of
from docket_terms.course import Course
from docket_terms.cycles import Cycle


class Line(NamedTuple):
    """One line of a timeline: when, of what, what is said, and the clause if there is one."""

    at: int
    about: str
    says: str
    clause: str = ""


def timeline(course: Course, at: int) -> list[Line]:
    """Return what happened until an instant, and the deadlines that still lie ahead."""
    order = {"event": 0, "fact": 1}
    lines = [*_events(course), *_facts(course), *_steps(course), *_clocks(course, at)]
    return sorted(lines, key=lambda line: (line.at, order.get(line.about, 2)))


def _events(course: Course) -> Iterator[Line]:
    for event in course.events:
        told = ", ".join(f"{name} {value}" for name, value in event.data.items())
        yield Line(event.at, "event", f"{event.type} ({told})" if told else event.type)
    for event, rule in course.refused:
        instead = f" Instead: {rule.instead}." if rule.instead else ""
        says = f"{event.type} is refused, {rule.code}: {rule.says}{instead}"
        yield Line(event.at, "event", says, rule.clause)


def _facts(course: Course) -> Iterator[Line]:
    for at, name, value in course.history:
        yield Line(at, "fact", f"{name} is {value} from now on")


def _steps(course: Course) -> Iterator[Line]:
    for taken in course.steps:
        does = ", ".join(taken.step.do) or "changes what is known"
        to = f" to {', '.join(taken.step.to)}" if taken.step.to else ""
        yield Line(taken.at, taken.clock, f"comes due: {does}{to}", taken.step.clause)


def _clocks(course: Course, at: int) -> Iterator[Line]:
    for name, cycles in course.cycles.items():
        for cycle in cycles:
            yield from _cycle(name, cycle, at)


def _cycle(name: str, cycle: Cycle, at: int) -> Iterator[Line]:
    row = cycle.row()
    yield Line(cycle.start, name, "starts", cycle.clock.clause)
    for span in cycle.spans(at):
        if span.cause != "running" and span.start != cycle.start:
            yield Line(span.start, name, f"stands still: {span.cause}", span.clause)
    due = cycle.due()
    if due is not None and (cycle.end is None or due <= cycle.end):
        budget = cycle.budget()
        counted = "" if budget is None else f", {budget} s of it count"
        late = "is due and late from here on" if cycle.late(cycle.end or at) else "is due"
        yield Line(due, name, f"{late} ({row.amount or 'agreed'}{counted})", row.clause)
    if cycle.end is not None:
        yield Line(cycle.end, name, _ended(cycle), row.clause)
    elif row.amount is None:
        yield Line(cycle.start, name, state_of(cycle).replace("_", " "), row.clause)


def _ended(cycle: Cycle) -> str:
    assert cycle.end is not None, "the cycle has ended"
    word = {"met": "is met", "cancelled": "ends", "replaced": "begins anew"}[cycle.outcome or "met"]
    due = cycle.due()
    late = due is not None and cycle.late(cycle.end)
    spent = f" after {cycle.consumed(cycle.end)} s that counted"
    return f"{word}{spent}{f', {cycle.end - due} s late' if late and due is not None else ''}"


def written(line: Line) -> str:
    """Return a line as text."""
    clause = f" [{line.clause}]" if line.clause else ""
    return f"{moment(line.at):%Y-%m-%d %H:%M:%S}Z  {line.about}: {line.says}{clause}"
