"""Reading values that many rules share: names, numbers, calendars and examples."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from docket_policies.calendars.calendar import Calendar
from docket_policies.terms.policy import Example
from docket_policies.terms.table import Table

CalendarOf = Callable[[str], Calendar | None]

N = TypeVar("N", bound=str)


def known(table: Table, name: str, names: tuple[N, ...]) -> N:
    """Return the name if it is one of the known ones; raise BadPack."""
    for possible in names:
        if possible == name:
            return possible
    raise table.bad(name, f"is unknown: write one of {', '.join(names)}")


def one_of(table: Table, key: str, names: tuple[N, ...], default: str | None = None) -> N:
    """Return the value of a key if it is one of the known names; raise BadPack."""
    return known(table, table.value(key, str, default), names)


def positive(table: Table, key: str) -> int:
    """Return a whole number above 0; raise BadPack."""
    number = table.value(key, int)
    if number <= 0:
        raise table.bad(key, f"{number} is wrong: write a number above 0")
    return number


def calendar_named(table: Table, key: str, calendar_of: CalendarOf) -> Calendar:
    """Return the calendar that a key names; raise BadPack."""
    name = table.value(key, str)
    calendar = calendar_of(name)
    if calendar is None:
        raise table.bad(key, f"calendar {name!r} is unknown: add calendars/{name}.toml")
    return calendar


def examples(table: Table, answer: str) -> tuple[Example, ...]:
    """Return the examples of a number, at least one; raise BadPack."""
    shown: list[Mapping[str, datetime]] = []
    for row in table.rows("examples"):
        shown.append({"from": row.instant("from"), answer: row.instant(answer)})
        row.done()
    if not shown:
        raise table.bad(
            "examples", "a number needs an example: give {from = ..., " + answer + " = ...}"
        )
    return tuple(shown)
