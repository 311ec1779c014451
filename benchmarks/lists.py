"""A page of the list of tickets: the first one, and the thousandth, in each of the sorts.

The read model holds 100,000 tickets of a hundred accounts, nine in ten of them with a due date. A
page is asked of the function behind `GET /v1/tickets`, as an agent; the thousandth is the one that
a walk of 999 pages arrives at. What a page costs must not depend on where it is.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

import uvloop
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.figures import Effort, Figure, Subject, by_turns
from benchmarks.servers import BenchDatabase, Servers
from docket_lifecycle.state.ticket import Status
from docket_runtime.database import Database
from ticket_api.auth.tokens import Principal
from ticket_api.tickets.list_order import Sort
from ticket_api.tickets.ticket_list import Filters, Page, list_tickets

TICKETS, PAGE, FAR = 100_000, 50, 1_000
ASKED, STRIDE = 20, 5_000
GOAL = 1.5
NOW = datetime(2026, 6, 8, tzinfo=UTC)
EVERYTHING = Filters()
AGENT = Principal("agent", "max", None, 2**31, "any")

_TICKETS = """
    insert into docket.tickets
    select 0, gen_random_uuid(), 1, 'DKT-' || n, 'account ' || n % 100, 'ann',
        (array['open', 'open', 'open', 'closed', 'final'])[n % 5 + 1], 'provider',
        (array['Low', 'Low', 'Medium', 'High', 'Emergency'])[n / 5 % 5 + 1],
        'VMmanager 6', 'client_area', 'regulations', 'R-2025-03-27', null, false,
        '2026-01-01Z'::timestamptz + n * interval '1 minute',
        '2026-06-01Z'::timestamptz - n * 7919 % 100000 * interval '1 second'
    from generate_series(1, {tickets}) as n
"""
_CLOCKS = """
    insert into docket.clocks
    select partition, ticket_id, 1, 1, 'running', priority, 'R-6.7-a',
        case when random() < 0.9 then updated_at + interval '4 hours' end, 14400, 0, false, null,
        updated_at
    from docket.tickets
"""


@dataclass(frozen=True, slots=True)
class Walk:
    """A list to go through; `far` is the number of the last page that is asked for."""

    name: str
    sort: Sort
    filters: Filters = EVERYTHING
    far: int = FAR


WALKS = (
    Walk("newest first", "-created_at"),
    Walk("open, newest first", "-created_at", Filters(status=(Status.OPEN,))),
    Walk(
        "not ended, newest first",
        "-created_at",
        Filters(status=(Status.OPEN, Status.CLOSING, Status.CLOSED)),
    ),
    Walk("of an account, newest first", "-created_at", Filters(account="account 7"), far=15),
    Walk("next due first", "due_at"),
    Walk("open, next due first", "due_at", Filters(status=(Status.OPEN,))),
    Walk("emergencies first", "-priority"),
    Walk("last changed first", "-updated_at"),
    Walk("by number", "number"),
)


def run(servers: Servers, effort: Effort) -> Subject:
    """Measure the milliseconds of a page near and far, and hold the far one against the near."""
    scale = min(1.0, effort.scale * 5)  # a walk over few tickets would show nothing
    with servers.database() as database:
        servers.execute(database, _TICKETS.format(tickets=round(TICKETS * scale)))
        servers.execute(database, _CLOCKS)
        servers.execute(database, "analyze docket.tickets, docket.clocks")
        figures = [
            figure
            for walk in WALKS
            for figure in uvloop.run(_measure(database, walk, effort.rounds))
        ]
    return Subject("list", tuple(figures))


async def _measure(database: BenchDatabase, walk: Walk, rounds: int) -> tuple[Figure, Figure]:
    engine = Database(database.url("docket_ticket_api"), "bench").engine(connections=1)
    try:
        far = await _walk(engine, walk)
        taken = [
            (await _ask(engine, walk, None), await _ask(engine, walk, far)) for _ in range(rounds)
        ]
    finally:
        await engine.dispose()
    near, late = (tuple(one[n] for one in taken) for n in (0, 1))
    ratio = by_turns(late, near)
    return (
        Figure(f"{walk.name}: first page", "ms", near),
        Figure(
            f"{walk.name}: page {walk.far:,}", "ms", late, "first page", ratio, GOAL, at_most=True
        ),
    )


async def _walk(engine: AsyncEngine, walk: Walk) -> str | None:
    """Return the cursor of the last page of a walk, gone in strides of many pages."""
    cursor, left = None, (walk.far - 1) * PAGE
    while left:
        stride = min(left, STRIDE)
        cursor = (await _page(engine, walk, cursor, stride)).next_cursor
        assert cursor is not None, "the list has so many pages"
        left -= stride
    return cursor


async def _ask(engine: AsyncEngine, walk: Walk, cursor: str | None) -> float:
    """Return the median of the milliseconds that a page takes."""
    taken: list[float] = []
    for _ in range(ASKED):
        began = perf_counter()
        page = await _page(engine, walk, cursor)
        taken.append((perf_counter() - began) * 1000)
        assert len(page.items) == PAGE, "a full page"
    return median(taken)


async def _page(engine: AsyncEngine, walk: Walk, cursor: str | None, limit: int = PAGE) -> Page:
    return await list_tickets(
        engine, AGENT, walk.filters, sort=walk.sort, limit=limit, cursor=cursor, now=NOW
    )
