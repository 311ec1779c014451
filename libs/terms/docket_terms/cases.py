"""Worked cases beside a pack: given facts and events, a question, and the answer that is expected.

The kinds of question: `clock` (all that is known of a clock, its last cycle), `cycles` (the verdict
of each cycle that ended), `steps` (what comes due until an instant if nothing else happens),
`allowed` (whether the last event is taken), `facts`, and `attainment` over several tickets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

from docket_policies.calendars.opentime import OutsideCoverage
from docket_terms.answers import NoQuestion, clock_answer, instant, step_answer, verdicts
from docket_terms.attainment import attainment
from docket_terms.course import Course, Endless
from docket_terms.facts import NotGiven
from docket_terms.moments import Event
from docket_terms.pack import Pack

_KEYS = frozenset(
    ("id", "clause", "given", "events", "tickets", "question", "ask", "expected", "why")
)
KINDS = ("clock", "cycles", "steps", "allowed", "facts", "attainment")


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case; `expected` names what must be in the answer."""

    id: str
    clause: str
    given: Mapping[str, str]
    events: Sequence[Event]
    ask: Mapping[str, Any]
    expected: Mapping[str, Any]
    question: str = ""
    why: str = ""
    tickets: Sequence[tuple[Mapping[str, str], Sequence[Event]]] = field(default_factory=tuple)


class BadCase(ValueError):
    """A case that is no case: which one, and what to write."""


def read_cases(data: Any, pack: Pack) -> list[Case]:
    """Read the cases of a pack from their JSON; raise BadCase."""
    rows = data.get("cases") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise BadCase('write {"cases": [...]}')
    cases = [_case(row, pack) for row in rows]
    seen = set[str]()
    for case in cases:
        if case.id in seen:
            raise BadCase(f"{case.id} stands twice: give each case an id of its own")
        seen.add(case.id)
    return cases


def answer(pack: Pack, case: Case) -> dict[str, Any]:
    """Return the answer to a case; raise BadCase where it cannot be answered."""
    try:
        return _answer(pack, case)
    except (NotGiven, NoQuestion, Endless, OutsideCoverage) as wrong:
        raise BadCase(f"{case.id}: {wrong}") from wrong


def differences(expected: Any, got: Any, path: str = "") -> list[str]:
    """Return where an answer is not what was expected; what is not named is not compared."""
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        return [
            told
            for name, value in expected.items()
            for told in differences(value, got.get(name), f"{path}.{name}".strip("."))
        ]
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        return [
            told
            for n, (wanted, each) in enumerate(zip(expected, got, strict=True), 1)
            for told in differences(wanted, each, f"{path}[{n}]")
        ]
    return [] if expected == got else [f"{path}: expected {expected!r}, got {got!r}"]


def course_of(pack: Pack, case: Case) -> Course:
    """Return the course of a case's ticket."""
    course = Course(pack, case.given)
    course.take(case.events)
    return course


def _answer(pack: Pack, case: Case) -> dict[str, Any]:
    kind = case.ask["what"]
    if kind == "attainment":
        account = pack.accounts.get(str(case.ask.get("account")))
        if account is None:
            raise NoQuestion(f"there is no account {case.ask.get('account')!r}")
        courses = []
        for given, events in case.tickets:
            courses.append(Course(pack, given))
            courses[-1].take(events)
        at = max(events[-1].at for _, events in case.tickets)
        return asdict(attainment(account, str(case.ask.get("period")), courses, at))
    course = course_of(pack, case)
    at = instant(case.ask["at"]) if "at" in case.ask else case.events[-1].at
    course.advance(at)
    if kind in ("clock", "cycles"):
        name = str(case.ask.get("clock"))
        if name not in pack.clocks:
            raise NoQuestion(f"there is no clock {name!r}: known are {', '.join(pack.clocks)}")
        if kind == "cycles":
            return {"cycles": verdicts(course, name, at)}
        return clock_answer(course, name, at)
    if kind == "facts":
        return dict(course.facts.values)
    if kind == "allowed":
        refused = course.refused[-1] if course.refused else None
        if refused is None or refused[0] is not case.events[-1]:
            return {"allowed": True}
        rule = refused[1]
        told = {"code": rule.code, "clause": rule.clause, "says": rule.says}
        return {"allowed": False, **told, "instead": rule.instead}
    return {"steps": _steps(course, case, at)}


def _steps(course: Course, case: Case, at: int) -> list[dict[str, Any]]:
    """Return the steps of one clock or all, those that came due and those until `until`."""
    if "until" in case.ask:
        course.advance(instant(case.ask["until"]))
    since = instant(case.ask["since"]) if "since" in case.ask else course.events[0].at
    clock = case.ask.get("clock")
    return [
        step_answer(each)
        for each in course.steps
        if each.at >= since and clock in (None, each.clock)
    ]


def _case(row: Any, pack: Pack) -> Case:
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        raise BadCase("a case is a table with an id")
    name = row["id"]
    unknown = set(row) - _KEYS
    if unknown:
        raise BadCase(f"{name}: {sorted(unknown)[0]} is unknown")
    ask, expected = row.get("ask"), row.get("expected")
    if not isinstance(ask, dict) or ask.get("what") not in KINDS:
        raise BadCase(f"{name}: ask.what is one of {', '.join(KINDS)}")
    if not isinstance(expected, dict) or not expected:
        raise BadCase(f"{name}: expected names what must be in the answer")
    clauses = [each.strip() for each in str(row.get("clause", "")).split(",")]
    for clause in clauses:
        if clause not in pack.clauses:
            raise BadCase(f"{name}: {clause!r} is no clause of this pack")
    tickets = tuple(
        (_given(name, each.get("given", {}), pack), _events(name, each.get("events")))
        for each in row.get("tickets", ())
    )
    events = () if tickets else _events(name, row.get("events"))
    given = _given(name, row.get("given", {}), pack)
    question, why = str(row.get("question", "")), str(row.get("why", ""))
    return Case(name, ", ".join(clauses), given, events, ask, expected, question, why, tickets)


def _given(name: str, data: Mapping[str, Any], pack: Pack) -> dict[str, str]:
    for fact, value in data.items():
        if fact not in pack.facts:
            raise BadCase(f"{name}: given.{fact} is no fact of this pack")
        if str(value) not in pack.facts[fact].values:
            raise BadCase(f"{name}: {fact} cannot be {value!r}")
    return {fact: str(value) for fact, value in data.items()}


def _events(name: str, rows: Any) -> tuple[Event, ...]:
    if not isinstance(rows, list) or not rows:
        raise BadCase(f"{name}: events begin with the opening of the ticket")
    try:
        events = [
            Event(instant(str(row["at"])), str(row["type"]), row.get("data", {}), row.get("by"))
            for row in rows
        ]
    except (KeyError, TypeError, AttributeError, ValueError) as wrong:
        told = f"an event has at and type, and data where needed ({wrong})"
        raise BadCase(f"{name}: {told}") from None
    if any(later.at < earlier.at for earlier, later in pairwise(events)):
        raise BadCase(f"{name}: the events are not in the order of time")
    return tuple(events)
