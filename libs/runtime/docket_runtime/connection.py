"""Connections to the database that are kept: opened when needed and again after they broke."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg

from docket_runtime.database import Database, reachable


class ReconnectingConnection:
    """A connection for one user at a time; others wait for their turn.

    After an error the state of the connection is not known, so it is never used again; the server
    then frees the locks of its session.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: asyncpg.Connection | None = None
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[asyncpg.Connection]:
        """Yield the connection for a block; raise Unavailable if the database is out of reach."""
        async with self._turn:
            if self._connection is None or self._connection.is_closed():
                self._connection = await self._database.connect()
            try:
                with reachable():
                    yield self._connection
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Drop the connection."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None


class ConnectionPool:
    """A number of connections at most, for many users; who waits for one is served in order.

    `prepare` is called with each connection when it is new.
    """

    def __init__(
        self,
        database: Database,
        most: int,
        *,
        prepare: Callable[[asyncpg.Connection], Awaitable[None]] | None = None,
    ) -> None:
        self._database = database
        self._turns = asyncio.Semaphore(most)
        self._prepare = prepare
        self._idle: list[asyncpg.Connection] = []

    @asynccontextmanager
    async def open(self) -> AsyncIterator[asyncpg.Connection]:
        """Yield a connection for a block; raise Unavailable if the database is out of reach."""
        async with self._turns:
            connection = await self._connection()
            try:
                yield connection
            except (asyncpg.PostgresError, ValueError):
                raise  # of the statement: the connection is as it was
            except BaseException:
                connection.terminate()  # the connection's state is not known
                raise
            finally:
                if not connection.is_closed():
                    self._idle.append(connection)

    def close(self) -> None:
        """Drop the connections that nobody uses."""
        while self._idle:
            self._idle.pop().terminate()

    async def _connection(self) -> asyncpg.Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        connection = await self._database.connect()
        if self._prepare is not None:
            with reachable():
                await self._prepare(connection)
        return connection
