"""The records of commands, for repetitions with the same idempotency key (decision 0030)."""

from asyncio import Future
from collections.abc import Sequence

import asyncpg
import structlog

from docket_runtime.batcher import Batcher
from docket_runtime.connection import ReconnectingConnection
from docket_runtime.database import Database, reachable
from docket_runtime.store.values import CommandRecord

MOST_TOGETHER = 256
MOVING_S = 60

Question = tuple[int, bytes]
"""A partition of the log, and a key."""

_FIND = """
    select asked.n, k.key, k.request_hash, k.ticket_id, k.status, k.version
    from unnest($1::smallint[], $2::bytea[]) with ordinality as asked (partition, key, n)
    cross join lateral (
        select * from docket.commands as c
        where c.partition = asked.partition and c.key = asked.key and c.day < 'infinity' limit 1
    ) as k
"""
_FIND_BEFORE_0012 = """
    select ''::bytea, request_hash, ticket_id, status, version
    from docket.commands_before_0012 where partition = $1 and scope = $2 and key = $3
"""
_ANY_BEFORE_0012 = "select exists (select from docket.commands_before_0012)"
_TURN = "select dropped, left_over from docket.turn_command_days($1)"

log = structlog.get_logger()


class CommandRecords:
    """Finds the records of keys for a process, of all days; those asked for together together."""

    def __init__(self, database: Database) -> None:
        self._database = ReconnectingConnection(database)
        self._batcher = Batcher[Question, CommandRecord | None](self._together, limit=MOST_TOGETHER)

    def find(self, partition: int, key: bytes) -> Future[CommandRecord | None]:
        """Return a future of the record of a key, None where there is none; it raises Unavailable.

        It may be cancelled.
        """
        return self._batcher.ask((partition, key))

    async def close(self) -> None:
        """Finish the search under way; those that still wait get Unavailable."""
        await self._batcher.close()
        self._database.close()

    async def _together(self, questions: Sequence[Question]) -> Sequence[CommandRecord | None]:
        partitions, keys = zip(*questions, strict=True)
        async with self._database.open() as connection:
            with reachable():
                rows = await connection.fetch(_FIND, partitions, keys)
        found = {n: CommandRecord(*columns) for n, *columns in rows}
        return [found.get(n) for n, _ in enumerate(questions, 1)]


async def find_before_0012(
    connection: asyncpg.Connection, partition: int, scope: str, key: str
) -> CommandRecord | None:
    """Return the record that release 0.1.0 made of a key, None where there is none."""
    with reachable():
        row = await connection.fetchrow(_FIND_BEFORE_0012, partition, scope, key)
    return None if row is None else CommandRecord(*row)


async def any_before_0012(connection: asyncpg.Connection) -> bool:
    """Return whether records of release 0.1.0 are left; there will be no others."""
    with reachable():
        return bool(await connection.fetchval(_ANY_BEFORE_0012))


class CommandDays:
    """Makes the days of keys that come next, and drops those whose keys have expired."""

    def __init__(self, database: Database, days: int) -> None:
        self._database = ReconnectingConnection(database)
        self._days = days

    async def step(self) -> bool:
        """Turn the days by the database's present; raise Unavailable."""
        async with self._database.open() as connection:
            with reachable():
                dropped, left = await connection.fetchrow(_TURN, self._days, timeout=MOVING_S)
        if left:
            log.warning("keys_not_expired", days=left, reason="somebody reads them for long")
        elif dropped:
            log.info("keys_expired", days=dropped)
        return False

    async def close(self) -> None:
        """Close the connection."""
        self._database.close()
