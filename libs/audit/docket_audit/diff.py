"""What differs between two states given as plain values, and which event set a field last.

A field is named by its JSON pointer (RFC 6901), or by its names with dots. The caller says what a
state looks like: the values that the API shows.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jsonpatch
import jsonpointer

from docket_events.recorded import Recorded

State = Mapping[str, Any]
StateOf = Callable[[Sequence[Recorded]], State]
"""From the beginning of a history, up to some event, to the ticket as plain JSON values."""

_ABSENT = object()


class UnknownField(ValueError):
    """The state has no such field."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that differs; None on a side that does not have it."""

    field: str
    before: Any
    after: Any


def changes(before: State, after: State) -> tuple[FieldChange, ...]:
    """Return the fields that differ, innermost, in the order of their pointers."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    return tuple(
        FieldChange(field, old.get(field), new.get(field))
        for field in sorted(old.keys() | new.keys())
        if old.get(field, _ABSENT) != new.get(field, _ABSENT)
    )


def patch(before: State, after: State) -> list[dict[str, Any]]:
    """Return the JSON Patch (RFC 6902) that makes the one state of the other."""
    made: list[dict[str, Any]] = jsonpatch.make_patch(before, after).patch
    return made


def pointer(field: str) -> str:
    """Return the JSON pointer of a field that is named by one or by names with dots."""
    if field.startswith("/"):
        return field
    return "".join(f"/{jsonpointer.escape(name)}" for name in field.split("."))


def set_by(
    history: Sequence[Recorded], told: StateOf, fields: Sequence[str]
) -> Mapping[str, Recorded]:
    """Return for each field (a pointer) the event that set it last, in the order of the versions.

    A field that no later event changed was set by the first. `told` is called once an event, from
    the last one back. Raises UnknownField where the history never had such a field.
    """
    final = told(history)
    values = {field: _at(final, field) for field in fields}
    found: dict[str, Recorded] = {}
    for n in range(len(history) - 1, 0, -1):
        left = [field for field in fields if field not in found]
        if not left:
            break
        before = told(history[:n])
        found |= {field: history[n] for field in left if _at(before, field) != values[field]}
    for field in fields:
        if field not in found and values[field] is _ABSENT:
            raise UnknownField(f"no field {field}; there is {', '.join(sorted(final))}")
        found.setdefault(field, history[0])
    return found


def value_of(told: State, field: str) -> Any:
    """Return the value at a pointer, None where there is none."""
    value = _at(told, field)
    return None if value is _ABSENT else value


def _at(told: State, field: str) -> Any:
    try:
        return jsonpointer.resolve_pointer(told, field, _ABSENT)
    except jsonpointer.JsonPointerException:
        return _ABSENT


def _leaves(value: Any, field: str = "") -> Iterator[tuple[str, Any]]:
    match value:
        case Mapping():
            for name, each in value.items():
                yield from _leaves(each, f"{field}/{jsonpointer.escape(name)}")
        case list():
            for n, each in enumerate(value):
                yield from _leaves(each, f"{field}/{n}")
        case _:
            yield field, value
