"""The recorded answers of commands, for repetitions with the same idempotency key."""

import asyncpg

from docket_runtime.database import reachable
from docket_runtime.store.values import CommandRecord

_FIND = """
    select scope, key, request_hash, ticket_id, status, version, answer
    from docket.commands where partition = $1 and scope = $2 and key = $3
"""


async def find(
    connection: asyncpg.Connection, partition: int, scope: str, key: str
) -> CommandRecord | None:
    """Return the record of this scope and key, None where there is none; raise Unavailable."""
    with reachable():
        row = await connection.fetchrow(_FIND, partition, scope, key)
    return None if row is None else CommandRecord(*row)
