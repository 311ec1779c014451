"""A lease on a partition: the one instance that does a consumer's work on it.

It is a session advisory lock, so a process that dies gives way at once.
"""

import asyncpg

from docket_runtime.database import reachable

_LEAD = "select pg_try_advisory_lock(hashtext($1), $2)"


async def lead(connection: asyncpg.Connection, partition: int, consumer: str) -> bool:
    """Return whether this connection's session leads the consumer's work on a partition.

    It leads until it ends; a process that dies loses the lead at once. Raises Unavailable.
    """
    with reachable():
        return bool(await connection.fetchval(_LEAD, f"docket.{consumer}", partition))
