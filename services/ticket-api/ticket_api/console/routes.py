"""The doors of the console: pages for those who look, and the parts that change under a slider."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, get_args
from urllib.parse import parse_qs, urlencode
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from docket_events.ticket import Priority
from docket_lifecycle.state.ticket import Status
from docket_runtime.store.history import History
from docket_simulation.what_if.forecast import picture as bars_of
from ticket_api.auth import Principal
from ticket_api.console import session, suppose, ticket_page
from ticket_api.console.pages import page, picture
from ticket_api.console.session import SignedOut
from ticket_api.doors import doors
from ticket_api.feed import Feed
from ticket_api.instants import Instant
from ticket_api.list_order import Sort
from ticket_api.live import LiveStream
from ticket_api.points import Where, answerable, point_of
from ticket_api.problems import TITLES, Problem, not_found
from ticket_api.proof_routes import verification
from ticket_api.roles import not_for, reach
from ticket_api.ticket_list import COUNTING, Filters, list_tickets

SHOWN = 50
SORTS: tuple[tuple[Sort, str], ...] = (
    ("due_at", "due first"),
    ("-created_at", "newest first"),
    ("created_at", "oldest first"),
)
STATIC = Path(__file__).parent / "static"

Page = Callable[[Request, Principal], Awaitable[Response]]
Known = TypeVar("Known", bound=str)
Read = TypeVar("Read")


def _for(operation: str) -> Callable[[Page], Callable[[Request], Awaitable[Response]]]:
    """Show a page to the roles that reach an operation of the API; ask others for a token."""

    def shown(made: Page) -> Callable[[Request], Awaitable[Response]]:
        @wraps(made)
        async def answer(http: Request) -> Response:
            try:
                who = session.reader(http)
            except SignedOut as out:
                here = f"{http.url.path}?{http.url.query}" if http.url.query else http.url.path
                return page("sign_in.html", 401, why=out.why, next=here)
            try:
                if reach(operation, who.role) != "any":
                    raise not_for(operation, who.role)
                with answerable():
                    return await made(http, who)
            except Problem as problem:
                title = TITLES.get(problem.status, "Problem")
                told = {"who": who, "here": "", "problem": problem, "title": title}
                return page("trouble.html", problem.status, **told)

        return answer

    return shown


async def sign_in(http: Request) -> Response:
    """Take a token from the form and keep it in the browser."""
    form = parse_qs((await http.body()).decode("utf-8", "replace"), max_num_fields=10)
    target = form.get("next", ["/console"])[0]
    if not target.startswith("/console") or "\\" in target:
        target = "/console"
    answer = RedirectResponse(target, 303)
    try:
        session.sign_in(http, answer, form.get("token", [""])[0].strip())
    except SignedOut as out:
        return page("sign_in.html", 401, why=out.why, next=target)
    return answer


async def sign_out(http: Request) -> Response:
    """Let the browser forget the token."""
    answer = RedirectResponse("/console", 303)
    session.sign_out(answer)
    return answer


@_for("list_tickets")
async def queue(http: Request, who: Principal) -> Response:
    """Show the tickets by what is due next; kept fresh while the page is open."""
    values = await _rows(http, who)
    live = f"/console/rows?{http.url.query}"
    return page("queue.html", who=who, here="/console", live=live, **values)


@_for("list_tickets")
async def rows(http: Request, who: Principal) -> Response:
    """Return the rows of the queue alone."""
    return page("rows.html", **await _rows(http, who))


async def _rows(http: Request, who: Principal) -> dict[str, Any]:
    at_hand, query = doors(http), http.query_params
    asked = {name: query.get(name) or None for name in ("number", "status", "priority")}
    sort: Sort = next((known for known, _ in SORTS if known == query.get("sort")), "due_at")
    if asked["number"] is not None and "sort" not in query:
        sort, asked["status"] = "-created_at", asked["status"] or "any"
    now = at_hand.clock.now()
    found = await list_tickets(
        at_hand.engine,
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
    following = {**query, "cursor": found.next_cursor or ""}
    return {
        "rows": found.items,
        "more": f"/console?{urlencode(following)}" if found.next_cursor else None,
        "now": now,
        "counting": COUNTING,
        "asked": {**asked, "sort": sort},
        "statuses": [status.value for status in Status],
        "priorities": get_args(Priority),
        "sorts": SORTS,
    }


def _statuses(asked: str | None) -> tuple[Status, ...]:
    """Return the statuses to show: the tickets under way unless the reader says otherwise."""
    if asked is None:
        return (Status.OPEN, Status.SUSPENDED, Status.CLOSING)
    return () if asked == "any" else _known(asked, tuple(Status))


def _known(value: str | None, known: tuple[Known, ...]) -> tuple[Known, ...]:
    """Return what was asked for as one of the known values, () for nothing; raise Problem 422."""
    if value is None:
        return ()
    found = tuple(each for each in known if str(each) == value)
    if not found:
        raise Problem(422, "malformed", f"{value[:40]!r} is none of {', '.join(map(str, known))}")
    return found


async def moved(http: Request) -> Response:
    """Tell whenever the log has grown, for as long as the token is good."""
    try:
        who = session.reader(http)
    except SignedOut:
        return Response(status_code=401)
    return LiveStream(_moved(doors(http).feed), lasts_s=who.lasts_s)


async def _moved(feed: Feed) -> AsyncIterator[bytes]:
    async with feed.listening():
        positions = (await feed.place()).positions
        while True:
            for news in await feed.after(positions):
                positions[news.partition] = max(positions[news.partition], news.position)
            yield b"event: moved\ndata:\n\n"


@_for("replay_ticket")
async def ticket(http: Request, who: Principal) -> Response:
    """Show a ticket at a point of its past."""
    ticket_id, history = await _history(http, who)
    asked, now = _asked(http), doors(http).clock.now()
    values = ticket_page.seen(ticket_id, history, asked.point, now)
    view = values["seen"]
    instants = [recorded.occurred_at for recorded in history]
    return page(
        "ticket.html",
        who=who,
        here="",
        id=ticket_id,
        number=view.ticket.number,
        version=view.ticket.version,
        last=len(history),
        first_s=int(min(instants).timestamp()),
        end_s=int(max(now, *instants).timestamp()),
        at_s=int(view.sight.at.timestamp()),
        asked_at=asked.at,
        asked_known=asked.known_at,
        proof=ticket_page.proof(history, await verification(doors(http).engine)),
        **values,
    )


@_for("replay_ticket")
async def seen(http: Request, who: Principal) -> Response:
    """Return the part of a ticket's page that follows the slider."""
    ticket_id, history = await _history(http, who)
    now = doors(http).clock.now()
    return page("seen.html", **ticket_page.seen(ticket_id, history, _asked(http).point, now))


@_for("diff_ticket")
async def compare(http: Request, who: Principal) -> Response:
    """Show what differs between two versions of a ticket."""
    ticket_id, history = await _history(http, who)
    versions = [_version(http.query_params.get(name, ""), history) for name in ("from", "to")]
    ends = dict(zip(("from", "to"), versions, strict=True))
    number = getattr(history[0].event, "number", "")
    values = ticket_page.compared(ticket_id, history, *versions)
    return page("compare.html", who=who, here="", id=ticket_id, number=number, **ends, **values)


@_for("get_forecast")
async def forecast(http: Request, who: Principal) -> Response:
    """Show what comes due in the coming days if nothing happens."""
    said = http.query_params.get("days", "3")
    if not (said.isascii() and said.isdecimal() and 1 <= int(said[:4]) <= 60):
        raise Problem(422, "malformed", "days: give 1 to 60")
    at_hand = doors(http)
    found = await at_hand.judging.forecast(at_hand.clock.now(), int(said))
    drawn = picture(bars_of(found))
    return page(
        "forecast.html", who=who, here="/console/forecast", seen=found, days=said, picture=drawn
    )


@_for("what_if")
async def what_if(http: Request, who: Principal) -> Response:
    """Show what other terms would have made of the tickets of a period."""
    values = await suppose.answered(http)
    return page("what_if.html", who=who, here="/console/what-if", **values)


async def _history(http: Request, who: Principal) -> tuple[UUID, History]:
    try:
        ticket_id = UUID(http.path_params["ticket_id"])
    except ValueError:
        raise not_found() from None
    _, history = await doors(http).commands.visible_history(ticket_id, who)
    return ticket_id, history


def _asked(http: Request) -> ticket_page.Asked:
    query = http.query_params
    as_of = (query.get("at") or query.get("as_of") or "").strip()
    known_at = query.get("known_at", "").strip()
    point = point_of(_read(_WHERE, as_of, "the point"), _read(_INSTANT, known_at, "known_at"))
    return ticket_page.Asked(point, "" if isinstance(point.as_of, int) else as_of, known_at)


_WHERE: TypeAdapter[str | datetime] = TypeAdapter(Where)
_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


def _read(kind: TypeAdapter[Read], text: str, name: str) -> Read | None:
    """Return what a field of the address says, None where it is empty; raise Problem 422."""
    if not text:
        return None
    try:
        return kind.validate_python(text)
    except ValidationError:
        raise Problem(
            422,
            "malformed",
            f"{name} is an instant such as 2026-06-11T12:00:00Z"
            + (", or a version" if kind is _WHERE else ""),
        ) from None


def _version(text: str, history: History) -> int:
    if text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= len(history):
        return int(text)
    raise Problem(422, "malformed", f"a version is 1 to {len(history)}")


ROUTES = [
    Route("/console", queue, methods=["GET"]),
    Route("/console/rows", rows, methods=["GET"]),
    Route("/console/moved", moved, methods=["GET"]),
    Route("/console/sign-in", sign_in, methods=["POST"]),
    Route("/console/sign-out", sign_out, methods=["POST"]),
    Route("/console/tickets/{ticket_id}", ticket, methods=["GET"]),
    Route("/console/tickets/{ticket_id}/seen", seen, methods=["GET"]),
    Route("/console/tickets/{ticket_id}/compare", compare, methods=["GET"]),
    Route("/console/forecast", forecast, methods=["GET"]),
    Route("/console/what-if", what_if, methods=["GET"]),
    Mount("/console/static", StaticFiles(directory=STATIC)),
]
