"""The page of the queue: its query, and its rows."""

from typing import Any, TypeVar, get_args
from urllib.parse import urlencode

from starlette.requests import Request

from docket_events.ticket import Priority
from docket_lifecycle.state.ticket import UNDER_WAY, Status
from docket_policies.terms.clock_states import DUE_BY_TIME
from ticket_api.auth.tokens import Principal
from ticket_api.http.problems import Problem
from ticket_api.http.runtime import runtime_of
from ticket_api.tickets.list_order import Sort
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
    query = http.query_params
    asked = {name: query.get(name) or None for name in ("number", "status", "priority")}
    sort: Sort = next((known for known, _ in SORTS if known == query.get("sort")), "due_at")
    if asked["number"] is not None and "sort" not in query:
        sort, asked["status"] = "-created_at", asked["status"] or "any"
    now = runtime_of(http).clock.now()
    listed = await list_tickets(
        runtime_of(http).engine,
        who,
        Filters(
            status=_statuses(asked["status"]),
            priority=_known(asked["priority"], get_args(Priority)),
            number=asked["number"],
        ),
        sort=sort,
        limit=SHOWN,
        cursor=query.get("cursor"),
        now=now,
    )
    following = {**query, "cursor": listed.next_cursor or ""}
    return {
        "rows": listed.items,
        "more": f"/console?{urlencode(following)}" if listed.next_cursor else None,
        "now": now,
        "counting": DUE_BY_TIME,
        "asked": {**asked, "sort": sort},
        "statuses": [status.value for status in Status],
        "priorities": get_args(Priority),
        "sorts": SORTS,
    }


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
