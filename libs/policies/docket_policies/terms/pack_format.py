"""From the text of one edition to its policies, or to an error that names file and key."""

import tomllib
from collections.abc import Mapping
from typing import Any, TypeVar, cast, get_args

from docket_events.opening import EnvironmentKind
from docket_events.recorded import ActorKind
from docket_events.ticket import Priority, RequestKind
from docket_policies.terms.clock_states import ClockState
from docket_policies.terms.offers import read_offers
from docket_policies.terms.policy import (
    AfterAccess,
    AutoClose,
    Capability,
    ClosingReason,
    DayWindow,
    Effect,
    Erasure,
    ExcuseReason,
    ExtensionGround,
    HourWindow,
    Phase,
    Policy,
    TurnStart,
)
from docket_policies.terms.readings_format import versions_of_readings
from docket_policies.terms.table import BadPack, Table
from docket_policies.terms.values import (
    CalendarOf,
    calendar_named,
    examples,
    known,
    one_of,
    positive,
)

N = TypeVar("N", bound=str)


def parse(text: str, file: str) -> Table:
    """Return the root table of a TOML text; raise BadPack with the line that is wrong."""
    try:
        return Table(file, "", tomllib.loads(text))
    except tomllib.TOMLDecodeError as wrong:
        raise BadPack(file, "file", f"this is no TOML: {wrong}") from None


def read_pack(text: str, file: str, calendar_of: CalendarOf) -> tuple[Policy, ...]:
    """Build the policies of an edition, one for each offer; raise BadPack."""
    pack = parse(text, file)
    no_target = pack.value("no_target", str, "") or None
    initial, absent = pack.child("initial_priority"), pack.child("absent")
    rules: dict[str, Any] = {
        "pack": pack.value("pack", str),
        "letter": pack.value("letter", str),
        "revision": pack.value("revision", str),
        "title": pack.value("title", str),
        "clause": pack.clause(),
        "effective_from": pack.instant("effective_from"),
        "initial_priority": one_of(initial, "priority", get_args(Priority)),
        "initial_by": one_of(initial, "by", ("provider", "user"), "provider"),
        "initial_priority_clause": initial.clause(),
        "due_soon_percent": 100 if no_target else positive(pack, "due_soon_percent"),
        "business": calendar_named(pack, "business", calendar_of),
        **versions_of_readings(pack, counts=not no_target),
        "states": _clauses(pack.child("states"), get_args(ClockState)),
        "turn_starts": _clauses(pack.child("turn_starts"), get_args(TurnStart)),
        "phases": _phases(pack.child("phases")),
        "capabilities": {n: _capability(each) for n, each in pack.children("capabilities")},
        "closing_reasons": {n: _reason(each) for n, each in pack.children("closing_reasons")},
        "rejection_reasons": {
            n: _reason(each) for n, each in pack.maybe_children("rejection_reasons")
        },
        "excuses": {n: _excuse(each) for n, each in pack.maybe_children("excuses")},
        "information_window": _hours(pack.maybe("information_window")),
        "objection_window": _days(pack.maybe("objection_window")),
        "auto_close": _auto_close(pack.maybe("auto_close")),
        "erasure": _erasure(pack.maybe("erasure")),
        "extensions": {n: _extension(each) for n, each in pack.maybe_children("extensions")},
        "after_access": _after_access(pack.maybe("after_access")),
        "refusals": _texts(pack.child("refusals")),
        "tags": _texts(pack.child("tags")),
        "no_target": no_target,
        "absent_clause": absent.clause(),
        "absent": {verb: absent.value(verb, str) for verb in absent if verb != "clause"},
    }
    policies = tuple(
        Policy(
            products=offer.products,
            service_level=offer.service_level,
            targets=offer.targets,
            teams=offer.teams,
            **rules,
        )
        for offer in read_offers(pack, calendar_of)
    )
    pack.value("eligibility", str, "")  # where its files lie; read by `editions`
    initial.done()
    pack.done()
    return policies


def _hours(table: Table | None) -> HourWindow | None:
    if table is None:
        return None
    window = HourWindow(
        hours=positive(table, "hours"),
        clause=table.clause(),
        says=table.value("says", str),
        examples=examples(table, "until"),
    )
    table.done()
    return window


def _days(table: Table | None) -> DayWindow | None:
    if table is None:
        return None
    window = DayWindow(
        days=positive(table, "days"),
        clause=table.clause(),
        motivation_clause=table.value("motivation_clause", str),
        says=table.value("says", str),
        examples=examples(table, "ends"),
    )
    table.done()
    return window


def _auto_close(table: Table | None) -> AutoClose | None:
    if table is None:
        return None
    rule = AutoClose(
        days=positive(table, "days"),
        reason=table.value("reason", str),
        clause=table.clause(),
        says=table.value("says", str),
        examples=examples(table, "ends"),
    )
    table.done()
    return rule


def _erasure(table: Table | None) -> Erasure | None:
    if table is None:
        return None
    rule = Erasure(
        clause=table.clause(),
        held_clause=table.value("held_clause", str),
        says=table.value("says", str),
    )
    table.done()
    return rule


def _capability(table: Table) -> Capability:
    actors = table.names("actors")
    for actor in actors:
        if actor not in get_args(ActorKind):
            raise table.bad(
                "actors", f"{actor!r} is nobody: name of {', '.join(get_args(ActorKind))}"
            )
    if not actors:
        raise table.bad("actors", "say who may do it")
    effect = table.value("effect", str, "")
    capability = Capability(
        actors=cast("tuple[ActorKind, ...]", actors),
        clause=table.clause(),
        effect=known(table, effect, get_args(Effect)) if effect else None,
    )
    table.done()
    return capability


def _reason(table: Table) -> ClosingReason:
    requires = table.maybe("requires")
    after = table.value("after_request", str, "")
    reason = ClosingReason(
        clause=table.clause(),
        says=table.value("says", str),
        requires={name: requires.value(name, str) for name in requires} if requires else {},
        awaits_information_deadline=table.value("awaits_information_deadline", bool, False),
        after_request=known(table, after, get_args(RequestKind)) if after else None,
        after_any_request=table.value("after_any_request", bool, False),
    )
    table.done()
    return reason


def _excuse(table: Table) -> ExcuseReason:
    reason = ExcuseReason(clause=table.clause(), says=table.value("says", str))
    table.done()
    return reason


def _extension(table: Table) -> ExtensionGround:
    ground = ExtensionGround(
        after_unanswered=one_of(table, "after_unanswered", get_args(RequestKind)),
        except_environment=one_of(table, "except_environment", get_args(EnvironmentKind)),
        clause=table.clause(),
        says=table.value("says", str),
    )
    table.done()
    return ground


def _after_access(table: Table | None) -> AfterAccess | None:
    if table is None:
        return None
    rule = AfterAccess(clause=table.clause(), says=table.value("says", str))
    table.done()
    return rule


def _phases(table: Table) -> Mapping[Phase, str]:
    phases = _clauses(table, get_args(Phase))
    for name in get_args(Phase):
        if name not in phases:
            raise table.bad(name, "by which clause does a ticket in that phase refuse commands?")
    return phases


def _texts(table: Table) -> Mapping[str, str]:
    return {name: table.value(name, str) for name in table}


def _clauses(table: Table, names: tuple[N, ...]) -> Mapping[N, str]:
    return {known(table, name, names): table.value(name, str) for name in table}
