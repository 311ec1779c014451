"""What is folded from the log, compared with what is stored, as faults of a verification."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from uuid import UUID

import asyncpg

from docket_events.ids import partition_of_ticket
from docket_proof.check import Fault
from docket_runtime.projections.check import Difference, differences, differences_of


async def projection_faults(connection: asyncpg.Connection) -> AsyncIterator[Fault]:
    """Yield a fault for each ticket or clock that is not what the log says; raise Unavailable."""
    async with aclosing(differences(connection)) as found:
        async for each in found:
            yield _fault(each)


async def projection_faults_of(connection: asyncpg.Connection, ticket_id: UUID) -> list[Fault]:
    """Return the faults of one ticket that the log has; raise Unavailable."""
    return [_fault(each) for each in await differences_of(connection, ticket_id)]


def _fault(each: Difference) -> Fault:
    detail = f"{each.table}.{each.column} is {each.stored}, the log says {each.folded}"
    return Fault(partition_of_ticket(each.ticket_id), None, "projection", detail, each.ticket_id)
