"""Questions over the whole log: what other terms would have made of it, and what comes due."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from docket_policies.eligibility.question import Unanswerable
from docket_simulation.what_if.supposition import Supposition
from ticket_api import instants
from ticket_api.doors import doors
from ticket_api.openapi import problems
from ticket_api.points import utc
from ticket_api.problems import Problem
from ticket_api.supposition_schemas import ForecastAnswer, WhatIfAnswer

router = APIRouter(prefix="/v1/audit", tags=["audit"])

MOST_CHANGES = 1000
MOST_DAYS = 366

Name = Annotated[str | None, Query(max_length=100, pattern=r"^[^\x00]*$")]
Instant = Annotated[instants.Instant | None, Query(description="RFC 3339 with a zone")]
SUPPOSED = (
    "nothing_supposed",
    "unknown_reading",
    "unknown_calendar",
    "unknown_pack",
    "unknown_offer",
    "special_conditions_wrong",
    "calendar_year_missing",
)


@router.get(
    "/what-if",
    operation_id="what_if",
    response_model=WhatIfAnswer,
    responses=problems(401, 403, codes={422: SUPPOSED, 503: ("busy", "unavailable")}),
)
async def what_if(
    http: HttpRequest,
    reading: Annotated[
        tuple[str, ...], Query(max_length=20, description="another reading, as info=resume")
    ] = (),
    revision: Name = None,
    targets: Annotated[
        str | None, Query(max_length=100, description="the edition whose times are taken over")
    ] = None,
    level: Name = None,
    calendar: Name = None,
    created_from: Instant = None,
    created_to: Annotated[instants.Instant | None, Query(description="exclusive")] = None,
    limit: Annotated[
        int, Query(ge=0, le=MOST_CHANGES, description="name so many changes of each kind")
    ] = 100,
) -> Response:
    """Judge the tickets of the log under other terms: which breaches appear, which vanish, and why.

    Nothing is stored. One question is answered at a time; who comes meanwhile gets 503 and asks
    again.
    """
    at_hand = doors(http)
    at_hand.principal(http)
    now = at_hand.clock.now()
    readings = dict(_reading(said) for said in reading)
    try:
        supposed = Supposition(readings, revision, targets, level, calendar)
    except Unanswerable as wrong:
        raise Problem(422, wrong.code, str(wrong)) from None
    period = (utc(created_from), utc(created_to))
    tally = await at_hand.judging.what_if(supposed, period, now, limit)
    return _json({"supposed": supposed.label, "at": now, "sum": tally.sum, **_told(tally)})


@router.get(
    "/forecast",
    operation_id="get_forecast",
    response_model=ForecastAnswer,
    responses=problems(401, 403, codes={503: ("busy", "unavailable")}),
)
async def get_forecast(
    http: HttpRequest, days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 3
) -> Response:
    """Return which open tickets are due for a response in which hour if nothing happens.

    What waits for somebody without a date has no deadline and is not in it.
    """
    at_hand = doors(http)
    at_hand.principal(http)
    found = await at_hand.judging.forecast(at_hand.clock.now(), days)
    told = _told(found)
    hours = [{"from": cell["from_"], **_without(cell, "from_")} for cell in _told(found.hours)]
    return _json({**told, "hours": hours})


def _reading(said: str) -> tuple[str, str]:
    name, _, value = said.partition("=")
    return name, value


def _told(value: Any) -> Any:
    return msgspec.to_builtins(value, builtin_types=(datetime,))


def _without(told: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in told.items() if key != name}


def _json(body: Any) -> Response:
    encoded = msgspec.json.encode(body)
    return Response(encoded, headers={"Cache-Control": "no-store"}, media_type="application/json")
