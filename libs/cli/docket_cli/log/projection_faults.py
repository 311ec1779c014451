"""What is folded from the log, compared with what is stored, as faults of a verification."""

from collections.abc import AsyncIterator

import asyncpg

from docket_events.ids import partition_of_ticket
from docket_proof.check import Fault
from docket_runtime.projections.check import differences
from docket_runtime.unavailable import Unavailable


async def projection_faults(connection: asyncpg.Connection) -> AsyncIterator[Fault]:
    """Yield a fault for each ticket or clock that is not what the log says; raise Unavailable."""
    try:
        async for each in differences(connection):
            detail = f"{each.table}.{each.column} is {each.stored}, the log says {each.folded}"
            partition = partition_of_ticket(each.ticket_id)
            yield Fault(partition, None, "projection", detail, each.ticket_id)
    except Unavailable:
        raise
    except Exception as error:  # whatever reading a damaged history raises, the rest is told
        detail = f"a history cannot be folded, the rest is not compared: {type(error).__name__}"
        yield Fault(0, None, "unreadable", detail)
