"""Reading texts from the content store, for those who may see the ticket.

What people wrote is masked for auditors: they see that there is a text and its digest, and the text
itself once they give a reason, which is recorded.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Header
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request

from docket_events.contents import erased_inside
from docket_events.recorded import Happened
from docket_events.roles import MASKED
from docket_runtime.schema.tables import contents
from ticket_api.auth.access_audit import reason_of
from ticket_api.auth.tokens import Principal
from ticket_api.http.runtime import runtime_of
from ticket_api.tickets.readable_texts import ReadableTexts

RevealReason = Annotated[
    str | None,
    Header(
        min_length=3,
        max_length=600,
        description="why an auditor or privacy officer wants to read what people wrote (3 to 200"
        " characters, percent-encoded beyond ASCII); it is written down with the name",
    ),
]


def masked(http: Request, principal: Principal) -> bool:
    """Return whether texts are masked; raise Problem 422 for a malformed reason."""
    revealed = reason_of(http)
    return principal.role in MASKED and revealed is None


async def shown_texts(
    http: Request,
    principal: Principal,
    partition: int,
    ids: Sequence[UUID],
    history: Iterable[Happened],
) -> ReadableTexts:
    """Return the texts of a stream that the caller may read now: `ids` are those beside the log.

    `history` is all that is known of the stream, whichever point is shown. Raise Problem 422 or
    Unavailable.
    """
    if masked(http, principal):
        return ReadableTexts(masked=True)
    beside = await read_texts(runtime_of(http).engine, partition, ids)
    return ReadableTexts(beside, erased_inside(history))


async def read_texts(
    engine: AsyncEngine, partition: int, ids: Sequence[UUID]
) -> Mapping[UUID, str | None]:
    """Return the texts by content id, None where a text was erased; raise Unavailable."""
    if not ids:
        return {}
    query = select(contents.c.content_id, contents.c.body).where(
        contents.c.partition == partition, contents.c.content_id.in_(ids)
    )
    async with engine.connect() as connection:
        rows = await connection.execute(query)
    return {content_id: None if body is None else body.decode() for content_id, body in rows}
