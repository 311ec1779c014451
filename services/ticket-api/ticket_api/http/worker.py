"""Long questions answered in a process of their own, one at a time, and ended when they take long.

What counts for seconds there would hold up every other request here: the answer is written as JSON
over there too.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TypeVar

from docket_runtime.process import logs
from ticket_api.http.failure import Failure
from ticket_api.http.problems import Problem, unavailable

TURN_S = 10.0
LOADED = ["ticket_api.analysis.pool", "ticket_api.analysis.answers", "ticket_api.terms.simulation"]
"""What the process from which workers are forked has loaded, once for all of them."""

T = TypeVar("T")


class Worker:
    """A process that answers questions, each within so many seconds; the first one starts it."""

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._context = get_context("forkserver")
        self._context.set_forkserver_preload(LOADED)
        self._turn = asyncio.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._start: asyncio.Task[ProcessPoolExecutor] | None = None

    async def ask(self, question: Callable[..., T | Failure], *asked: object) -> T:
        """Return what a function answers over there; both it and the answer must be picklable.

        Raise Problem 503 where others are before for too long or the answer takes too long, and
        what the function returns as a Failure.
        """
        try:
            await asyncio.wait_for(self._turn.acquire(), TURN_S)
        except TimeoutError:
            raise _later("other long questions are under way") from None
        try:
            answer = await self._answer(await self._started(), question, *asked)
        finally:
            self._turn.release()
        if isinstance(answer, Failure):
            raise _problem(answer)
        return answer

    def close(self) -> None:
        """End the process with what it is at."""
        if self._start is not None:
            self._start.cancel()
            self._start = None
        if self._pool is not None:
            for process in list(self._pool._processes.values()):
                process.terminate()
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    async def _started(self) -> ProcessPoolExecutor:
        """Return the pool of the process; who goes before it is there leaves it to the next."""
        if self._start is None or (self._start.done() and self._pool is None):
            self._start = asyncio.create_task(self._start_process())
        return await asyncio.shield(self._start)

    async def _start_process(self) -> ProcessPoolExecutor:
        self._pool = pool = ProcessPoolExecutor(1, self._context, _begin)
        try:  # in a thread, for the first start waits until the other side has loaded everything
            await asyncio.wrap_future(await asyncio.to_thread(pool.submit, os.getpid))
        except BrokenProcessPool:
            self._pool = None
            raise _later("the process of the questions did not start") from None
        return pool

    async def _answer(
        self, pool: ProcessPoolExecutor, question: Callable[..., T], *asked: object
    ) -> T:
        work = asyncio.get_running_loop().run_in_executor(pool, question, *asked)
        try:
            return await asyncio.wait_for(work, self._patience_s)
        except TimeoutError:
            self.close()
            raise _later(f"the question took longer than {self._patience_s:g} s") from None
        except BrokenProcessPool:
            self.close()
            raise _later("the question's process was ended") from None
        except asyncio.CancelledError:
            self.close()
            raise


def _begin() -> None:
    logs.configure("ticket-api")
    _end_with_parent()


def _end_with_parent() -> None:
    """Let a worker end when the process that asks it has ended in any way."""
    parent = parent_process()
    assert parent is not None, "a worker has a parent"

    def follow() -> None:
        parent.join()
        os._exit(1)

    Thread(target=follow, daemon=True).start()


def _problem(failure: Failure) -> Problem:
    if failure.code == "unavailable":
        return unavailable(failure.detail)
    return Problem(422, failure.code, failure.detail)


def _later(why: str) -> Problem:
    return Problem(503, "busy", f"{why}; ask again", headers={"Retry-After": "10"})
