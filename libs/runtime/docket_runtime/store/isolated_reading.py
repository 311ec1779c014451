"""Reading many histories so that one unreadable history does not stop the others."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
import structlog

from docket_runtime.store.history import History, read_many
from docket_runtime.unavailable import Unavailable

log = structlog.get_logger()


async def read_each(
    connection: asyncpg.Connection, partition: int, ticket_ids: Sequence[UUID]
) -> tuple[dict[UUID, History], dict[UUID, Exception]]:
    """Return the histories that can be read, and for the other tickets the error.

    Raises Unavailable.
    """
    try:
        return await read_many(connection, partition, ticket_ids), {}
    except Unavailable:
        raise
    except Exception as fault:
        if len(ticket_ids) == 1:
            log.exception("history_unreadable", ticket=str(ticket_ids[0]))
            return {}, {ticket_ids[0]: fault}
    readable: dict[UUID, History] = {}
    unreadable: dict[UUID, Exception] = {}
    for ticket_id in ticket_ids:
        one, fault_of_one = await read_each(connection, partition, [ticket_id])
        readable |= one
        unreadable |= fault_of_one
    return readable, unreadable
