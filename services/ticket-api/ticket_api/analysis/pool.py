"""Long questions over many histories, answered in a process of their own, one at a time.

Counting thousands of clocks would hold up every other request; the process that does it reads the
log over its own connection and leaves nothing behind.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from multiprocessing import get_context
from typing import TypeVar, cast

from starlette.requests import Request as HttpRequest

from docket_policies.calendars.opentime import OutsideCoverage
from docket_policies.eligibility.question import Unanswerable
from docket_runtime.database import Database
from docket_runtime.store.isolated_reading import SetAside
from docket_runtime.store.scan import CreatedWithin, every_history, histories_under_way
from docket_runtime.unavailable import Unavailable
from docket_simulation.what_if.forecast import Forecast, deadlines_of, forecast
from docket_simulation.what_if.supposition import Supposition
from docket_simulation.what_if.tally import Tally, tally_of
from ticket_api.http.problems import Problem, unavailable

PATIENCE_S = 120

T = TypeVar("T")


class AnalysisPool:
    """Asks one long question at a time; others get 503 meanwhile and try again."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._busy = asyncio.Lock()
        self._pool: ProcessPoolExecutor | None = None

    async def what_if(
        self, supposed: Supposition, period: CreatedWithin, at: datetime, most: int
    ) -> Tally:
        """Return what a supposition changes in the tickets created in a period, as of `at`.

        Raise Problem 503 while another question is under way or the log is out of reach, 422 where
        the supposition does not fit a ticket or no calendar knows its years.
        """
        return await self._ask(_what_if, supposed, period, at, most)

    async def forecast(self, at: datetime, days: int) -> Forecast:
        """Return what comes due within so many days; raise as `what_if` does."""
        return await self._ask(_forecast, at, days)

    def close(self) -> None:
        """End the process of the questions."""
        if self._pool is not None:
            for process in list(self._pool._processes.values()):
                process.terminate()
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    async def _ask(self, question: Callable[..., Awaitable[T]], *asked: object) -> T:
        if self._busy.locked():
            raise _later("another question over the whole log is under way")
        async with self._busy:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
            loop = asyncio.get_running_loop()
            work = loop.run_in_executor(self._pool, _run, question, self._database, *asked)
            try:
                answer = await asyncio.wait_for(work, PATIENCE_S)
            except TimeoutError:
                self.close()
                raise _later(f"the question took longer than {PATIENCE_S} s") from None
            except BrokenProcessPool:
                self.close()
                raise _later("the question's process was ended") from None
        if isinstance(answer, _Failure):
            raise answer.problem
        return answer


def pool_of(http: HttpRequest) -> AnalysisPool:
    """Return the pool of long questions of the application that got the request."""
    return cast(AnalysisPool, http.app.state.pool)


def _later(why: str) -> Problem:
    return Problem(503, "busy", f"{why}; ask again", headers={"Retry-After": "10"})


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why there is no answer, in a shape that goes from one process to another."""

    code: str
    detail: str

    @property
    def problem(self) -> Problem:
        """Return the Problem to answer with."""
        if self.code == "unavailable":
            return unavailable()
        return Problem(422, self.code, self.detail)


def _run(question: Callable[..., Awaitable[T]], database: Database, *asked: object) -> T | _Failure:
    async def run() -> T:
        return await question(database, *asked)

    try:
        return asyncio.run(run())
    except Unavailable:
        return _Failure("unavailable", "")
    except (Unanswerable, OutsideCoverage) as wrong:
        return _Failure(wrong.code, str(wrong))


async def _what_if(
    database: Database, supposed: Supposition, created: CreatedWithin, at: datetime, most: int
) -> Tally:
    connection, set_aside = await database.connect(), SetAside()
    try:
        async with aclosing(every_history(connection, set_aside, created)) as histories:
            tally = await tally_of(histories, supposed, at, most)
    finally:
        await connection.close()
    tally.set_aside = set_aside.ids
    return tally


async def _forecast(database: Database, at: datetime, days: int) -> Forecast:
    connection, set_aside = await database.connect(), SetAside()
    try:
        async with aclosing(histories_under_way(connection, set_aside)) as histories:
            dues = await deadlines_of(histories, at)
    finally:
        await connection.close()
    ahead = forecast(dues, at, at + timedelta(days=days))
    return replace(ahead, set_aside=set_aside.ids)
