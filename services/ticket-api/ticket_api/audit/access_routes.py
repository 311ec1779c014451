"""The audit of the auditors: who read what, and why."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import select, text
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from docket_runtime.schema.proof_tables import access_events, access_reasons
from ticket_api.audit.schemas import AccessPage, AccessState
from ticket_api.auth.gate import principal_of
from ticket_api.http.answers import tagged_response
from ticket_api.http.problem_docs import problems
from ticket_api.http.query import OptionalWord
from ticket_api.http.runtime import runtime_of

router = APIRouter(prefix="/v1/audit", tags=["audit"])

MOST = 1000


@router.get(
    "/access",
    operation_id="read_access",
    response_model=AccessPage,
    responses=problems(401, 403, 422, 503),
)
async def read_access(
    http: HttpRequest,
    after: UUID | None = None,
    subject: OptionalWord = None,
    operation: OptionalWord = None,
    ticket_id: UUID | None = None,
    denied: bool | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> Response:
    """Return who read histories, took them away, revealed texts or was denied, oldest first.

    `next_after` is null at the end; this reading leaves an access event too.
    """
    principal_of(http)
    column = access_events.c
    wanted = {
        column.subject: subject,
        column.operation: operation,
        column.ticket_id: ticket_id,
    }
    shown = [column[name] for name in AccessState.model_fields if name != "reason"]
    given = access_events.outerjoin(access_reasons, access_reasons.c.access_id == column.access_id)
    query = select(*shown, access_reasons.c.reason).select_from(given)
    query = query.order_by(column.access_id).limit(limit + 1)
    query = query.where(*(field == value for field, value in wanted.items() if value is not None))
    if after is not None:
        query = query.where(column.access_id > after)
    if denied is not None:
        was = column.outcome == "denied"
        query = query.where(was if denied else ~was)
    async with runtime_of(http).engine.begin() as connection:
        await connection.execute(text("set local role docket_access_reader"))
        rows = (await connection.execute(query)).mappings().all()
    page = [dict(row) for row in rows[:limit]]
    more = len(rows) > limit
    return tagged_response({"items": page, "next_after": page[-1]["access_id"] if more else None})
