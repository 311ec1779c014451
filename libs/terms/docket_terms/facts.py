"""What is known of one ticket: the values of its facts, and the waits that are open."""

from collections.abc import Iterator, Mapping
from typing import Any

from docket_events.instants import read_instant
from docket_policies.calendars.epoch import seconds
from docket_terms.moments import Event, is_event, written
from docket_terms.pack import Fact, Keyed, Pack, Where


class NotGiven(ValueError):
    """A fact that has to be told at the opening was not, or with a value that it cannot have."""


class KnownFacts:
    """The facts of one ticket, as events and steps change them."""

    def __init__(self, pack: Pack, given: Mapping[str, str]) -> None:
        self._pack = pack
        self._given = given
        self.values: dict[str, str] = {}
        self.open: dict[str, dict[str, int | None]] = {}

    def open_with(self, event: Event) -> None:
        """Give each fact its first value: told by the event, given, or initial; raise NotGiven."""
        for fact in self._pack.facts.values():
            told = event.data.get(fact.name, self._given.get(fact.name, fact.initial))
            if fact.wait is not None:
                told = "no"
            if told is None:
                raise NotGiven(f"{fact.name} is not told: give one of {', '.join(fact.values)}")
            if written(told) not in fact.values:
                values = ", ".join(fact.values)
                raise NotGiven(f"{fact.name} is {told!r}: it is one of {values}")
            self.values[fact.name] = written(told)

    def changes_by(self, event: Event) -> dict[str, str]:
        """Return what an event makes of the facts, and note the waits that it opens and closes.

        Raise NotGiven where it gives a fact a value that the fact cannot have.
        """
        return dict(self._changes(event))

    def holds(self, where: Where) -> bool:
        """Tell whether each fact has one of the values named for it."""
        return all(self.values[name] in values for name, values in where.items())

    def resumes(self, name: str) -> int | None:
        """Return when a wait ends by itself, None where one of its keys does not know."""
        ends = self.open.get(name, {}).values()
        known = [end for end in ends if end is not None]
        return max(known) if known and len(known) == len(ends) else None

    def expired(self, at: int) -> Iterator[tuple[int, str, str]]:
        """Yield the waits that end by themselves until an instant: when, which, and the key."""
        for name, keys in self.open.items():
            for key, end in keys.items():
                if end is not None and end <= at:
                    yield end, name, key

    def close(self, name: str, key: str) -> dict[str, str]:
        """Close a key of a wait, and return what that makes of the fact."""
        keys = self.open[name]
        keys.pop(key, None)
        return {} if keys else {name: "no"}

    def may(self, fact: Fact, value: str) -> bool:
        """Tell whether a fact may get a value now: it differs, and the present one is not final."""
        return self.values[fact.name] not in {value, *fact.final}

    def _changes(self, event: Event) -> Iterator[tuple[str, str]]:
        for fact in self._pack.facts.values():
            value = self._set_by(fact, event) if fact.wait is None else self._wait(fact, event)
            if value is not None and self.may(fact, value):
                yield fact.name, value

    def _set_by(self, fact: Fact, event: Event) -> str | None:
        for moment, value in fact.sets:
            if is_event(moment, event):
                told = written(event.data.get(value[1:])) if value.startswith("@") else value
                if told not in fact.values:
                    raise NotGiven(
                        f"{event.type} gives {fact.name} the value {told!r}: it is one of "
                        + ", ".join(fact.values)
                    )
                return told
        return None

    def _wait(self, fact: Fact, event: Event) -> str | None:
        assert fact.wait is not None, "the fact is a wait"
        wait, keys = fact.wait, self.open.setdefault(fact.name, {})
        if is_event(wait.opens, event):
            keys[_key(wait, event)] = _until(wait, event.data)
        elif any(is_event(moment, event) for moment in wait.closes):
            keys.pop(_key(wait, event), None)
        return "yes" if keys else "no"


def _key(wait: Keyed, event: Event) -> str:
    return "" if wait.key is None else written(event.data.get(wait.key))


def _until(wait: Keyed, data: Mapping[str, Any]) -> int | None:
    told = None if wait.until is None else data.get(wait.until)
    return None if told is None else seconds(read_instant(str(told)))
