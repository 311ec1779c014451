"""How many bytes an account keeps in its files and texts, and that it may keep no more.

Counting reads every row of the account, so it is done in the background, and again when the figure
is old. What comes in between is added. Each instance has its own figure, so an account may pass its
quota by what it sends within AGED_S.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import cast

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request as HttpRequest

from docket_events.ids import partition_of_account
from docket_runtime.database import reachable
from docket_runtime.unavailable import Unavailable
from ticket_api.http.problems import Problem

AGED_S = 60.0
REMEMBERED = 10_000
COUNT = text("""
    select coalesce(sum(
        coalesce((
            select sum(a.size) from docket.attachments as a
            where a.partition = t.partition and a.ticket_id = t.ticket_id and a.erased_at is null
        ), 0) + coalesce((
            select sum(octet_length(c.body)) from docket.contents as c
            where c.partition = t.partition and c.ticket_id = t.ticket_id
        ), 0)
    ), 0)
    from docket.tickets as t where t.partition = :partition and t.account_id = :account_id
""")

log = structlog.get_logger()


@dataclass(slots=True)
class _Figure:
    stored: int = 0
    counted_at: float = float("-inf")
    counting: asyncio.Task[None] | None = None


class StoredBytes:
    """Keeps the figures of the accounts that send something; `most` is what each may keep."""

    def __init__(self, engine: AsyncEngine, partitions: int, most: int) -> None:
        self._engine = engine
        self._partitions = partitions
        self._most = most
        self._figures: OrderedDict[str, _Figure] = OrderedDict()

    def add(self, account_id: str, more: int) -> None:
        """Add what an account is about to send; raise Problem 413 where that is too much."""
        figure = self._figure(account_id)
        if figure.stored + more > self._most:
            raise Problem(
                413,
                "account_quota_exceeded",
                f"the files and texts of an account have at most {self._most} bytes together",
            )
        figure.stored += more

    async def add_exactly(self, account_id: str, more: int) -> None:
        """Add as `add` does, after counting; for what is large and seldom. Raise Unavailable."""
        await self._count(account_id, self._figure(account_id, counted=True))
        self.add(account_id, more)

    async def close(self) -> None:
        """End what is being counted."""
        counting = [each.counting for each in self._figures.values() if each.counting is not None]
        for task in counting:
            task.cancel()
        await asyncio.gather(*counting, return_exceptions=True)

    def _figure(self, account_id: str, *, counted: bool = False) -> _Figure:
        figure = self._figures.setdefault(account_id, _Figure())
        self._figures.move_to_end(account_id)
        if len(self._figures) > REMEMBERED:
            self._figures.popitem(last=False)
        loop = asyncio.get_running_loop()
        aged = loop.time() - figure.counted_at > AGED_S
        if aged and not counted and figure.counting is None:
            figure.counting = loop.create_task(self._count_again(account_id, figure))
        return figure

    async def _count_again(self, account_id: str, figure: _Figure) -> None:
        try:
            await self._count(account_id, figure)
        except Unavailable as unavailable:  # the figure of before counts on
            log.info("bytes_uncounted", reason=str(unavailable))
        finally:
            figure.counting = None

    async def _count(self, account_id: str, figure: _Figure) -> None:
        partition = partition_of_account(account_id, self._partitions)
        with reachable():
            async with self._engine.connect() as connection:
                whose = {"partition": partition, "account_id": account_id}
                figure.stored = int((await connection.execute(COUNT, whose)).scalar_one())
        figure.counted_at = asyncio.get_running_loop().time()


def stored_bytes_of(http: HttpRequest) -> StoredBytes:
    """Return the figures of the application that got the request."""
    return cast(StoredBytes, http.app.state.stored_bytes)
