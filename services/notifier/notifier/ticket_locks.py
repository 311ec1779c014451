"""Locks of tickets: one instance at a time works on a ticket, by a lock of its session.

A lock that a session of another role has taken counts for nothing (decision 0031).
"""

from collections.abc import Iterable
from uuid import UUID

import asyncpg

from docket_runtime.database import reachable
from docket_runtime.store.lease import HELD_BY_ANOTHER_ROLE

_HOLD = (
    "select key from unnest($1::bigint[]) as key where pg_try_advisory_lock(key) or "  # noqa: S608 - made of constants
    + HELD_BY_ANOTHER_ROLE.format(
        this_lock="held.objsubid = 1 and held.classid::bigint << 32 | held.objid::bigint = key"
    )
)
_RELEASE = "select pg_advisory_unlock(key) from unnest($1::bigint[]) as key"


async def hold(connection: asyncpg.Connection, ticket_ids: Iterable[UUID]) -> list[UUID]:
    """Lock tickets for a session; return those that no other session holds. Raise Unavailable."""
    keys = {_key(ticket_id): ticket_id for ticket_id in ticket_ids}
    with reachable():
        return [keys[row[0]] for row in await connection.fetch(_HOLD, list(keys))]


async def release(connection: asyncpg.Connection, held: Iterable[UUID]) -> None:
    """Unlock tickets that this session holds; raise Unavailable."""
    with reachable():
        await connection.execute(_RELEASE, [_key(ticket_id) for ticket_id in held])


def _key(ticket_id: UUID) -> int:
    """Return the random half of the id, as the signed number that an advisory lock takes."""
    return int.from_bytes(ticket_id.bytes[8:], signed=True)
