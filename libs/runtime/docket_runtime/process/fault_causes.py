"""What a log line says of an exception: its kinds, reasons of ours, where in our code it arose.

The text of an exception may repeat what a person wrote, so it is shown only of errors that cannot:
ours, those of the system, and those by which the database refuses whatever the values are.
"""

from collections.abc import Iterator
from os import strerror
from traceback import walk_tb
from types import TracebackType

import asyncpg

from docket_runtime.unavailable import Unavailable

OURS = ("docket_", "ticket_api", "sla_clock", "notifier")
MOST_FRAMES = 8

_WITHOUT_VALUES = frozenset({"08", "25", "28", "3D", "40", "42", "53", "55", "57", "58"})
"""The classes of SQLSTATE whose messages name roles, tables and functions, never a value."""


def causes_of(fault: BaseException) -> list[str]:
    """Return what a fault is and what it came from, the innermost last, without any value."""
    return list(dict.fromkeys(_named(each) for each in _chain(fault)))


def frames_of(fault: BaseException) -> list[str]:
    """Return where in our code the innermost fault arose: `module:line function`, inmost last."""
    *_, inmost = _chain(fault)
    return _frames(inmost.__traceback__)[-MOST_FRAMES:]


def _chain(fault: BaseException) -> Iterator[BaseException]:
    seen = set[int]()
    each: BaseException | None = fault
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        yield each
        if isinstance(each, BaseExceptionGroup):
            each = each.exceptions[0]
        else:
            each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)


def _named(fault: BaseException) -> str:
    name = type(fault).__name__
    if isinstance(fault, Unavailable):
        said: str | None = str(fault)
    elif isinstance(fault, asyncpg.PostgresError):
        said = _of_database(fault)
    elif isinstance(fault, OSError):
        said = strerror(fault.errno) if fault.errno else None
    else:
        said = None
    return f"{name}: {said}" if said else name


def _of_database(fault: asyncpg.PostgresError) -> str:
    state = str(fault.sqlstate)
    if state[:2] in _WITHOUT_VALUES:
        return f"{state} {fault.args[0]}" if fault.args else state
    places = (fault.table_name, fault.column_name, fault.constraint_name)
    return " ".join([state, *(place for place in places if place)])


def _frames(trace: TracebackType | None) -> list[str]:
    return [
        f"{module}:{line} {frame.f_code.co_name}"
        for frame, line in walk_tb(trace)
        if (module := str(frame.f_globals.get("__name__", ""))).startswith(OURS)
    ]
