"""Long questions over many histories, answered in a process of their own, one at a time.

That process reads the log over its own connection and leaves nothing behind.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar, cast

from starlette.requests import Request as HttpRequest

from docket_policies.calendars.opentime import OutsideCoverage
from docket_policies.eligibility.question import Unanswerable
from docket_runtime.database import Database
from docket_runtime.process.fault_causes import causes_of
from docket_runtime.store.isolated_reading import SetAside
from docket_runtime.store.scan import CreatedWithin, every_history, histories_under_way
from docket_runtime.unavailable import Unavailable
from docket_simulation.what_if.forecast import Forecast, deadlines_of, forecast
from docket_simulation.what_if.supposition import Supposition
from docket_simulation.what_if.tally import Tally, tally_of
from ticket_api.http.failure import Failure
from ticket_api.http.worker import Worker

T = TypeVar("T")
R = TypeVar("R")


class AnalysisPool:
    """Asks one long question at a time; others wait for a moment, then get 503."""

    def __init__(self, database: Database, *, patience_s: float) -> None:
        self._database = database
        self._worker = Worker(patience_s)

    async def what_if(
        self,
        supposed: Supposition,
        period: CreatedWithin,
        at: datetime,
        most: int,
        shape: Callable[[Tally], R | Failure],
    ) -> R:
        """Return what a supposition changes in the tickets created in a period, as of `at`.

        `shape` makes the answer of it, over there. Raise Problem 503 while others ask or the log
        is out of reach, 422 where the supposition does not fit a ticket or no calendar knows its
        years.
        """
        return await self._ask(shape, _what_if, supposed, period, at, most)

    async def forecast(
        self, at: datetime, days: int, shape: Callable[[Forecast], R | Failure]
    ) -> R:
        """Return what comes due within so many days; shape and raise as `what_if` does."""
        return await self._ask(shape, _forecast, at, days)

    def close(self) -> None:
        """End the process of the questions."""
        self._worker.close()

    async def _ask(
        self,
        shape: Callable[[T], R | Failure],
        question: Callable[..., Awaitable[T]],
        *asked: object,
    ) -> R:
        return await self._worker.ask(_run, shape, question, self._database, *asked)


def as_it_is(value: T) -> T:
    """Return a value, for those who want it in no other shape."""
    return value


def pool_of(http: HttpRequest) -> AnalysisPool:
    """Return the pool of long questions of the application that got the request."""
    return cast(AnalysisPool, http.app.state.pool)


def _run(
    shape: Callable[[T], R | Failure],
    question: Callable[..., Awaitable[T]],
    database: Database,
    *asked: object,
) -> R | Failure:
    async def run() -> T:
        return await question(database, *asked)

    try:
        return shape(asyncio.run(run()))
    except Unavailable as out_of_reach:
        return Failure("unavailable", "; ".join(causes_of(out_of_reach)))
    except (Unanswerable, OutsideCoverage) as wrong:
        return Failure(wrong.code, str(wrong))


async def _what_if(
    database: Database, supposed: Supposition, created: CreatedWithin, at: datetime, most: int
) -> Tally:
    connection, set_aside = await database.connect(), SetAside()
    try:
        async with aclosing(every_history(connection, set_aside, created)) as histories:
            tally = await tally_of(histories, supposed, at, most, set_aside.add)
    finally:
        await connection.close()
    tally.set_aside = set_aside.ids
    return tally


async def _forecast(database: Database, at: datetime, days: int) -> Forecast:
    connection, set_aside = await database.connect(), SetAside()
    try:
        async with aclosing(histories_under_way(connection, set_aside)) as histories:
            dues = await deadlines_of(histories, at, set_aside.add)
    finally:
        await connection.close()
    ahead = forecast(dues, at, at + timedelta(days=days))
    return replace(ahead, set_aside=set_aside.ids)
