"""Reading the small words of a pack: moments, amounts, conditions; each fault names its key."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from docket_policies.terms.table import Table
from docket_terms.amounts import DAYS, Amount, amount_of
from docket_terms.moments import Moment, moment_of
from docket_terms.pack import Fact, Where


def moments(table: Table, key: str, facts: Mapping[str, Fact]) -> tuple[Moment, ...]:
    """Return the moments of a list, none where the key is absent; raise BadPack."""
    return tuple(moment(table, key, text, facts) for text in table.names(key))


def moment(table: Table, key: str, text: str, facts: Mapping[str, Fact]) -> Moment:
    """Read one moment; its fact and value must be declared. Raise BadPack."""
    try:
        read = moment_of(text)
    except ValueError as wrong:
        raise table.bad(key, str(wrong)) from None
    if read.type is None:
        one_of(table, key, read.name or "", facts, "fact")
        one_of(table, key, read.value or "", facts[read.name or ""].values, "value")
    return read


def amount(table: Table, key: str, text: object, day: str = "hours") -> Amount:
    """Read an amount with how its days count; raise BadPack."""
    if day not in DAYS:
        raise table.bad("day", f"{day!r} is unknown: write one of {', '.join(DAYS)}")
    try:
        return amount_of(str(text), day)  # type: ignore[arg-type]  # one of DAYS
    except ValueError as wrong:
        raise table.bad(key, str(wrong)) from None


def where(table: Table, told: Mapping[str, Any], facts: Mapping[str, Fact], key: str) -> Where:
    """Read facts with a value or a list of values; raise BadPack."""
    read = dict[str, frozenset[str]]()
    for name, values in told.items():
        one_of(table, key, name, facts, "fact")
        listed = values if isinstance(values, list) else [values]
        for value in listed:
            one_of(table, f"{key}.{name}", str(value), facts[name].values, "value")
        read[name] = frozenset(str(value) for value in listed)
    return read


def one_of(table: Table, key: str, told: str, known: Iterable[str], what: str) -> str:
    """Return a word that is known; raise BadPack that names the nearest one."""
    names = [*known]
    if told in names:
        return told
    near = get_close_matches(told, names, 1)
    meant = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(names) or 'none'}"
    raise table.bad(key, f"{told!r} is no {what} of this pack: {meant}")


def refuse_unless(ok: bool, table: Table, key: str, problem: str) -> None:
    """Raise BadPack with a problem and what to do, unless all is well."""
    if not ok:
        raise table.bad(key, problem)
