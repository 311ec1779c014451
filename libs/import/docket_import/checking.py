"""Checking a whole file before anything is written: all that is wrong with it, at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import asyncpg

from docket_import.cases import Survey, cases_of
from docket_import.fault import BadLine, Fault
from docket_import.files import Passed
from docket_import.known import known_cases
from docket_import.mapping import history_of
from docket_import.rules import ImportRules
from docket_runtime.database import reachable

_TAKEN = "select number from docket.tickets where number = any ($1)"
_TOGETHER = 1000


@dataclass(frozen=True, slots=True)
class Checked:
    """A file with what is wrong in it; `bad` are the cases that cannot be taken."""

    surveyed: Survey
    faults: tuple[Fault, ...]
    bad: frozenset[str]


async def present(connection: asyncpg.Connection) -> datetime:
    """Return the present by the database's clock; raise Unavailable."""
    with reachable():
        now: datetime = await connection.fetchval("select docket.present()")
    return now


async def check(
    connection: asyncpg.Connection,
    surveyed: Survey,
    rules: ImportRules,
    passed: Passed = lambda _: None,
) -> Checked:
    """Read and map a whole file, writing nothing; raise BadLine where it ends in its midst.

    Raise OSError, or Unavailable.
    """
    faults, bad = list(surveyed.faults), set[str]()
    for case in cases_of(surveyed, passed):
        try:
            history_of(case, rules)
        except BadLine as wrong:
            faults += wrong.faults
            bad.add(case.id)
    taken = await _taken(connection, [*surveyed.records], rules)
    faults += taken
    bad.update(fault.case for fault in taken if fault.case is not None)
    told = (replace(each, unit=surveyed.reader.unit) for each in faults)
    return Checked(surveyed, tuple(sorted(told, key=lambda each: each.line)), frozenset(bad))


async def _taken(
    connection: asyncpg.Connection, cases: Sequence[str], rules: ImportRules
) -> list[Fault]:
    """Return the cases that are not in the log yet, and whose number a ticket has already."""
    found = list[Fault]()
    known = await known_cases(connection, cases, rules.source)
    new = [case for case in cases if case not in known]
    right = "--prefix with what shall stand before the numbers of this helpdesk"
    for start in range(0, len(new), _TOGETHER):
        numbers = {f"{rules.prefix}{case}": case for case in new[start : start + _TOGETHER]}
        with reachable():
            rows = await connection.fetch(_TAKEN, [*numbers])
        for row in rows:
            case = numbers[row["number"]]
            detail = f"{row['number']!r} is the number of a ticket that is there already"
            found.append(Fault(0, "case", detail, row["number"], right, case))
    return found
