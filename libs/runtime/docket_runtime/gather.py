"""Group work: calls that come while one is under way are collected and then made together.

The first call goes at once; what arrives during its journey goes with the next one. So a lonely
caller waits for nobody, and many callers share the price of a commit.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Hashable, Sequence
from typing import Generic, TypeVar

from docket_runtime.store.model import Unavailable

Question = TypeVar("Question")
Answer = TypeVar("Answer")


def _nothing(_: object) -> Collection[Hashable]:
    return ()


class Closed(Unavailable):
    """The gathering has ended; nobody will answer."""


class Gather(Generic[Question, Answer]):
    """Hand questions to `together`, at most `limit` at a time and one call under way.

    `together` answers each question, in order; an answer that is an exception is raised to the one
    who asked. What it raises itself is raised to all of that call. Questions that share a name of
    `apart` never go in the same call, and never overtake one another.
    """

    def __init__(
        self,
        together: Callable[[Sequence[Question]], Awaitable[Sequence[Answer | Exception]]],
        *,
        limit: int,
        apart: Callable[[Question], Collection[Hashable]] = _nothing,
    ) -> None:
        self._together = together
        self._limit = limit
        self._apart = apart
        self._waiting: deque[tuple[Question, asyncio.Future[Answer]]] = deque()
        self._work: asyncio.Task[None] | None = None
        self._closed = False

    def ask(self, question: Question) -> asyncio.Future[Answer]:
        """Return the answer to come, or what its call will raise; raise Closed."""
        if self._closed:
            raise Closed
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, future))
        if self._work is None:
            self._work = asyncio.create_task(self._answer_all())
        return future

    async def close(self) -> None:
        """Let the call under way end, and answer those who still wait with Closed."""
        self._closed = True
        while self._waiting:
            _, future = self._waiting.popleft()
            if not future.done():
                future.set_exception(Closed())
        if self._work is not None:
            await self._work

    async def _answer_all(self) -> None:
        while batch := self._take():
            try:
                answers = await self._together([question for question, _ in batch])
                assert len(answers) == len(batch), "each question has its answer"
            except Exception as fault:  # raised to each of those who asked
                answers = [fault] * len(batch)
            for (_, future), answer in zip(batch, answers, strict=True):
                if future.done():  # its caller has gone away
                    continue
                if isinstance(answer, Exception):
                    future.set_exception(answer)
                else:
                    future.set_result(answer)
        self._work = None

    def _take(self) -> list[tuple[Question, asyncio.Future[Answer]]]:
        taken: list[tuple[Question, asyncio.Future[Answer]]] = []
        held: list[tuple[Question, asyncio.Future[Answer]]] = []
        names: set[Hashable] = set()
        while self._waiting and len(taken) < self._limit:
            entry = self._waiting.popleft()
            if entry[1].done():
                continue
            own = self._apart(entry[0])
            (taken if names.isdisjoint(own) else held).append(entry)
            names.update(own)
        self._waiting.extendleft(reversed(held))
        return taken
