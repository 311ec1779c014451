"""From the text of one edition to its policy, or the refusal that says what is wrong and where."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar, cast, get_args

from docket_events.recorded import ActorKind
from docket_events.ticket import Priority
from docket_policies.calendar import Calendar
from docket_policies.instants import HOUR
from docket_policies.model import (
    Capability,
    ClockState,
    ClosingReason,
    DayWindow,
    Example,
    HourWindow,
    Phase,
    Policy,
    ProductTeam,
    Target,
    TurnStart,
)
from docket_policies.readings import ALLOWED, AMBIGUITY, Readings
from docket_policies.table import BadPack, Table

CalendarOf = Callable[[str], Calendar | None]

N = TypeVar("N", bound=str)


def parse(text: str, file: str) -> Table:
    """Return the outermost table of a TOML text; raise BadPack with the line that is wrong."""
    try:
        return Table(file, "", tomllib.loads(text))
    except tomllib.TOMLDecodeError as wrong:
        raise BadPack(file, "file", f"this is no TOML: {wrong}") from None


def read_pack(text: str, file: str, calendar_of: CalendarOf) -> Policy:
    """Build the policy of an edition; raise BadPack with file, key and what to do."""
    pack = parse(text, file)
    initial = pack.child("initial_priority")
    team = pack.maybe("product_team")
    policy = Policy(
        pack=pack.value("pack", str),
        letter=pack.value("letter", str),
        revision=pack.value("revision", str),
        title=pack.value("title", str),
        clause=pack.clause(),
        effective_from=pack.instant("effective_from"),
        initial_priority=_one_of(initial, "priority", get_args(Priority)),
        initial_priority_clause=initial.clause(),
        due_soon_percent=_positive(pack, "due_soon_percent"),
        business=_calendar(pack, "business", calendar_of),
        targets={
            _known(table, name, get_args(Priority)): _target(table, calendar_of)
            for name, table in pack.children("targets")
        },
        readings=_readings(pack.child("readings")),
        states=_clauses(pack.child("states"), get_args(ClockState)),
        turn_starts=_clauses(pack.child("turn_starts"), get_args(TurnStart)),
        phases=_clauses(pack.child("phases"), get_args(Phase)),
        capabilities={name: _capability(table) for name, table in pack.children("capabilities")},
        closing_reasons={name: _reason(table) for name, table in pack.children("closing_reasons")},
        product_team=_product_team(team, calendar_of) if team else None,
        information_window=_hours(pack.maybe("information_window")),
        objection_window=_days(pack.maybe("objection_window")),
    )
    initial.done()
    pack.done()
    missing = [name for name in get_args(Priority) if name not in policy.targets]
    if missing:
        raise pack.bad("targets", f"no target for {', '.join(missing)}: every priority needs one")
    return policy


def _target(table: Table, calendar_of: CalendarOf) -> Target:
    target = Target(
        budget_s=_positive(table, "hours") * HOUR,
        calendar=_calendar(table, "calendar", calendar_of),
        clause=table.clause(),
        says=table.value("says", str),
        examples=_examples(table, "until"),
    )
    table.done()
    return target


def _hours(table: Table | None) -> HourWindow | None:
    if table is None:
        return None
    window = HourWindow(
        hours=_positive(table, "hours"),
        clause=table.clause(),
        says=table.value("says", str),
        examples=_examples(table, "until"),
    )
    table.done()
    return window


def _days(table: Table | None) -> DayWindow | None:
    if table is None:
        return None
    window = DayWindow(
        days=_positive(table, "days"),
        clause=table.clause(),
        motivation_clause=table.value("motivation_clause", str),
        says=table.value("says", str),
        examples=_examples(table, "ends"),
    )
    table.done()
    return window


def _product_team(table: Table, calendar_of: CalendarOf) -> ProductTeam:
    team = ProductTeam(_calendar(table, "calendar", calendar_of), table.clause())
    table.done()
    return team


def _capability(table: Table) -> Capability:
    actors = table.names("actors")
    for actor in actors:
        if actor not in get_args(ActorKind):
            raise table.bad("actors", f"{actor!r} is nobody: name of {_listed(ActorKind)}")
    if not actors:
        raise table.bad("actors", "say who may do it")
    capability = Capability(cast("tuple[ActorKind, ...]", actors), table.clause())
    table.done()
    return capability


def _reason(table: Table) -> ClosingReason:
    reason = ClosingReason(
        clause=table.clause(),
        says=table.value("says", str),
        requires=table.names("requires"),
        awaits_information_deadline=table.value("awaits_information_deadline", bool, False),
    )
    table.done()
    return reason


def _readings(table: Table) -> Readings:
    chosen: dict[str, Any] = {}
    for name, allowed in ALLOWED.items():
        value = table.value(name, str)
        if value not in allowed:
            raise table.bad(name, f"{AMBIGUITY[name]} is read as one of {', '.join(allowed)}")
        chosen[name] = value
    table.done()
    return Readings(**chosen)


def _clauses(table: Table, known: tuple[N, ...]) -> Mapping[N, str]:
    return {_known(table, name, known): table.value(name, str) for name in table}


def _examples(table: Table, answer: str) -> tuple[Example, ...]:
    examples: list[Mapping[str, datetime]] = []
    for row in table.rows("examples"):
        examples.append({"from": row.instant("from"), answer: row.instant(answer)})
        row.done()
    if not examples:
        raise table.bad(
            "examples", "a number needs an example: give {from = ..., " + answer + " = ...}"
        )
    return tuple(examples)


def _calendar(table: Table, key: str, calendar_of: CalendarOf) -> Calendar:
    name = table.value(key, str)
    calendar = calendar_of(name)
    if calendar is None:
        raise table.bad(key, f"calendar {name!r} is unknown: add calendars/{name}.toml")
    return calendar


def _positive(table: Table, key: str) -> int:
    number = table.value(key, int)
    if number <= 0:
        raise table.bad(key, f"{number} is wrong: write a number above 0")
    return number


def _one_of(table: Table, key: str, known: tuple[N, ...]) -> N:
    return _known(table, table.value(key, str), known)


def _known(table: Table, name: str, known: tuple[N, ...]) -> N:
    for possible in known:
        if possible == name:
            return possible
    raise table.bad(name, f"is unknown: write one of {', '.join(known)}")


def _listed(literal: object) -> str:
    return ", ".join(get_args(literal))
