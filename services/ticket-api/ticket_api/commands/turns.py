"""Taking turns: the commands on one stream are carried out one after the other, as they came.

Without it, of twelve comments at once one would be written and eleven decided again, and again.
A request that is repeated while it is carried out takes no turn: it waits for its answer. Other
processes take no part; whom they overtake decides again (`transact`).
"""

import asyncio
import random
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from uuid import UUID
from weakref import WeakValueDictionary

from ticket_api.http.problems import RETRY_AFTER_S, Problem

PATIENCE_S = 8.0
LONGEST_PAUSE_S = 0.1


class Turns:
    """Whose turn it is on each stream; a stream on which nobody waits takes no room."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, streams: Iterable[UUID]) -> AsyncIterator[None]:
        """Have the turn on all of these streams for a block; raise Problem 503 if it takes long."""
        # in one order, so that no two wait for one another
        locks = [self._locks.setdefault(each, asyncio.Lock()) for each in sorted(set(streams))]
        held: list[asyncio.Lock] = []
        try:
            try:
                async with asyncio.timeout(self._patience_s):
                    for lock in locks:
                        await lock.acquire()
                        held.append(lock)
            except TimeoutError:
                raise busy() from None
            yield
        finally:
            for lock in held:
                lock.release()


class KeysUnderWay:
    """The keys whose requests are carried out now."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._under_way: dict[bytes, asyncio.Event] = {}

    @asynccontextmanager
    async def of(self, key: bytes | None) -> AsyncIterator[bool]:
        """Yield whether the request of a key is the first; wait for the end of the first if not.

        Raise Problem 503 if that takes long.
        """
        first = None if key is None else self._under_way.get(key)
        if key is None:
            yield True
        elif first is None:
            ended = self._under_way[key] = asyncio.Event()
            try:
                yield True
            finally:
                del self._under_way[key]
                ended.set()
        else:
            try:
                async with asyncio.timeout(self._patience_s):
                    await first.wait()
            except TimeoutError:
                raise busy() from None
            yield False


async def pause_before(attempt: int) -> None:
    """Wait a random while, longer with each attempt, so that processes do not meet again."""
    if attempt:
        longest = min(LONGEST_PAUSE_S, 0.002 * 2**attempt)
        await asyncio.sleep(random.uniform(0, longest))  # noqa: S311 - chance, and no secret


def busy() -> Problem:
    """Return the answer to a command that others leave no room for; nothing was written."""
    return Problem(
        503,
        "busy",
        "others keep changing it; repeat with the same Idempotency-Key",
        headers={"Retry-After": RETRY_AFTER_S},
    )
