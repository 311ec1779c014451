"""The pages of one ticket: it at a point of its past, two points compared, and that it moved."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from docket_audit.point import Point, read_point
from docket_events.ids import partition_of_ticket
from docket_runtime.proof.status import verification_status
from docket_runtime.store.history import History
from ticket_api.auth.tokens import Principal
from ticket_api.console import session, ticket_page
from ticket_api.console.gate import keeping_form, page_for, whole_page
from ticket_api.console.pages import page
from ticket_api.console.session import SignedOut
from ticket_api.http.plain_route import PlainRoute
from ticket_api.http.problems import Problem
from ticket_api.http.requests import ticket_id_of
from ticket_api.http.runtime import runtime_of
from ticket_api.http.sse import LiveStream
from ticket_api.streams.feed import feed_of
from ticket_api.tickets.reader import histories_of, reader_of


@page_for("replay_ticket")
async def ticket(http: Request, who: Principal) -> Response:
    """Show a ticket at a point of its past, under the one address of that point."""
    ticket_id, history = await _history(http, who)
    head: dict[str, Any] = {"id": ticket_id, "number": getattr(history[0].event, "number", "")}
    with keeping_form("forms/point.html", **head, asked=_asked(http)):
        point = _point(http)
        if dict(http.query_params) != point.query:
            return RedirectResponse(_address(ticket_id, point), 303)
        values = _seen(http, who, ticket_id, history, point)
    return page(
        "ticket.html",
        **head,
        **values,
        asked=values["shown"],
        ends={"from": "1", "from_known_at": "", "to": "", "to_known_at": ""},
        proof=ticket_page.proof(history, await verification_status(runtime_of(http).engine)),
    )


@page_for("replay_ticket")
async def seen(http: Request, who: Principal) -> Response:
    """Return the part of a ticket's page that follows the point."""
    ticket_id, history = await _history(http, who)
    return page("seen.html", **_seen(http, who, ticket_id, history, _point(http)))


@page_for("diff_ticket")
async def compare(http: Request, who: Principal) -> Response:
    """Show what differs between two points of a ticket."""
    ticket_id, history = await _history(http, who)
    query = http.query_params
    ends = {name: query.get(name, "").strip() for name in ticket_page.ENDS}
    head = {"id": ticket_id, "number": getattr(history[0].event, "number", ""), "ends": ends}
    with keeping_form("forms/compare.html", **head):
        if not ends["from"]:
            raise Problem(422, "malformed", "say from which point: a version or an instant")
        with _readable():
            one = read_point(ends["from"], ends["from_known_at"])
            other = read_point(ends["to"], ends["to_known_at"])
        now = runtime_of(http).clock.now()
        values = ticket_page.compared(ticket_id, history, (one, other), now)
    return whole_page("compare.html", http, who, here="", **head, **values)


async def ticket_moved(http: Request) -> Response:
    """Tell the version of a ticket whenever it is past `version`, while the token lasts."""
    try:
        who = session.reader(http)
        ticket_id, history = await _history(http, who)
    except SignedOut:
        return Response(status_code=401)
    except Problem as problem:
        return Response(status_code=problem.status)
    shown = http.query_params.get("version", "")
    after = int(shown[:9]) if shown.isascii() and shown.isdecimal() else history[-1].version
    return LiveStream(_newer(http, ticket_id, after), lasts_s=who.lasts_s)


async def _newer(http: Request, ticket_id: UUID, after: int) -> AsyncIterator[bytes]:
    """Yield the newest version of a ticket each time that one behind `after` is there."""
    feed, partition = feed_of(http), partition_of_ticket(ticket_id)
    async with feed.listening():
        position = await feed.head(partition)
        versions = [each.version for each in await histories_of(http).read(ticket_id, after)]
        while True:
            if versions:
                after = versions[-1]
                yield f"event: moved\ndata: {after}\n\n".encode()
            news = await feed.after({partition: position})
            position = news[-1].position
            versions = [n.version for n in news if n.ticket_id == ticket_id and n.version > after]


async def _history(http: Request, who: Principal) -> tuple[UUID, History]:
    ticket_id = ticket_id_of(http)
    _, history = await reader_of(http).history(ticket_id, who)
    return ticket_id, history


def _seen(
    http: Request, who: Principal, ticket_id: UUID, history: History, point: Point
) -> dict[str, Any]:
    """Return the values of the part that follows the point, with what paper says of it."""
    address = _address(ticket_id, point)
    values = ticket_page.seen(ticket_id, history, point, runtime_of(http).clock.now())
    version = values["seen"].ticket.version
    near = {"earlier": version - 1, "later": version + 1}
    steps = {name: Point(n, point.known_at) for name, n in near.items()}
    return {
        **values,
        **{
            name: _address(ticket_id, step) if 1 <= near[name] <= values["newest"] else ""
            for name, step in steps.items()
        },
        "last": len(history),
        "who": who,
        "here": "",
        "path": address,
        "address": str(http.url.replace(path="", query="")) + address,
    }


def _address(ticket_id: UUID, point: Point) -> str:
    """Return the one address under which a point of a ticket is shown."""
    query = urlencode(point.query, safe=":")
    return f"/console/tickets/{ticket_id}" + (f"?{query}" if query else "")


def _asked(http: Request) -> dict[str, str]:
    """Return what the address says of the point; `at` is how it was once called."""
    query = http.query_params
    as_of = query.get("at", "").strip() or query.get("as_of", "").strip()
    return {"as_of": as_of, "known_at": query.get("known_at", "").strip()}


def _point(http: Request) -> Point:
    with _readable():
        return read_point(**_asked(http))


@contextmanager
def _readable() -> Iterator[None]:
    """Answer with a Problem that says what to write where a point cannot be read."""
    try:
        yield
    except ValueError as wrong:
        raise Problem(422, "malformed", str(wrong)) from None


ROUTES = [
    PlainRoute("/console/tickets/{ticket_id}", ticket, methods=["GET"]),
    PlainRoute("/console/tickets/{ticket_id}/seen", seen, methods=["GET"]),
    PlainRoute("/console/tickets/{ticket_id}/compare", compare, methods=["GET"]),
    PlainRoute("/console/tickets/{ticket_id}/moved", ticket_moved, methods=["GET"]),
]
