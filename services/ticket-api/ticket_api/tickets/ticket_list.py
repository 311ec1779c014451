"""Lists of tickets: filters, sorts and keyset pages over the read model.

A page costs the same wherever it is: the cursor names the last row seen, not a number of rows to
skip. It is bound to its filters and sort; with others it is refused. Paging through a list shows
every ticket that existed all along exactly once, unless its sort key changes meanwhile; only
`created_at` and `number` never do.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

import msgspec
from sqlalchemy import ColumnElement, Select, and_, case, literal, select
from sqlalchemy.ext.asyncio import AsyncEngine

from docket_events.ticket import Priority
from docket_lifecycle.state.ticket import Status
from docket_policies.terms.clock_states import DUE_BY_TIME
from docket_runtime.schema.tables import clocks, tickets
from ticket_api.auth.tokens import Principal
from ticket_api.tickets.list_order import SEGMENTS, Sort, cursor_of, owed, read_cursor

Supported = Literal["true", "false", "unknown"]
"""Whether the terms serve a ticket; of one opened before that was told it is null (C-69)."""

_NOT_SHOWN = ("partition", "ticket_id", "queue_rank", "waiting_for")


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a list; without any all tickets are shown, several values show any of them."""

    status: tuple[Status, ...] = ()
    priority: tuple[Priority, ...] = ()
    product: tuple[str, ...] = ()
    assignee: tuple[str, ...] = ()
    account: str | None = None
    number: str | None = None
    due_before: datetime | None = None
    overdue: bool | None = None
    supported: tuple[Supported, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in order, and the cursor of the next page if there is one."""

    items: list[dict[str, Any]]
    next_cursor: str | None


async def list_tickets(
    engine: AsyncEngine,
    principal: Principal,
    filters: Filters,
    *,
    sort: Sort,
    limit: int,
    cursor: str | None,
    now: datetime,
) -> Page:
    """Return one page of the tickets that the principal sees; raise Problem 400 or Unavailable."""
    if filters.account is not None and not principal.may_see(filters.account):
        return Page([], None)
    segments, descending = SEGMENTS[sort.removeprefix("-")], sort.startswith("-")
    made_for = fingerprint(principal, filters, sort)
    begin, after = (0, None) if cursor is None else read_cursor(cursor, segments, made_for)
    query, page_rows = rows_that_fit(principal, filters, now), list[tuple[int, dict[str, Any]]]()
    async with engine.connect() as connection:
        for n, segment in enumerate(segments[begin:], begin):
            part = segment.sorted(query, after, descending=descending)
            # a literal: a plan for any limit expects a tenth of the table
            most = literal(limit + 1 - len(page_rows), literal_execute=True)
            rows = await connection.execute(part.limit(most))
            page_rows += [(n, dict(row)) for row in rows.mappings()]
            after = None
            if len(page_rows) > limit:
                break
    more, page_rows = len(page_rows) > limit, page_rows[:limit]
    keys = [
        (n, (*(row.pop(name) for name in segments[n].names()), row["id"])) for n, row in page_rows
    ]
    items = [row for _, row in page_rows]
    return Page(items, cursor_of(*keys[-1], made_for) if more else None)


def rows_that_fit(principal: Principal, filters: Filters, now: datetime) -> Select[Any]:
    """Return the query for all tickets of a list, in no order."""
    same = and_(
        clocks.c.partition == tickets.c.partition, clocks.c.ticket_id == tickets.c.ticket_id
    )
    shown = [c for c in tickets.c if c.name not in _NOT_SHOWN]
    return (
        select(
            tickets.c.ticket_id.label("id"),
            *shown,
            case((owed, tickets.c.waiting_for)).label("waiting_for"),
            clocks.c.state.label("clock_state"),
            case((owed, clocks.c.due_at)).label("due_at"),
        )
        .select_from(tickets.outerjoin(clocks, same))
        .where(*_conditions(principal, filters, now))
    )


def _conditions(
    principal: Principal, filters: Filters, now: datetime
) -> Iterator[ColumnElement[bool]]:
    for name in ("status", "priority", "product", "assignee", "supported"):
        values = getattr(filters, name)
        if len(values) == 1:  # an equality, so that an index can give the order, too
            yield tickets.c[name] == values[0]
        elif values:
            yield tickets.c[name].in_(values)
    if filters.number is not None:
        yield tickets.c.number == filters.number
    account = principal.account if principal.reach == "own" else filters.account
    if account is not None:
        yield tickets.c.account_id == account
    counting = clocks.c.state.in_(DUE_BY_TIME)
    if filters.due_before is not None:
        yield and_(counting, clocks.c.due_at < filters.due_before)
    if filters.overdue is not None:
        late = and_(counting, clocks.c.due_at < now)
        yield late if filters.overdue else late.is_not(True)


def fingerprint(principal: Principal, filters: Filters, sort: Sort) -> str:
    """Return the name of a list, to which its cursors are bound."""
    asked = msgspec.json.encode([principal.role, principal.account, asdict(filters), sort])
    return sha256(asked).hexdigest()[:16]
