"""A lease on a partition: the one instance that does a consumer's work on it.

It is a session advisory lock, so a process that dies gives way at once. Anybody may take such a
lock, so one that another role has taken counts for nothing (decision 0031).
"""

import asyncpg

from docket_runtime.database import reachable

HELD_BY_ANOTHER_ROLE = """
    exists (
        select from pg_locks as held join pg_stat_activity as holder on holder.pid = held.pid
        where held.locktype = 'advisory' and held.granted and holder.usename <> session_user
            and held.database = (select oid from pg_database where datname = current_database())
            and {this_lock})
"""
"""Whether a session of another role has a lock: `this_lock` says which."""

_LEAD = "select pg_try_advisory_lock(hashtext($1), $2) or " + HELD_BY_ANOTHER_ROLE.format(
    this_lock="held.objsubid = 2 and held.objid = $2::oid"
    " and held.classid::bigint = hashtext($1)::bigint & 4294967295"
)


async def lead(connection: asyncpg.Connection, partition: int, consumer: str) -> bool:
    """Return whether this connection's session leads the consumer's work on a partition.

    It leads until it ends; a process that dies loses the lead at once. While another role has the
    lock several instances may lead: what they do is safe to do twice. Raises Unavailable.
    """
    with reachable():
        return bool(await connection.fetchval(_LEAD, f"docket.{consumer}", partition))
