"""One connection to the database that a loop keeps: opened when needed and again after it broke."""

import asyncio
from collections.abc import AsyncIterator
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
