"""The newest end of the log, read once for all who listen to live streams.

While anybody listens, a window over the last events of each partition stands in memory. A listener
holds nothing but its position, so a slow one costs no memory: where it has fallen out of the
window, or comes from the past, it reads the log itself. The head of the log is read often and
cheaply (no NOTIFY: it would cost the appends two thirds of their speed).
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from itertools import islice
from typing import Any, cast
from uuid import UUID

import asyncpg
import msgspec
import structlog
from starlette.requests import Request as HttpRequest

from docket_events.recorded import Recorded
from docket_runtime import metrics
from docket_runtime.connection import ReconnectingConnection
from docket_runtime.database import Database, reachable
from docket_runtime.store.rows import EVENT_COLUMNS, recorded
from docket_runtime.store.tail import LogDamaged, check_dense
from ticket_api.http.log_position import HEADS
from ticket_api.tickets.views import event_view

log = structlog.get_logger()

POLL_S = 0.05
KEPT = 1000
PAGE = 100

# Lateral with a limit, so that no plan made while there were few tickets reads all of them later.
_READ = f"""
    select {", ".join(f"e.{name}" for name in EVENT_COLUMNS)}, t.account_id, t.product
    from docket.events as e
    left join lateral (
        select account_id, product from docket.tickets
        where partition = e.partition and ticket_id = e.ticket_id limit 1
    ) as t on true
    where e.partition = $1 and e.position > $2 and e.position <= $3 order by e.position limit $4
"""  # noqa: S608 - made of column names of ours


class News:
    """An event and whose ticket it is about; decoded when it is first asked for."""

    def __init__(self, row: asyncpg.Record) -> None:
        self._row = row
        self.partition: int = row["partition"]
        self.position: int = row["position"]
        self.ticket_id: UUID = row["ticket_id"]
        self.version: int = row["version"]
        self.type: str = row["type"]
        self.account_id: str = row["account_id"] or ""
        self.product: str = row["product"] or ""

    @cached_property
    def body(self) -> str:
        """Return what a stream says of it, as JSON; made once for all who listen.

        An event that this code cannot read, as one of a newer version, is sent without its data,
        so that it holds up nobody.
        """
        try:
            return encoded(recorded(self._row))
        except ValueError:
            log.exception("event_unreadable", ticket=str(self.ticket_id), version=self.version)
            names = ("ticket_id", "version", "type", "recorded_at", "event_id", "position")
            shown = {"at": self._row["occurred_at"], "data": None}
            return msgspec.json.encode({n: self._row[n] for n in names} | shown).decode()


def encoded(event: Recorded) -> str:
    """Return what a stream says of an event, as JSON."""
    return msgspec.json.encode(event_view(event)).decode()


class Feed:
    """Follows all partitions while anybody listens, and keeps the last `KEPT` events of each."""

    def __init__(self, database: Database) -> None:
        self._tail, self._past = ReconnectingConnection(database), ReconnectingConnection(database)
        self._windows: dict[int, deque[News]] = {}
        self._heads: dict[int, int] = {}
        self._listeners = 0
        self._moved = asyncio.Event()

    async def step(self) -> bool:
        """Read on once, if anybody listens, and wake the listeners; raise Unavailable.

        Raise LogDamaged where an event is missing or the log has become shorter.
        """
        if not self._listeners:
            self._windows.clear()
            self._heads.clear()
            return False
        async with self._tail.open() as connection:
            moved = await self._read_on(connection)
        if moved:
            self._moved.set()
            self._moved = asyncio.Event()
        return moved

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Keep the window moving for a block."""
        self._listeners += 1
        metrics.LISTENERS.inc()
        try:
            yield
        finally:
            self._listeners -= 1
            metrics.LISTENERS.dec()

    async def head(self, partition: int) -> int:
        """Return the position up to which the window has read, waiting for it to open."""
        while (head := self._heads.get(partition)) is None:
            await self._moved.wait()
        return head

    def holds(self, partition: int, position: int) -> bool:
        """Tell whether all that follows a position stands in the window, or is still to come."""
        window = self._windows.get(partition)
        if window:
            return position >= window[0].position - 1
        return position >= self._heads.get(partition, 0)

    async def after(self, positions: Mapping[int, int]) -> Sequence[News]:
        """Return the next events of these partitions, in order each, waiting until there are any.

        `PAGE` at most of each, all of them positions behind the given ones; raise Unavailable.
        """
        while True:
            moved = self._moved
            news = list[News]()
            for partition, position in positions.items():
                if position < self._heads.get(partition, 0):
                    news += await self._next(partition, position)
            if news:
                await asyncio.sleep(0)  # a reader of the window leaves room for the others
                return news
            await moved.wait()

    def close(self) -> None:
        """Disconnect from the database."""
        self._tail.close()
        self._past.close()

    async def _next(self, partition: int, position: int) -> Sequence[News]:
        if self.holds(partition, position):
            window = self._windows[partition]
            fresh = window[-1].position - position
            return list(islice(reversed(window), fresh))[::-1][:PAGE]
        async with self._past.open() as connection:
            return await _read(connection, partition, position, self._heads[partition])

    async def _read_on(self, connection: asyncpg.Connection) -> bool:
        with reachable():
            heads = {row[0]: row[1] for row in await connection.fetch(HEADS)}
        if not self._heads:
            self._windows = {partition: deque(maxlen=KEPT) for partition in heads}
            self._heads = heads
            return True
        moved = False
        for partition, known in self._heads.items():
            if heads.get(partition, 0) < known:
                raise LogDamaged(f"partition {partition} was at {known} and is shorter now")
            if heads[partition] > known:
                news = await _read(connection, partition, known, heads[partition])
                self._windows[partition].extend(news)
                self._heads[partition] = news[-1].position
                moved = True
        return moved


def feed_of(http: HttpRequest) -> Feed:
    """Return the feed of the application that got the request."""
    return cast(Feed, http.app.state.feed)


async def _read(
    connection: asyncpg.Connection, partition: int, after: int, head: int
) -> Sequence[News]:
    with reachable():
        rows: list[Any] = await connection.fetch(_READ, partition, after, head, PAGE)
    check_dense(rows, partition, after)
    return [News(row) for row in rows]
