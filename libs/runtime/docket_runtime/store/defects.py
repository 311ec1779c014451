"""Which tickets are about a defect: found in the log, by the events that linked them."""

from uuid import UUID

import asyncpg

from docket_events import codec
from docket_events.desk import DefectLinked
from docket_runtime.database import reachable

_LINKED = """
    select distinct ticket_id from docket.events
    where type = 'DefectLinked' and body = $1 order by ticket_id
"""


async def tickets_linked_to(
    connection: asyncpg.Connection, plan_reference: str
) -> tuple[UUID, ...]:
    """Return the tickets that were ever linked to a defect, of all partitions; raise Unavailable.

    The body of such an event is its canonical JSON, the same for the same reference, so an index
    finds it whole.
    """
    with reachable():
        rows = await connection.fetch(_LINKED, codec.encode(DefectLinked(plan_reference)))
    return tuple(row[0] for row in rows)
