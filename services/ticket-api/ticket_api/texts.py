"""Reading texts out of the content store, for those who may see the ticket."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from docket_runtime.tables import contents
from ticket_api.views import Texts


async def read_texts(engine: AsyncEngine, partition: int, ids: Sequence[UUID]) -> Texts:
    """Return the texts by content id, None where a text was erased; raise Unavailable."""
    if not ids:
        return {}
    query = select(contents.c.content_id, contents.c.body).where(
        contents.c.partition == partition, contents.c.content_id.in_(ids)
    )
    async with engine.connect() as connection:
        rows = await connection.execute(query)
    return {content_id: None if body is None else body.decode() for content_id, body in rows}
