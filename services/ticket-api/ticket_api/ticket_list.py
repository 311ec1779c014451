"""Lists of tickets: filters, sorts and keyset pages over the read model.

A page costs the same wherever it is: the cursor names the last row seen, not a number of rows to
skip. It is bound to its filters and sort; with others it is refused.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, and_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine

from docket_events.ticket import Priority
from docket_lifecycle.ticket import Status
from docket_runtime.tables import clocks, tickets
from ticket_api.auth import Principal
from ticket_api.problems import Problem

Sort = Literal["-created_at", "created_at", "due_at", "-due_at"]
COUNTING = ("running", "individual_deadline", "scheduled_operation")
MAX_CURSOR = 512


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list shows; None shows all."""

    status: Status | None = None
    priority: Priority | None = None
    product: str | None = None
    assignee: str | None = None
    account: str | None = None
    number: str | None = None
    due_before: datetime | None = None
    overdue: bool | None = None


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
    """Return one page of what the principal may see; raise Problem 400 or Unavailable."""
    if filters.account is not None and not principal.may_see(filters.account):
        return Page([], None)
    fingerprint = _fingerprint(principal, filters, sort)
    name = sort.removeprefix("-")
    sorted_by = clocks if name == "due_at" else tickets
    column = sorted_by.c[name]
    keys = (column, sorted_by.c.ticket_id)
    descending = sort.startswith("-")
    query = _filtered(principal, filters, now)
    query = query.order_by(*(key.desc() if descending else key for key in keys))
    if name == "due_at":
        query = query.where(column.is_not(None))
    if cursor is not None:
        seen = tuple_(*_read_cursor(cursor, fingerprint))
        row = tuple_(*keys)
        query = query.where(row < seen if descending else row > seen)
    async with engine.connect() as connection:
        rows = (await connection.execute(query.limit(limit + 1))).mappings().all()
    items = [dict(row) for row in rows[:limit]]
    more = len(rows) > limit
    last = items[-1] if items else None
    next_cursor = _cursor(last[name], last["id"], fingerprint) if more and last else None
    return Page(items, next_cursor)


def _filtered(principal: Principal, filters: Filters, now: datetime) -> Select[Any]:
    same = and_(
        clocks.c.partition == tickets.c.partition, clocks.c.ticket_id == tickets.c.ticket_id
    )
    shown = [c for c in tickets.c if c.name not in ("partition", "ticket_id")]
    conditions: list[ColumnElement[bool]] = [
        tickets.c[name] == value
        for name in ("status", "priority", "product", "assignee", "number")
        if (value := getattr(filters, name)) is not None
    ]
    account = principal.account if principal.reach == "own" else filters.account
    if account is not None:
        conditions.append(tickets.c.account_id == account)
    if filters.due_before is not None:
        conditions += [clocks.c.state.in_(COUNTING), clocks.c.due_at < filters.due_before]
    if filters.overdue is not None:
        late = and_(clocks.c.state.in_(COUNTING), clocks.c.due_at < now)
        conditions.append(late if filters.overdue else late.is_not(True))
    return (
        select(
            tickets.c.ticket_id.label("id"),
            *shown,
            clocks.c.state.label("clock_state"),
            clocks.c.due_at,
        )
        .select_from(tickets.outerjoin(clocks, same))
        .where(*conditions)
    )


def _fingerprint(principal: Principal, filters: Filters, sort: Sort) -> str:
    asked = msgspec.json.encode([principal.role, principal.account, asdict(filters), sort])
    return sha256(asked).hexdigest()[:16]


def _cursor(value: datetime, ticket_id: UUID, fingerprint: str) -> str:
    raw = msgspec.json.encode([value.astimezone(UTC), ticket_id, fingerprint])
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _read_cursor(cursor: str, fingerprint: str) -> tuple[datetime, UUID]:
    try:
        if len(cursor) > MAX_CURSOR:
            raise ValueError("too long")
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        value, ticket_id, made_for = msgspec.json.decode(raw, type=tuple[datetime, UUID, str])
    except ValueError:
        raise Problem(400, "malformed_cursor", "the cursor is not one of ours") from None
    if made_for != fingerprint or value.tzinfo is None:
        raise Problem(400, "malformed_cursor", "the cursor belongs to another list")
    return value, ticket_id
