"""The routes of the console: its pages and their parts; those of one ticket have a module."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs

from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from docket_audit.extent import first_of
from docket_simulation.what_if.forecast import picture as bars_of
from ticket_api.analysis.pool import as_it_is, pool_of
from ticket_api.auth.tokens import Principal
from ticket_api.console import queue_page, session, suppose, ticket_routes
from ticket_api.console.gate import keeping_form, page_for, whole_page
from ticket_api.console.pages import page, picture
from ticket_api.console.session import SignedOut
from ticket_api.http.log_position import head_of_log
from ticket_api.http.plain_route import PlainRoute
from ticket_api.http.problems import Problem
from ticket_api.http.rates import take_anonymous
from ticket_api.http.runtime import runtime_of
from ticket_api.http.sse import LiveStream
from ticket_api.streams.feed import Feed, feed_of

STATIC = Path(__file__).parent / "static"
MOST_DAYS, MOST_NAMES = 60, 12


async def sign_in(http: Request) -> Response:
    """Take a token from the form and keep it in the browser."""
    session.refuse_other_sites(http)
    take_anonymous(http.scope)
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
    session.refuse_other_sites(http)
    answer = RedirectResponse("/console", 303)
    session.sign_out(http, answer)
    return answer


@page_for("list_tickets")
async def queue(http: Request, who: Principal) -> Response:
    """Show the tickets by what is due next; kept fresh while the page is open."""
    offered = queue_page.choices()
    with keeping_form("forms/queue.html", asked=queue_page.asked_of(http), **offered):
        values = await queue_page.values(http, who)
    live = f"/console/rows?{http.url.query}"
    return whole_page("queue.html", http, who, here="/console", live=live, **offered, **values)


@page_for("list_tickets")
async def rows(http: Request, who: Principal) -> Response:
    """Return the rows of the queue alone."""
    return page("rows.html", **await queue_page.values(http, who))


async def signed_in(http: Request) -> Response:
    """Answer 204 while the reader is signed in, 401 when no longer."""
    try:
        session.reader(http)
    except SignedOut:
        return Response(status_code=401)
    return Response(status_code=204)


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


@page_for("get_forecast")
async def forecast(http: Request, who: Principal) -> Response:
    """Show what comes due in the coming days if nothing happens."""
    days = http.query_params.get("days", "3").strip()
    with keeping_form("forms/forecast.html", days=days):
        if not (days.isascii() and days.isdecimal() and 1 <= int(days[:9]) <= MOST_DAYS):
            raise Problem(422, "malformed", f"{days[:20]!r} is no number of days: 1 to {MOST_DAYS}")
        now = runtime_of(http).clock.now()
        ahead = await pool_of(http).forecast(now, int(days), as_it_is)
    shown = {
        "seen": ahead,
        "days": days,
        "picture": picture(bars_of(ahead)) if ahead.ahead else "",
        "late": first_of([due.ticket for due in ahead.late], MOST_NAMES),
        "hours": [(cell, first_of(cell.tickets, MOST_NAMES)) for cell in ahead.hours],
    }
    return whole_page("forecast.html", http, who, here="/console/forecast", **shown)


@page_for("what_if")
async def what_if(http: Request, who: Principal) -> Response:
    """Show what other terms would have made of the tickets of a period."""
    form = {"asked": suppose.asked_of(http), **suppose.choices()}
    with keeping_form("forms/what_if.html", **form):
        values = await suppose.answered(http, suppose.asked_of(http))
    return whole_page("what_if.html", http, who, here="/console/what-if", **form, **values)


ROUTES = [
    PlainRoute("/console", queue, methods=["GET"]),
    PlainRoute("/console/rows", rows, methods=["GET"]),
    PlainRoute("/console/signed-in", signed_in, methods=["GET"]),
    PlainRoute("/console/moved", moved, methods=["GET"]),
    PlainRoute("/console/sign-in", sign_in, methods=["POST"]),
    PlainRoute("/console/sign-out", sign_out, methods=["POST"]),
    *ticket_routes.ROUTES,
    PlainRoute("/console/forecast", forecast, methods=["GET"]),
    PlainRoute("/console/what-if", what_if, methods=["GET"]),
    Mount("/console/static", StaticFiles(directory=STATIC)),
]
