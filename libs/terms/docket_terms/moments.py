"""Moments: an event of a type, one with a field, or a fact that begins to have a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from re import ASCII, fullmatch
from typing import Any

_MOMENT = r"(?:([A-Z]\w*)(?:\.(\w+)(?:=(.+))?)?)|(?:([a-z]\w*)=(.+))"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a ticket; `at` in seconds since 1970, `by` who caused it."""

    at: int
    type: str
    data: Mapping[str, Any]
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """`Event`, `Event.field`, `Event.field=value`, or `fact=value`; of a fact `type` is None."""

    type: str | None
    name: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        """Return the moment as a pack writes it."""
        ends = "" if self.value is None else f"={self.value}"
        if self.type is None:
            return f"{self.name}{ends}"
        return self.type if self.name is None else f"{self.type}.{self.name}{ends}"


def moment_of(text: str) -> Moment:
    """Read a moment; raise ValueError that says how one is written."""
    match = fullmatch(_MOMENT, text.strip(), ASCII)
    if match is None:
        raise ValueError(
            f"{text!r} is no moment: write Event, Event.field, Event.field=value or fact=value"
        )
    event, field, value, fact, begun = match.groups()
    return Moment(None, fact, begun) if event is None else Moment(event, field, value)


def is_event(moment: Moment, event: Event) -> bool:
    """Tell whether an event is the one that a moment names.

    A field must be there: null and false are not. Its value is compared as it is written in JSON.
    """
    if moment.type != event.type:
        return False
    if moment.name is None:
        return True
    told = event.data.get(moment.name)
    if moment.value is None:
        return told is not None and told is not False
    return written(told) == moment.value


def written(value: Any) -> str:
    """Return a value of an event's data as a pack writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
