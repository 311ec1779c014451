"""The records of commands, for repetitions with the same idempotency key (decision 0030)."""

import asyncpg
import structlog

from docket_runtime.connection import ReconnectingConnection
from docket_runtime.database import Database, reachable
from docket_runtime.store.values import CommandRecord

MOVING_S = 60

_FIND = """
    select key, request_hash, ticket_id, status, version
    from docket.commands where partition = $1 and key = $2 limit 1
"""
_FIND_BEFORE_0012 = """
    select ''::bytea, request_hash, ticket_id, status, version
    from docket.commands_before_0012 where partition = $1 and scope = $2 and key = $3
"""
_ANY_BEFORE_0012 = "select exists (select from docket.commands_before_0012)"
_TURN = "select dropped, left_over from docket.turn_command_days($1)"

log = structlog.get_logger()


async def find(connection: asyncpg.Connection, partition: int, key: bytes) -> CommandRecord | None:
    """Return the record of this key, None where there is none; raise Unavailable."""
    with reachable():
        row = await connection.fetchrow(_FIND, partition, key)
    return None if row is None else CommandRecord(*row)


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
