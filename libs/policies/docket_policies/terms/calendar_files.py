"""The calendars of the packs: `calendars/<name>.toml`, with the dated holidays of `holidays/`.

What is wrong in a file is refused with the file, the key and what to do.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from docket_policies.calendars.calendar import BadCalendar, Calendar
from docket_policies.calendars.calendar_format import read_calendar
from docket_policies.terms.pack_format import parse
from docket_policies.terms.table import BadPack

_DATA = files("docket_policies")


@lru_cache(maxsize=64)  # the name may be a question's
def calendar(name: str) -> Calendar | None:
    """Return a calendar of the packs by its name, None when there is no such."""
    text = _texts("calendars").get(name)
    return None if text is None else calendar_of_file(text, f"calendars/{name}.toml", name)


def calendar_names() -> tuple[str, ...]:
    """Return the names of the calendars that the packs count in."""
    return tuple(sorted(_texts("calendars")))


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
