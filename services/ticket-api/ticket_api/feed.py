"""Waking the readers of live streams: one look at the log's head serves them all.

A wake-up is a hint. Whoever is woken reads the log itself, so a hint that comes late or twice
changes nothing (no NOTIFY: it would cost the appends two thirds of their speed).
"""

import asyncio
from collections.abc import Awaitable, Callable

POLL_S = 0.05


class Feed:
    """Watches the sum of the partitions' head positions while anybody listens."""

    def __init__(self, head: Callable[[], Awaitable[int]]) -> None:
        self._head = head
        self._seen = -1
        self._moved = asyncio.Condition()
        self._listeners = 0

    async def moved_beyond(self, seen: int) -> int:
        """Wait until the log has grown beyond `seen` and return the new mark; start with -1."""
        self._listeners += 1
        try:
            async with self._moved:
                await self._moved.wait_for(lambda: self._seen > seen)
                return self._seen
        finally:
            self._listeners -= 1

    async def step(self) -> bool:
        """Look once, if anybody listens, and wake the listeners when the log has grown."""
        if not self._listeners:
            return False
        head = await self._head()
        if head <= self._seen:
            return False
        async with self._moved:
            self._seen = head
            self._moved.notify_all()
        return True
