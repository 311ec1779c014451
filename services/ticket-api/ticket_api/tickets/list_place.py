"""Where a page lies in its list: how many rows come before it, how many there are, what is before.

A cursor names the last row of the page before, so the rows up to it are counted backwards from it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from ticket_api.auth.tokens import Principal
from ticket_api.tickets.list_order import SEGMENTS, Sort, SortKey, cursor_of, read_cursor
from ticket_api.tickets.ticket_list import Filters, fingerprint, rows_that_fit


@dataclass(frozen=True, slots=True)
class Place:
    """The rows before a page, all rows of the list, and the page before it.

    `previous` is the cursor of the page before, None where that is the first one.
    """

    before: int
    total: int
    previous: str | None


async def place_of_page(
    engine: AsyncEngine,
    principal: Principal,
    filters: Filters,
    *,
    sort: Sort,
    limit: int,
    cursor: str | None,
    now: datetime,
) -> Place:
    """Return where the page of `list_tickets` lies; raise Problem 400 or Unavailable."""
    segments, descending = SEGMENTS[sort.removeprefix("-")], sort.startswith("-")
    made_for = fingerprint(principal, filters, sort)
    query = rows_that_fit(principal, filters, now)
    async with engine.connect() as connection:
        counted = select(func.count()).select_from(query.subquery())
        total = (await connection.execute(counted)).scalar_one()
        if cursor is None:
            return Place(0, total, None)
        begin, seen = read_cursor(cursor, segments, made_for)
        after: SortKey | None = seen
        before, missing, previous = 1, limit - 1, None
        for n in range(begin, -1, -1):
            back = segments[n].sorted(query, after, descending=not descending)
            here = select(func.count()).select_from(back.order_by(None).subquery())
            rows = (await connection.execute(here)).scalar_one()
            if previous is None and missing < rows:
                row = (await connection.execute(back.offset(missing).limit(1))).mappings().one()
                key = (*(row[name] for name in segments[n].names()), row["id"])
                previous = cursor_of(n, key, made_for)
            before, missing, after = before + rows, missing - rows, None
    return Place(before, total, previous)
