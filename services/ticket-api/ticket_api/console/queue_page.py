"""The page of the queue: its query, and its rows."""

from datetime import datetime
from typing import Any, TypedDict, TypeVar, get_args
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request

from docket_events.ticket import Priority
from docket_lifecycle.state.ticket import UNDER_WAY, Status
from docket_policies.terms.clock_states import DUE_BY_TIME
from ticket_api.auth.tokens import Principal
from ticket_api.http.problems import Problem
from ticket_api.http.runtime import runtime_of
from ticket_api.tickets.list_order import Sort
from ticket_api.tickets.list_place import place_of_page
from ticket_api.tickets.ticket_list import Filters, list_tickets

SHOWN = 50
SORTS: tuple[tuple[Sort, str], ...] = (
    ("queue", "as the terms say"),
    ("due_at", "due first"),
    ("-created_at", "newest first"),
    ("created_at", "oldest first"),
)

S = TypeVar("S", bound=str)


async def values(http: Request, who: Principal) -> dict[str, Any]:
    """Return the values of the queue's page; raise Problem 400 or 422, or Unavailable."""
    query, asked = http.query_params, asked_of(http)
    sort = _sort(asked["sort"] or "due_at")
    now, engine = runtime_of(http).clock.now(), runtime_of(http).engine
    filters = Filters(
        status=_statuses(asked["status"]),
        priority=_known(asked["priority"], get_args(Priority)),
        number=asked["number"],
    )
    page = _Page(sort=sort, limit=SHOWN, cursor=query.get("cursor") or None, now=now)
    listed = await list_tickets(engine, who, filters, **page)
    place = await place_of_page(engine, who, filters, **page)
    pages = max(1, -(-place.total // SHOWN))
    return {
        "rows": listed.items,
        "more": _address(query, listed.next_cursor) if listed.next_cursor else None,
        "back": _address(query, place.previous) if place.before else None,
        "place": place,
        "page": min(-(-place.before // SHOWN) + 1, pages),
        "pages": pages,
        "order": dict(SORTS)[sort],
        "now": now,
        "counting": DUE_BY_TIME,
        "ended": [status.value for status in Status if status not in UNDER_WAY],
        "asked": asked,
    }


def asked_of(http: Request) -> dict[str, str | None]:
    """Return what the form holds: for a number alone tickets of any status, the newest first."""
    query = http.query_params
    asked = {name: query.get(name) or None for name in ("number", "status", "priority", "sort")}
    if asked["number"] is not None and "sort" not in query:
        return {**asked, "sort": "-created_at", "status": asked["status"] or "any"}
    return {**asked, "sort": asked["sort"] or "due_at"}


def choices() -> dict[str, Any]:
    """Return what the form of the queue offers."""
    return {
        "statuses": [(status.value, status.value) for status in Status],
        "priorities": [(name, name) for name in get_args(Priority)],
        "sorts": SORTS,
    }


class _Page(TypedDict):
    """What a page of the list is besides its filters."""

    sort: Sort
    limit: int
    cursor: str | None
    now: datetime


def _address(query: QueryParams, cursor: str | None) -> str:
    """Return the address of another page of the same list, the first one without a cursor."""
    others = {name: value for name, value in query.items() if name != "cursor" and value}
    named = urlencode({**others, "cursor": cursor} if cursor else others)
    return f"/console?{named}" if named else "/console"


def _sort(asked: str) -> Sort:
    for known, _ in SORTS:
        if known == asked:
            return known
    names = ", ".join(known for known, _ in SORTS)
    raise Problem(422, "malformed", f"{asked[:40]!r} is no order of the queue: {names}")


def _statuses(asked: str | None) -> tuple[Status, ...]:
    """Return the statuses to show: the tickets under way unless the reader says otherwise."""
    if asked is None:
        return UNDER_WAY
    return () if asked == "any" else _known(asked, tuple(Status))


def _known(value: str | None, known: tuple[S, ...]) -> tuple[S, ...]:
    """Return a value of the query as one of the known ones, () for none; raise Problem 422."""
    if value is None:
        return ()
    chosen = tuple(each for each in known if str(each) == value)
    if not chosen:
        raise Problem(422, "malformed", f"{value[:40]!r} is none of {', '.join(map(str, known))}")
    return chosen
