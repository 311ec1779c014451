"""Questions over the whole log: what other terms would have made of it, and what comes due."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from docket_policies.eligibility.question import Unanswerable
from docket_simulation.what_if.supposition import Supposition
from ticket_api.analysis.answers import forecast_answer, what_if_answer
from ticket_api.analysis.pool import pool_of
from ticket_api.analysis.schemas import ForecastAnswer, WhatIfAnswer
from ticket_api.auth.gate import principal_of
from ticket_api.http.answers import encoded_response
from ticket_api.http.fields import NO_NUL, Instant
from ticket_api.http.problem_docs import problems
from ticket_api.http.problems import Problem
from ticket_api.http.query import OptionalInstant, refuse_empty_period
from ticket_api.http.runtime import runtime_of

router = APIRouter(prefix="/v1/audit", tags=["audit"])

MOST_CHANGES = 1000
MOST_DAYS = 366

OptionalName = Annotated[str | None, Query(max_length=100, pattern=NO_NUL)]
SUPPOSED = (
    "answer_too_large",
    "nothing_supposed",
    "unknown_reading",
    "unknown_calendar",
    "unknown_pack",
    "unknown_offer",
    "empty_period",
    "special_conditions_wrong",
    "calendar_year_missing",
)


@router.get(
    "/what-if",
    operation_id="what_if",
    response_model=WhatIfAnswer,
    responses=problems(401, 403, codes={422: SUPPOSED, 503: ("busy",)}),
)
async def what_if(
    http: HttpRequest,
    reading: Annotated[
        tuple[str, ...], Query(max_length=20, description="another reading, as info=resume")
    ] = (),
    revision: OptionalName = None,
    targets: Annotated[
        str | None, Query(max_length=100, description="the edition whose times are taken over")
    ] = None,
    level: OptionalName = None,
    calendar: OptionalName = None,
    created_from: OptionalInstant = None,
    created_to: Annotated[Instant | None, Query(description="exclusive")] = None,
    limit: Annotated[
        int, Query(ge=0, le=MOST_CHANGES, description="name so many changes of each kind")
    ] = 100,
) -> Response:
    """Judge the tickets of the log under other terms: which breaches appear, which vanish, and why.

    Nothing is stored. One question is answered at a time; who waits for too long gets 503 and asks
    again.
    """
    principal_of(http)
    refuse_empty_period(created_from, created_to)
    now = runtime_of(http).clock.now()
    readings = dict(_reading(each) for each in reading)
    try:
        supposed = Supposition(readings, revision, targets, level, calendar)
    except Unanswerable as wrong:
        raise Problem(422, wrong.code, str(wrong)) from None
    period = (created_from, created_to)
    most = runtime_of(http).settings.answer_bytes
    shape = partial(what_if_answer, supposed.label, now, most)
    return encoded_response(await pool_of(http).what_if(supposed, period, now, limit, shape))


@router.get(
    "/forecast",
    operation_id="get_forecast",
    response_model=ForecastAnswer,
    responses=problems(401, 403, codes={422: ("answer_too_large",), 503: ("busy",)}),
)
async def get_forecast(
    http: HttpRequest, days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 3
) -> Response:
    """Return which open tickets are due for a response in which hour if nothing happens.

    What waits for somebody without a date has no deadline and is not in it.
    """
    principal_of(http)
    runtime = runtime_of(http)
    shape = partial(forecast_answer, runtime.settings.answer_bytes)
    return encoded_response(await pool_of(http).forecast(runtime.clock.now(), days, shape))


def _reading(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value
