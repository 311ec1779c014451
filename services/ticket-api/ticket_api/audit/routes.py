"""The auditor's questions over many tickets: the log, pauses, breaches, timers."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from sqlalchemy import func, select
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from docket_audit.breaches import Breach, breaches, figures
from docket_audit.pauses import Pause, pauses, sums
from docket_audit.replay import Replay
from docket_audit.report_views import breach_told, pause_told
from docket_policies.deadlines.timer import Owner
from docket_runtime.schema.tables import tickets, timers
from ticket_api.audit.known_names import refuse_unknown_account
from ticket_api.audit.log import AFTER, LogFilters, position_after, read_log
from ticket_api.audit.period import ReportPeriod, ReportScope, each_ticket, period_of
from ticket_api.audit.schemas import BreachReport, LogEvents, PauseReport, TimerList
from ticket_api.auth.gate import principal_of
from ticket_api.http.answers import json_response
from ticket_api.http.log_position import MAX_ID, head_of_log
from ticket_api.http.problem_docs import problems
from ticket_api.http.query import From, OptionalInstant, OptionalWord, To
from ticket_api.http.runtime import runtime_of
from ticket_api.tickets.reader import histories_of

router = APIRouter(prefix="/v1/audit", tags=["audit"])

MOST_EVENTS = 1000
MOST_TIMERS = 500

REPORTED = problems(
    401,
    403,
    503,
    codes={409: ("period_too_long",), 422: ("empty_period", "unknown_account")},
)


@router.get(
    "/events",
    operation_id="read_log",
    response_model=LogEvents,
    responses=problems(401, 403, 410, 503, codes={422: ("beyond_the_end",)}),
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
    type: OptionalWord = None,
    actor: OptionalWord = None,
    limit: Annotated[int, Query(ge=1, le=MOST_EVENTS)] = 100,
) -> Response:
    """Return the log as it is stored, in the order of its positions, from a place on.

    `next_after` goes on where the page ends, also at the end of the log; `more` says whether there
    is more already.
    """
    principal_of(http)
    engine = runtime_of(http).engine
    position = position_after(after, await head_of_log(engine))
    page = await read_log(engine, position, LogFilters(type, actor), limit)
    return json_response({"items": page.items, "next_after": str(page.position), "more": page.more})


@router.get("/pauses", operation_id="report_pauses", response_model=PauseReport, responses=REPORTED)
async def report_pauses(
    http: HttpRequest,
    from_: From = None,
    to: To = None,
    account: OptionalWord = None,
    by: Annotated[Literal["agent", "team"] | None, Query(description="only this sum")] = None,
) -> Response:
    """Return who stopped the clock in a period, for how long, and what it gained (R-6.8, R-6.6).

    A pause belongs to the period in which it began. `gained_s` are open seconds of its calendar
    that did not count, `forgiven_s` what had been consumed when it ended in a new full turn.
    """
    period = await _about(http, from_, to, account)

    def of_ticket(replay: Replay) -> list[tuple[dict[str, Any], Pause]]:
        return [
            (_ticket(replay), pause)
            for pause in pauses(replay)
            if period.from_ <= pause.from_ < period.to
        ]

    reported, scope = await each_ticket(
        runtime_of(http).engine, histories_of(http), period, runtime_of(http).clock.now(), of_ticket
    )
    only = [pause for _, pause in reported]
    return json_response(
        {
            **_head(period, scope),
            **{
                f"by_{name}": [asdict(each) for each in sums(only, name)]
                for name in ("agent", "team")
                if by in (None, name)
            },
            "pauses": [{**ticket, **pause_told(pause)} for ticket, pause in reported],
        }
    )


@router.get(
    "/breaches", operation_id="report_breaches", response_model=BreachReport, responses=REPORTED
)
async def report_breaches(
    http: HttpRequest, from_: From = None, to: To = None, account: OptionalWord = None
) -> Response:
    """Return the breaches of a period with their excuses beside them; both figures stay (C-09).

    A breach belongs to the period in which its deadline was told as passed, or passed.
    """
    period = await _about(http, from_, to, account)

    def of_ticket(replay: Replay) -> list[tuple[dict[str, Any], Breach]]:
        return [
            (_ticket(replay), breach)
            for breach in breaches(replay)
            if period.from_ <= _since(breach) < period.to
        ]

    reported, scope = await each_ticket(
        runtime_of(http).engine, histories_of(http), period, runtime_of(http).clock.now(), of_ticket
    )
    return json_response(
        {
            **_head(period, scope),
            "figures": figures(breach for _, breach in reported),
            "breaches": [{**ticket, **breach_told(breach)} for ticket, breach in reported],
        }
    )


@router.get(
    "/timers",
    operation_id="list_timers",
    response_model=TimerList,
    responses=problems(401, 403, 422, 503),
)
async def list_timers(
    http: HttpRequest,
    due_before: OptionalInstant = None,
    owner: Owner | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST_TIMERS)] = 100,
) -> Response:
    """Return the timers that are armed, the next to fire first; each names its clause.

    `total` says how many there are beside those that `limit` leaves out.
    """
    principal_of(http)
    query = select(timers, tickets.c.number).select_from(
        timers.outerjoin(
            tickets,
            (tickets.c.partition == timers.c.partition)
            & (tickets.c.ticket_id == timers.c.ticket_id),
        )
    )
    if due_before is not None:
        query = query.where(timers.c.fires_at < due_before)
    if owner is not None:
        query = query.where(timers.c.owner == owner)
    order = (timers.c.fires_at, timers.c.ticket_id, timers.c.name, timers.c.key)
    async with runtime_of(http).engine.connect() as connection:
        rows = (await connection.execute(query.order_by(*order).limit(limit))).mappings().all()
        counted = select(func.count()).select_from(query.subquery())
        total = (await connection.execute(counted)).scalar_one()
    return json_response({"items": [{**row} for row in rows], "total": total})


async def _about(
    http: HttpRequest, from_: datetime | None, to: datetime | None, account: str | None
) -> ReportPeriod:
    await refuse_unknown_account(http, principal_of(http), account)
    return period_of(from_, to, runtime_of(http).clock.now(), account)


def _since(breach: Breach) -> datetime:
    since = breach.told_due_at or breach.breached_at
    assert since is not None, "a breach was announced, or it stands"
    return since


def _ticket(replay: Replay) -> dict[str, Any]:
    ticket = replay.ticket
    return {"ticket_id": ticket.id, "number": ticket.number, "account_id": ticket.account_id}


def _head(period: ReportPeriod, scope: ReportScope) -> dict[str, Any]:
    return {
        "from": period.from_,
        "to": period.to,
        "tickets": scope.tickets,
        "uncounted": scope.uncounted,
        "set_aside": scope.set_aside,
    }
