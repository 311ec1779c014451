"""A table of a data file that knows its place, so that every fault names file and key."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

T = TypeVar("T")


class BadPack(ValueError):
    """A pack's data is wrong: the file, the key, and what to do."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        super().__init__(f"{file}: {key}: {problem}")
        self.file = file
        self.key = key
        self.problem = problem


class Table:
    """One table of a file; a key that nothing has read when `done` is called is unknown."""

    def __init__(self, file: str, path: str, data: object) -> None:
        self.file = file
        self.path = path
        if not isinstance(data, Mapping):
            raise BadPack(file, path or "file", "write a table here")
        self._data: Mapping[str, Any] = data
        self._asked: set[str] = set()

    def value(self, key: str, kind: type[T], default: T | None = None) -> T:
        """Return the value of a key; raise BadPack when it is absent or of another kind."""
        self._asked.add(key)
        value = self._data.get(key, default)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            problem = "is missing" if value is None else f"{value!r} is wrong"
            raise self.bad(key, f"{problem}: write {_WRITTEN.get(kind, kind.__name__)}")
        return value

    def clause(self) -> str:
        """Return the clause on which the table rests; every rule needs one."""
        return self.value("clause", str)

    def instant(self, key: str) -> datetime:
        """Return the instant of a key; it must have a zone."""
        value = self.value(key, datetime)
        if value.tzinfo is None:
            raise self.bad(key, "the instant has no zone: end it with Z")
        return value

    def names(self, key: str) -> tuple[str, ...]:
        """Return a list of names, empty when the key is absent."""
        return tuple(str(name) for name in self.value(key, list, []))

    def child(self, key: str) -> "Table":
        """Return the table under a key."""
        self._asked.add(key)
        return Table(self.file, f"{self.path}.{key}".strip("."), self._data.get(key))

    def maybe(self, key: str) -> "Table | None":
        """Return the table under a key, None when the pack has none."""
        return self.child(key) if key in self._data else None

    def children(self, key: str) -> Iterator[tuple[str, "Table"]]:
        """Return the tables under a key by name."""
        parent = self.child(key)
        for name in parent._data:
            yield name, parent.child(name)

    def maybe_children(self, key: str) -> Iterator[tuple[str, "Table"]]:
        """Return the tables under a key by name, none when the pack has no such key."""
        return self.children(key) if key in self._data else iter(())

    def rows(self, key: str) -> Iterator["Table"]:
        """Return the tables of a list under a key."""
        for number, row in enumerate(self.value(key, list, []), start=1):
            yield Table(self.file, f"{self.path}.{key}[{number}]", row)

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def done(self) -> None:
        """Refuse keys that nothing has read: a typing mistake would silently drop a rule."""
        for key in self._data:
            if key not in self._asked:
                known = ", ".join(sorted(self._asked))
                raise self.bad(key, f"is unknown: this table has {known}")

    def bad(self, key: str, problem: str) -> BadPack:
        """Return the error for a key."""
        return BadPack(self.file, f"{self.path}.{key}".strip("."), problem)


_WRITTEN = {
    str: "a text",
    int: "a whole number",
    list: "a list",
    bool: "true or false",
    datetime: "an instant like 2026-06-08T09:00:00Z",
}
