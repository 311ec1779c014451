"""Batching: requests that come while a call is under way are collected and then made together.

The first request starts a call at once; those that arrive meanwhile go with the next one. So a
single caller never waits, and many callers share the price of a commit.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Hashable, Sequence
from time import perf_counter
from typing import Generic, TypeVar

from docket_runtime.unavailable import Unavailable

Question = TypeVar("Question")
Answer = TypeVar("Answer")

Waiting = tuple[Question, asyncio.Future[Answer], float]
"""A request, its answer to come, and since when it waits, by `perf_counter`."""

WORTH_A_CALL = 16
"""The number of requests that is worth a second call beside one that is under way."""


def _nothing(_: object) -> Collection[Hashable]:
    return ()


class BatcherClosed(Unavailable):
    """The batcher is closed; there will be no answer."""


class Batcher(Generic[Question, Answer]):
    """Pass requests to `together`, at most `limit` in a call and `calls` calls at a time.

    `together` answers each request, in order; an answer that is an exception is raised to its
    caller. What it raises itself is raised to all callers of that call. Requests that share a name
    of `apart` never go in the same call, and never overtake one another in the queue. A second call
    beside one under way is made only for many requests, no fewer than the first has.
    `note` is told since when each request of a call waited, and the answers.
    """

    def __init__(
        self,
        together: Callable[[Sequence[Question]], Awaitable[Sequence[Answer | Exception]]],
        *,
        limit: int,
        calls: int = 1,
        apart: Callable[[Question], Collection[Hashable]] = _nothing,
        note: Callable[[Sequence[float], Sequence[Answer | Exception]], None] | None = None,
    ) -> None:
        self._together = together
        self._limit = limit
        self._calls = calls
        self._apart = apart
        self._note = note
        self._waiting: deque[Waiting[Question, Answer]] = deque()
        self._under_way: dict[asyncio.Task[None], int] = {}
        self._looking = False
        self._closed = False

    def ask(self, question: Question) -> asyncio.Future[Answer]:
        """Return the answer to come, or what its call will raise; raise BatcherClosed."""
        if self._closed:
            raise BatcherClosed
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((question, future, perf_counter()))
        if not self._looking and len(self._under_way) < self._calls:
            self._looking = True
            loop.call_soon(self._look)
        return future

    async def close(self) -> None:
        """Let the calls under way end, and answer those who still wait with BatcherClosed."""
        self._closed = True
        while self._waiting:
            _, future, _ = self._waiting.popleft()
            if not future.done():
                future.set_exception(BatcherClosed())
        if self._under_way:
            await asyncio.wait(self._under_way)

    def _look(self) -> None:
        """Start the calls that can be started now."""
        self._looking = False
        while batch := self._take(self._share()):
            call = asyncio.create_task(self._answer(batch))
            self._under_way[call] = len(batch)
            call.add_done_callback(self._ended)

    def _ended(self, call: asyncio.Task[None]) -> None:
        del self._under_way[call]
        self._look()  # its callers have been woken before this, so their next requests go along

    def _share(self) -> int:
        """Return how many requests the next call has; 0 if none is to be started."""
        free = self._calls - len(self._under_way)
        waiting = len(self._waiting)
        if not free or not waiting:
            return 0
        if self._under_way and waiting < max(WORTH_A_CALL, *self._under_way.values()):
            return 0
        share = -(-waiting // free)
        return min(self._limit, share if share >= WORTH_A_CALL else waiting)

    async def _answer(self, batch: Sequence[Waiting[Question, Answer]]) -> None:
        try:
            answers = await self._together([question for question, _, _ in batch])
            assert len(answers) == len(batch), "each question has its answer"
        except Exception as fault:  # raised to each caller
            answers = [fault] * len(batch)
        for (_, future, _), answer in zip(batch, answers, strict=True):
            if future.done():  # its caller has gone away
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)
        if self._note is not None:
            self._note([asked for _, _, asked in batch], answers)

    def _take(self, most: int) -> list[Waiting[Question, Answer]]:
        taken: list[Waiting[Question, Answer]] = []
        held: list[Waiting[Question, Answer]] = []
        names: set[Hashable] = set()
        while self._waiting and len(taken) < most:
            entry = self._waiting.popleft()
            if entry[1].done():
                continue
            own = self._apart(entry[0])
            (taken if names.isdisjoint(own) else held).append(entry)
            names.update(own)
        self._waiting.extendleft(reversed(held))
        return taken
