"""The auditor's questions over many tickets: the log, pauses, breaches, timers."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Query
from sqlalchemy import select
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from docket_audit.breaches import Breach, breaches, figures
from docket_audit.pauses import Pause, pauses, sums
from docket_audit.replay import Replay
from docket_audit.report_views import breach_told, pause_told
from docket_runtime.schema.tables import tickets, timers
from ticket_api import instants
from ticket_api.audit_log import AFTER, LogFilters, place_after, read_log
from ticket_api.audit_schemas import BreachReport, LogEvents, PauseReport, TimerList
from ticket_api.doors import Doors, doors
from ticket_api.openapi import problems
from ticket_api.period import Judged, Period, each_ticket, period_of
from ticket_api.place import MAX_ID
from ticket_api.points import utc

router = APIRouter(prefix="/v1/audit", tags=["audit"])

MOST_EVENTS = 1000
MOST_TIMERS = 500

Short = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")]
Instant = Annotated[instants.Instant | None, Query(description="RFC 3339 with a zone")]
From = Annotated[
    instants.Instant | None, Query(alias="from", description="30 days before `to` if left out")
]
To = Annotated[instants.Instant | None, Query(description="exclusive; the present if left out")]
REPORTED = problems(401, 403, 422, 503, codes={409: ("period_too_long",)})


@router.get(
    "/events",
    operation_id="read_log",
    response_model=LogEvents,
    responses=problems(401, 403, 410, 422, 503),
)
async def log(
    http: HttpRequest,
    after: Annotated[
        str,
        Query(
            max_length=MAX_ID,
            pattern=f"^({AFTER})$",
            description="`next_after` of a page, a position, or -20: the last 20",
        ),
    ] = "0",
    type: Short = None,
    actor: Short = None,
    limit: Annotated[int, Query(ge=1, le=MOST_EVENTS)] = 100,
) -> Response:
    """Return the log as it is stored, in the order of its positions, from a place on.

    `next_after` goes on where the page ends, also at the end of the log; `more` says whether there
    is more already.
    """
    at_hand = doors(http)
    at_hand.principal(http)
    place = place_after(after, await at_hand.feed.place())
    filters = LogFilters(type, actor)
    page = await read_log(at_hand.engine, place, filters, limit)
    return _json({"items": page.items, "next_after": str(page.place), "more": page.more})


@router.get("/pauses", operation_id="report_pauses", response_model=PauseReport, responses=REPORTED)
async def report_pauses(
    http: HttpRequest,
    from_: From = None,
    to: To = None,
    account: Short = None,
    by: Annotated[Literal["agent", "team"] | None, Query(description="only this sum")] = None,
) -> Response:
    """Return who stopped the clock in a period, for how long, and what it gained (R-6.8, R-6.6).

    A pause belongs to the period in which it began. `gained_s` are open seconds of its calendar
    that did not count, `forgiven_s` what had been consumed when it ended in a new full turn.
    """
    at_hand, period = _about(http, from_, to, account)

    def of_ticket(replay: Replay) -> list[tuple[dict[str, Any], Pause]]:
        return [
            (_ticket(replay), pause)
            for pause in pauses(replay)
            if period.from_ <= pause.from_ < period.to
        ]

    found, judged = await each_ticket(
        at_hand.engine, at_hand.histories, period, at_hand.clock.now(), of_ticket
    )
    only = [pause for _, pause in found]
    return _json(
        {
            **_head(period, judged),
            **{
                f"by_{name}": [asdict(each) for each in sums(only, name)]
                for name in ("agent", "team")
                if by in (None, name)
            },
            "pauses": [{**ticket, **pause_told(pause)} for ticket, pause in found],
        }
    )


@router.get(
    "/breaches", operation_id="report_breaches", response_model=BreachReport, responses=REPORTED
)
async def report_breaches(
    http: HttpRequest, from_: From = None, to: To = None, account: Short = None
) -> Response:
    """Return the breaches of a period with their excuses beside them; both figures stay (C-09).

    A breach belongs to the period in which its deadline was told as passed, or passed.
    """
    at_hand, period = _about(http, from_, to, account)

    def of_ticket(replay: Replay) -> list[tuple[dict[str, Any], Breach]]:
        return [
            (_ticket(replay), breach)
            for breach in breaches(replay)
            if period.from_ <= _since(breach) < period.to
        ]

    found, judged = await each_ticket(
        at_hand.engine, at_hand.histories, period, at_hand.clock.now(), of_ticket
    )
    return _json(
        {
            **_head(period, judged),
            "figures": figures(breach for _, breach in found),
            "breaches": [{**ticket, **breach_told(breach)} for ticket, breach in found],
        }
    )


@router.get("/timers", operation_id="list_timers", response_model=TimerList, responses=REPORTED)
async def list_timers(
    http: HttpRequest,
    due_before: Instant = None,
    owner: Short = None,
    limit: Annotated[int, Query(ge=1, le=MOST_TIMERS)] = 100,
) -> Response:
    """Return the timers that are armed, the next to fire first; each names its clause."""
    at_hand = doors(http)
    at_hand.principal(http)
    query = select(timers, tickets.c.number).select_from(
        timers.outerjoin(
            tickets,
            (tickets.c.partition == timers.c.partition)
            & (tickets.c.ticket_id == timers.c.ticket_id),
        )
    )
    before = utc(due_before)
    if before is not None:
        query = query.where(timers.c.fires_at < before)
    if owner is not None:
        query = query.where(timers.c.owner == owner)
    query = query.order_by(timers.c.fires_at, timers.c.ticket_id, timers.c.name, timers.c.key)
    async with at_hand.engine.connect() as connection:
        rows = (await connection.execute(query.limit(limit))).mappings().all()
    return _json({"items": [{**row} for row in rows]})


def _about(
    http: HttpRequest, from_: datetime | None, to: datetime | None, account: str | None
) -> tuple[Doors, Period]:
    at_hand = doors(http)
    at_hand.principal(http)
    return at_hand, period_of(utc(from_), utc(to), at_hand.clock.now(), account)


def _since(breach: Breach) -> datetime:
    since = breach.told_due_at or breach.breached_at
    assert since is not None, "a breach was told, or it stands"
    return since


def _ticket(replay: Replay) -> dict[str, Any]:
    ticket = replay.ticket
    return {"ticket_id": ticket.id, "number": ticket.number, "account_id": ticket.account_id}


def _head(period: Period, judged: Judged) -> dict[str, Any]:
    return {
        "from": period.from_,
        "to": period.to,
        "tickets": judged.tickets,
        "uncounted": judged.uncounted,
    }


def _json(body: Any) -> Response:
    encoded = msgspec.json.encode(body)
    return Response(encoded, headers={"Cache-Control": "no-store"}, media_type="application/json")
