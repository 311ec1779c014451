"""The routes of the console: its pages, and the parts that change under a slider."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from docket_runtime.proof.status import verification_status
from docket_runtime.store.history import History
from docket_simulation.what_if.forecast import picture as bars_of
from ticket_api.analysis.pool import pool_of
from ticket_api.auth.roles import reach, role_refused
from ticket_api.auth.tokens import Principal
from ticket_api.console import queue_page, session, suppose, ticket_page
from ticket_api.console.pages import page, picture
from ticket_api.console.session import SignedOut
from ticket_api.http.fields import Instant
from ticket_api.http.log_position import head_of_log
from ticket_api.http.points import Where, past_problems, point_of
from ticket_api.http.problems import TITLES, Problem, not_found
from ticket_api.http.runtime import runtime_of
from ticket_api.http.sse import LiveStream
from ticket_api.streams.feed import Feed, feed_of
from ticket_api.tickets.reader import reader_of

STATIC = Path(__file__).parent / "static"

Page = Callable[[Request, Principal], Awaitable[Response]]
T = TypeVar("T")


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
                    raise role_refused(operation, who.role)
                with past_problems():
                    return await made(http, who)
            except Problem as problem:
                title = TITLES.get(problem.status, "Problem")
                values = {"who": who, "here": "", "problem": problem, "title": title}
                return page("trouble.html", problem.status, **values)

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
    values = await queue_page.values(http, who)
    live = f"/console/rows?{http.url.query}"
    return page("queue.html", who=who, here="/console", live=live, **values)


@_for("list_tickets")
async def rows(http: Request, who: Principal) -> Response:
    """Return the rows of the queue alone."""
    return page("rows.html", **await queue_page.values(http, who))


async def moved(http: Request) -> Response:
    """Tell whenever the log has grown, for as long as the token is good."""
    try:
        who = session.reader(http)
    except SignedOut:
        return Response(status_code=401)
    moves = _moved(feed_of(http), runtime_of(http).engine)
    return LiveStream(moves, lasts_s=who.lasts_s)


async def _moved(feed: Feed, engine: AsyncEngine) -> AsyncIterator[bytes]:
    async with feed.listening():
        positions = (await head_of_log(engine)).positions
        while True:
            for news in await feed.after(positions):
                positions[news.partition] = max(positions[news.partition], news.position)
            yield b"event: moved\ndata:\n\n"


@_for("replay_ticket")
async def ticket(http: Request, who: Principal) -> Response:
    """Show a ticket at a point of its past."""
    ticket_id, history = await _history(http, who)
    asked, now = _asked(http), runtime_of(http).clock.now()
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
        proof=ticket_page.proof(history, await verification_status(runtime_of(http).engine)),
        **values,
    )


@_for("replay_ticket")
async def seen(http: Request, who: Principal) -> Response:
    """Return the part of a ticket's page that follows the slider."""
    ticket_id, history = await _history(http, who)
    now = runtime_of(http).clock.now()
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
    days = http.query_params.get("days", "3")
    if not (days.isascii() and days.isdecimal() and 1 <= int(days[:4]) <= 60):
        raise Problem(422, "malformed", "days: give 1 to 60")
    ahead = await pool_of(http).forecast(runtime_of(http).clock.now(), int(days))
    drawn = picture(bars_of(ahead))
    return page(
        "forecast.html", who=who, here="/console/forecast", seen=ahead, days=days, picture=drawn
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
    _, history = await reader_of(http).history(ticket_id, who)
    return ticket_id, history


def _asked(http: Request) -> ticket_page.Asked:
    query = http.query_params
    as_of = (query.get("at") or query.get("as_of") or "").strip()
    known_at = query.get("known_at", "").strip()
    point = point_of(_read(_WHERE, as_of, "the point"), _read(_INSTANT, known_at, "known_at"))
    return ticket_page.Asked(point, "" if isinstance(point.as_of, int) else as_of, known_at)


_WHERE: TypeAdapter[str | datetime] = TypeAdapter(Where)
_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


def _read(kind: TypeAdapter[T], text: str, name: str) -> T | None:
    """Return a field of the query, None if it is empty; raise Problem 422."""
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
