"""Reading the facts and the calendars of a pack."""

from collections.abc import Mapping

from docket_policies.calendars.calendar import BadCalendar, Calendar
from docket_policies.calendars.calendar_format import read_calendar
from docket_policies.terms.table import Table
from docket_terms.amounts import ALWAYS
from docket_terms.faults import Faults
from docket_terms.moments import Moment, moment_of
from docket_terms.pack import Choice, Clause, Fact, Keyed
from docket_terms.words import moment, one_of, refuse_unless

_CALENDAR = ("timezone", "hours", "holidays", "breaks", "date_overrides")


def read_facts(pack: Table, faults: Faults) -> dict[str, Fact]:
    """Return the facts of a pack by name, and keep their faults."""
    read = dict[str, Fact]()
    for name, table in pack.maybe_children("facts"):
        with faults.kept():
            read[name] = _fact(name, table)
    return read


def read_calendars(
    pack: Table, facts: Mapping[str, Fact], clauses: Mapping[str, Clause], faults: Faults
) -> dict[str, Calendar | Choice]:
    """Return the calendars of a pack by name, ALWAYS among them, and keep their faults."""
    read: dict[str, Calendar | Choice] = {"ALWAYS": ALWAYS}
    choices = dict[str, Table]()
    for name, table in pack.maybe_children("calendars"):
        with faults.kept():
            refuse_unless(name != "ALWAYS", table, "", "ALWAYS is given: choose another name")
            if "by" in table:
                choices[name] = table
            else:
                read[name] = _calendar(name, table, clauses)
    for name, table in choices.items() if not faults else ():
        with faults.kept():
            read[name] = _choice(table, facts, read)
    return read


def _fact(name: str, table: Table) -> Fact:
    refuse_unless(
        name.isidentifier() and name.islower(), table, "", "write its name in small letters"
    )
    fact = _wait(name, table) if "open" in table else _valued(name, table)
    table.done()
    return fact


def _valued(name: str, table: Table) -> Fact:
    values = table.names("values")
    refuse_unless(bool(values), table, "values", 'list what it may be, as in ["open", "solved"]')
    refuse_unless(
        len({*values}) == len(values), table, "values", "a value stands twice: leave one out"
    )
    initial = table.value("initial", str, "") or None
    if initial is not None:
        one_of(table, "initial", initial, values, "value")
    final = table.names("final")
    for value in final:
        one_of(table, "final", value, values, "value")
    plain = Fact(name, values)
    sets = tuple(
        (moment(table, f"set.{text}", text, {name: plain}), _value(table, text, told, values))
        for text, told in table.value("set", dict, {}).items()
    )
    return Fact(name, values, initial, sets, frozenset(final))


def _value(table: Table, text: str, told: object, values: tuple[str, ...]) -> str:
    value = str(told)
    return value if value.startswith("@") else one_of(table, f"set.{text}", value, values, "value")


def _wait(name: str, table: Table) -> Fact:
    opens = _event(table, "open", table.value("open", str))
    closes = tuple(_event(table, "close", text) for text in table.names("close"))
    until = table.value("until", str, "") or None
    refuse_unless(bool(closes) or until is not None, table, "close", "name what ends the wait")
    key = table.value("key", str, "") or None
    return Fact(name, ("no", "yes"), "no", wait=Keyed(opens, closes, key, until))


def _event(table: Table, key: str, text: str) -> Moment:
    try:
        read = moment_of(text)
    except ValueError as wrong:
        raise table.bad(key, str(wrong)) from None
    refuse_unless(read.type is not None, table, key, "a wait is opened and closed by events")
    return read


def _calendar(name: str, table: Table, clauses: Mapping[str, Clause]) -> Calendar:
    clause = one_of(table, "clause", table.clause(), clauses, "clause")
    data = {key: table.value(key, object) for key in table if key in _CALENDAR}
    table.done()
    try:
        return read_calendar(data, name=name, clause=clause)
    except BadCalendar as wrong:
        raise table.bad("", str(wrong)) from None


def _choice(
    table: Table, facts: Mapping[str, Fact], known: Mapping[str, Calendar | Choice]
) -> Choice:
    by = one_of(table, "by", table.value("by", str), facts, "fact")
    chosen = dict[str, Calendar]()
    for value in facts[by].values:
        name = one_of(table, value, table.value(value, str), known, "calendar")
        calendar = known[name]
        assert isinstance(calendar, Calendar), "choices are read after calendars"
        chosen[value] = calendar
    table.done()
    return Choice(by, chosen)
