"""The orders of a list of tickets, and the cursors that name a row in one.

An order is one segment of rows after another, each sorted by keys that an index has. A cursor keeps
the keys of the last row seen, bound to the list that it was made for.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, tuple_

from docket_events.ticket import Priority
from docket_lifecycle.state.ticket import UNDER_WAY
from docket_runtime.schema.tables import clocks, tickets
from ticket_api.http.problems import Problem

Sort = Literal[
    "-created_at",
    "created_at",
    "-updated_at",
    "updated_at",
    "-due_at",
    "due_at",
    "-priority",
    "priority",
    "-number",
    "number",
    "queue",
]
MAX_CURSOR = 512

SortKey = tuple[Any, ...]
"""The sort keys of a row, its id last."""

_Instant = Annotated[datetime, msgspec.Meta(tz=True)]
_Small = Annotated[int, msgspec.Meta(ge=0, le=1000)]
_Word = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^\x00]*$")]


@dataclass(frozen=True, slots=True)
class SortSegment:
    """Rows by their keys and then by their ids; `kept` is the type of the cursor's content."""

    keys: tuple[ColumnElement[Any], ...]
    kept: Any
    id: ColumnElement[UUID] = tickets.c.ticket_id
    only: ColumnElement[bool] | None = None

    def names(self) -> list[str]:
        """Return the names under which a row has its keys."""
        return [f"key_{n}" for n in range(len(self.keys))]

    def sorted(self, query: Select[Any], after: SortKey | None, *, descending: bool) -> Select[Any]:
        """Return the query for the rows of this segment behind a sort key, in order."""
        keys = (*self.keys, self.id)
        named = zip(self.names(), self.keys, strict=True)
        query = query.add_columns(*(key.label(name) for name, key in named))
        query = query.order_by(*(key.desc() if descending else key.asc() for key in keys))
        if self.only is not None:
            query = query.where(self.only)
        if after is None:
            return query
        row, seen = tuple_(*keys), tuple_(*after)
        return query.where(row < seen if descending else row > seen)


_LOW_TO_HIGH = ", ".join(f"'{priority}'" for priority in reversed(get_args(Priority)))
_RANK = func.array_position(literal_column(f"array[{_LOW_TO_HIGH}]"), tickets.c.priority)
_DUE, _CREATED = clocks.c.due_at, tickets.c.created_at
_DUE_OR_NEVER = func.coalesce(_DUE, literal_column("timestamptz '9000-01-01 00:00:00+00'"))
owed = tickets.c.status.in_(UNDER_WAY)
"""Whether anything is owed of a ticket: nothing is once it has ended."""

SEGMENTS: Mapping[str, Sequence[SortSegment]] = {
    "created_at": [SortSegment((_CREATED,), tuple[_Instant, UUID])],
    "updated_at": [SortSegment((tickets.c.updated_at,), tuple[_Instant, UUID])],
    "due_at": [
        SortSegment(
            (_DUE,), tuple[_Instant, UUID], clocks.c.ticket_id, and_(_DUE.is_not(None), owed)
        ),
        SortSegment((_CREATED,), tuple[_Instant, UUID], only=or_(_DUE.is_(None), ~owed)),
    ],
    "priority": [SortSegment((_RANK,), tuple[_Small, UUID])],
    "number": [
        SortSegment((func.length(tickets.c.number), tickets.c.number), tuple[_Small, _Word, UUID])
    ],
    "queue": [
        SortSegment(
            (tickets.c.queue_rank, _DUE_OR_NEVER, _CREATED), tuple[_Small, _Instant, _Instant, UUID]
        )
    ],
}
"""The segments of each sort. Rows of which nothing is due always come last; DKT-9 before DKT-10.

The queue is in the order in which the terms say that tickets are addressed: by their places in it
(H-policy-3, H-policy-4, C-43; R-1.6), then by what is due, then by receipt (R-6.7-b).
"""


def cursor_of(segment: int, key: SortKey, made_for: str) -> str:
    """Return the cursor of a key in a segment, for the list that is called `made_for`."""
    raw = msgspec.json.encode([segment, key, made_for])
    return urlsafe_b64encode(raw).decode().rstrip("=")


def read_cursor(cursor: str, segments: Sequence[SortSegment], made_for: str) -> tuple[int, SortKey]:
    """Return the segment and the key that a cursor names; raise Problem 400."""
    try:
        if len(cursor) > MAX_CURSOR:
            raise ValueError("too long")
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        segment, kept, other = msgspec.json.decode(raw, type=tuple[int, msgspec.Raw, str])
        if other != made_for or not 0 <= segment < len(segments):
            raise ValueError("of another list")
        key: SortKey = msgspec.json.decode(kept, type=segments[segment].kept)
        if isinstance(key[0], datetime) and not 1 < key[0].year < 9999:
            raise ValueError("no instant that every zone has")
    except ValueError:
        raise Problem(400, "malformed_cursor", "the cursor is not one of this list") from None
    return segment, key
