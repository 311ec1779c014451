"""A question as it was asked: raw fields, read one by one, refused by name where they are wrong."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any


class Unanswerable(ValueError):
    """A question that has no answer: a stable code, and a detail that says what to give instead."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class Question:
    """The fields of one question; absent and null mean the same.

    Every reader raises Unanswerable with `field_missing` or `field_wrong`.
    """

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields

    def but(self, **fields: Any) -> "Question":
        """Return the question with these fields in the place of its own."""
        return Question({**self._fields, **fields})

    def says(self, key: str) -> bool:
        """Return whether the question has a value for a field."""
        return self._fields.get(key) is not None

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text."""
        value = self._given(key, default)
        if not isinstance(value, str):
            raise _wrong(key, value, "a text")
        return value

    def number(self, key: str, default: int | None = None) -> int:
        """Return a whole number that is not negative."""
        value = self._given(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise _wrong(key, value, "a whole number from 0")
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; an absent field is false."""
        value = self._given(key, False)
        if not isinstance(value, bool):
            raise _wrong(key, value, "true or false")
        return value

    def day(self, key: str) -> date:
        """Return a date; of an instant, its date in UTC (C-50)."""
        return _day(key, self._given(key))

    def instant(self, key: str) -> datetime:
        """Return an instant in UTC; a date stands for its first moment."""
        return _instant(key, self._given(key))

    def days(self, key: str) -> tuple[date, date]:
        """Return a pair of dates, the later one second."""
        value = self.items(key)
        if len(value) != 2:
            raise _wrong(key, value, "two dates")
        first, last = (_day(key, part) for part in value)
        if last < first:
            raise _wrong(key, value, "two dates, the later one second")
        return first, last

    def items(self, key: str) -> Sequence[Any]:
        """Return a list."""
        value = self._given(key)
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise _wrong(key, value, "a list")
        return value

    def rows(self, key: str) -> list["Question"]:
        """Return a list of tables, each to be asked like a question."""
        rows = self.items(key)
        for row in rows:
            if not isinstance(row, Mapping):
                raise _wrong(key, row, "a list of tables")
        return [Question(row) for row in rows]

    def raw(self, key: str) -> Any:
        """Return a field as it was given."""
        return self._given(key)

    def judged_on(self) -> date:
        """Return the day the question is about: `ticket_date`, `on`, `created_at` or `at`."""
        for key in ("ticket_date", "on", "created_at", "at"):
            if self.says(key):
                return self.day(key)
        raise Unanswerable("field_missing", "ticket_date: say on which day the ticket was created")

    def _given(self, key: str, default: object = None) -> Any:
        value = self._fields.get(key)
        value = default if value is None else value
        if value is None:
            raise Unanswerable("field_missing", f"{key}: the question needs it")
        return value


def _wrong(key: str, value: object, wanted: str) -> Unanswerable:
    return Unanswerable("field_wrong", f"{key}: {value!r} is wrong; give {wanted}")


def _day(key: str, value: object) -> date:
    if isinstance(value, str) and len(value) == len("2026-06-08"):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise _wrong(key, value, "a date like 2026-06-08") from None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return _instant(key, value).date()


def _instant(key: str, value: object) -> datetime:
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time(), tzinfo=UTC)
    try:
        instant = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise _wrong(key, value, "an instant like 2026-06-08T09:00:00Z") from None
    if instant.tzinfo is None:
        if isinstance(value, str) and len(value) == len("2026-06-08"):
            return instant.replace(tzinfo=UTC)
        raise _wrong(key, value, "an instant with its zone, like 2026-06-08T09:00:00Z")
    return instant.astimezone(UTC)
