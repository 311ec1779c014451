"""The packs that travel with the package: which edition governs, and special conditions on top.

Data is read once. What is wrong in it is refused with the file, the key and what to do: an edition
is either whole or not there.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from docket_events.ticket import Priority
from docket_policies.calendar import BadCalendar, Calendar
from docket_policies.instants import HOUR
from docket_policies.model import Policy, Target
from docket_policies.pack import parse, read_pack
from docket_policies.table import BadPack
from docket_policies.timetable import read_calendar

_DATA = files("docket_policies")


class UnknownPack(ValueError):
    """No pack or no edition of that name exists."""


@cache
def policy(pack: str, revision: str) -> Policy:
    """Return the terms of an edition of a pack, named by its id or its letter.

    Raises UnknownPack.
    """
    editions = _editions(pack)
    for terms in editions:
        if terms.revision == revision:
            return terms
    known = ", ".join(terms.revision for terms in editions)
    raise UnknownPack(f"pack {pack!r} has no edition {revision!r}; it has {known}")


def revision_in_force(pack: str, created_at: datetime) -> str:
    """Return the edition in effect at the moment of creation (R-2.2); raise UnknownPack.

    What is older than the oldest edition we have, as imported histories are, falls under that one.
    """
    editions = _editions(pack)
    in_force = [terms for terms in editions if terms.effective_from <= created_at]
    return (in_force or editions[:1])[-1].revision


def with_special_conditions(
    terms: Policy, conditions: Mapping[Priority, Mapping[str, Any]]
) -> Policy:
    """Return the terms with the targets agreed apart: priority -> hours, calendar (R-2.3).

    Raises BadPack with the key that is wrong.
    """
    targets = dict(terms.targets)
    for priority, agreed in conditions.items():
        where = f"special_conditions.{priority}"
        if priority not in targets:
            raise BadPack("question", where, f"name one of {', '.join(targets)}")
        hours = agreed.get("hours")
        if not isinstance(hours, int | float) or isinstance(hours, bool) or hours <= 0:
            raise BadPack("question", f"{where}.hours", "write a number above 0")
        named = str(agreed.get("calendar", targets[priority].calendar.name))
        counted = calendar(named)
        if counted is None:
            raise BadPack("question", f"{where}.calendar", f"calendar {named!r} is unknown")
        targets[priority] = Target(round(hours * HOUR), counted, "R-2.3")
    return replace(terms, targets=targets)


@cache
def calendar(name: str) -> Calendar | None:
    """Return a calendar of the packs by its name, None when there is no such."""
    text = _texts("calendars").get(name)
    return None if text is None else calendar_of_file(text, f"calendars/{name}.toml", name)


def calendar_of_file(text: str, file: str, name: str) -> Calendar:
    """Build a calendar from the text of its file; raise BadPack with file, key and what to do."""
    table = parse(text, file)
    clause, _ = table.clause(), table.value("says", str)
    data = {key: table.value(key, object) for key in table if key not in _NOT_TIME}
    covered = None
    if "holidays" in data:
        covered, data["holidays"] = _holidays(table.value("holidays", str), file)
    try:
        return read_calendar(data, name=name, covered=covered, clause=clause)
    except BadCalendar as wrong:
        raise BadPack(file, name, str(wrong)) from wrong


_NOT_TIME = ("clause", "says")


def _holidays(name: str, asked_by: str) -> tuple[tuple[tuple[int, int], ...], list[Any]]:
    text = _texts("holidays").get(name)
    if text is None:
        raise BadPack(asked_by, "holidays", f"{name!r} is unknown: add holidays/{name}.toml")
    table = parse(text, f"holidays/{name}.toml")
    table.clause()
    covered, dates = table.value("covered", list), table.child("dates")
    days: list[Any] = []
    for first, last in covered:
        for year in range(first, last + 1):
            of_year = dates.value(str(year), list)
            if any(day.year != year for day in of_year):
                raise dates.bad(str(year), "a date of another year stands here: move it")
            days += of_year
    table.done()
    dates.done()
    return tuple((first, last) for first, last in covered), days


@cache
def _texts(folder: str) -> Mapping[str, str]:
    return {
        entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8")
        for entry in (_DATA / folder).iterdir()
        if entry.name.endswith(".toml")
    }


@cache
def _editions(pack: str) -> tuple[Policy, ...]:
    """Return the editions of a pack, oldest first."""
    packs = _all_editions()
    for editions in packs:
        if pack in (editions[0].pack, editions[0].letter):
            return editions
    known = ", ".join(f"{e[0].pack} ({e[0].letter})" for e in packs)
    raise UnknownPack(f"no pack {pack!r}; there is {known}")


@cache
def _all_editions() -> tuple[tuple[Policy, ...], ...]:
    packs = []
    for folder in sorted((_DATA / "packs").iterdir(), key=lambda entry: entry.name):
        editions = [
            read_pack(text, f"packs/{folder.name}/{name}.toml", calendar)
            for name, text in _texts(f"packs/{folder.name}").items()
            if "targets" in parse(text, name)  # an edition without targets has no clock
        ]
        if editions:
            packs.append(tuple(sorted(editions, key=lambda terms: terms.effective_from)))
    return tuple(packs)
