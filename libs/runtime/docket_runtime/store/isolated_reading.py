"""Reading many histories so that one unreadable history does not stop the others."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
import structlog

from docket_runtime.store.history import History, read_many
from docket_runtime.unavailable import Unavailable

log = structlog.get_logger()


class SetAside:
    """The tickets that could not be read or judged: each is logged, and holds up no other."""

    def __init__(self) -> None:
        self._tickets: dict[UUID, Exception] = {}

    def add(self, ticket_id: UUID, fault: Exception) -> None:
        """Set a ticket aside."""
        self._tickets[ticket_id] = fault
        log.error("ticket_set_aside", ticket=str(ticket_id), exc_info=fault)

    def __contains__(self, ticket_id: UUID) -> bool:
        return ticket_id in self._tickets

    @property
    def ids(self) -> tuple[UUID, ...]:
        """Return the tickets, in the order of their ids."""
        return tuple(sorted(self._tickets))


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
