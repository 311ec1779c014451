"""Locks of tickets: one instance at a time works on a ticket.

They are advisory locks of a session of their own, which speaks every `SPEAKS_S` while it holds any:
where this process hangs, the server ends the session, and another instance goes on. A lock that a
session of another role has taken counts for nothing (decision 0031).
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import asyncpg

from docket_runtime.connection import ReconnectingConnection
from docket_runtime.database import Database, reachable
from docket_runtime.unavailable import Unavailable

SPEAKS_S = 2.0
SILENCE = "7s"

_HOLD = """
    select key
    from set_config('idle_session_timeout', $2, false), unnest($1::bigint[]) as key
    where pg_try_advisory_lock(key) or exists (
        select from pg_locks as held join pg_stat_activity as holder on holder.pid = held.pid
        where held.locktype = 'advisory' and held.granted and holder.usename <> session_user
            and held.database = (select oid from pg_database where datname = current_database())
            and held.objsubid = 1 and held.classid::bigint << 32 | held.objid::bigint = key)
"""
_RELEASE = """
    select pg_advisory_unlock(key), set_config('idle_session_timeout', '0', false)
    from unnest($1::bigint[]) as key
"""


class TicketLocks:
    """Locks tickets for one worker, which holds those of one batch at a time."""

    def __init__(self, database: Database) -> None:
        self._database = ReconnectingConnection(database)
        self._session: asyncpg.Connection | None = None

    @asynccontextmanager
    async def held(self, ticket_ids: Collection[UUID]) -> AsyncIterator[list[UUID]]:
        """Lock tickets while the block runs; yield those that no other session holds.

        Raises Unavailable.
        """
        keys = {_key(ticket_id): ticket_id for ticket_id in ticket_ids}
        async with self._database.open() as session:
            with reachable():
                rows = await session.fetch(_HOLD, list(keys), SILENCE)
            ended = asyncio.Event()
            speaking = asyncio.create_task(_speak(session, ended))
            self._session = session
            try:
                yield [keys[row[0]] for row in rows]
            finally:
                self._session = None
                ended.set()
                await speaking
            if not session.is_closed():
                await _release(session, (row[0] for row in rows))

    def check(self) -> None:
        """Return if the locks are held still; raise Unavailable where the server has ended them."""
        if self._session is None or self._session.is_closed():
            raise Unavailable("the locks of the tickets are lost")

    def close(self) -> None:
        """Disconnect."""
        self._database.close()


async def _speak(session: asyncpg.Connection, ended: asyncio.Event) -> None:
    """Say something before the server ends the session; who notices an end is the worker."""
    with suppress(Unavailable):
        while not ended.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), SPEAKS_S)
                return
            with reachable():
                await session.execute("select")


async def _release(session: asyncpg.Connection, keys: Iterable[int]) -> None:
    with reachable():
        await session.execute(_RELEASE, list(keys))


def _key(ticket_id: UUID) -> int:
    """Return the random half of the id, as the signed number that an advisory lock takes."""
    return int.from_bytes(ticket_id.bytes[8:], signed=True)
