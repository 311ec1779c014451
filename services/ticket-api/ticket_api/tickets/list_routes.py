"""The list of tickets: its filters and its pages."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BeforeValidator
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from docket_events.ticket import Priority
from docket_lifecycle.state.ticket import Status
from ticket_api.auth.gate import principal_of
from ticket_api.http.answers import NOT_MODIFIED, IfNoneMatch, tagged_response
from ticket_api.http.problem_docs import problems
from ticket_api.http.query import OptionalInstant, OptionalWord, Word
from ticket_api.http.runtime import runtime_of
from ticket_api.tickets.list_order import MAX_CURSOR, Sort
from ticket_api.tickets.schemas import TicketPage
from ticket_api.tickets.ticket_list import Filters, Supported, list_tickets

router = APIRouter(prefix="/v1", tags=["questions"])

MAX_PAGE = 200
MAX_VALUES = 20

Words = Annotated[list[Word], Query(default_factory=list, max_length=MAX_VALUES)]


def _apart(values: Any) -> Any:
    """Read `status=open,closing` as `status=open&status=closing`."""
    if not isinstance(values, Sequence) or isinstance(values, str):
        return values
    return [each for value in values for each in value.split(",")]


def _several(what: str) -> Any:
    says = f"several of them apart by commas, or {what} more than once"
    return Query(default_factory=list, max_length=MAX_VALUES, description=says)


@router.get(
    "/tickets",
    operation_id="list_tickets",
    response_model=TicketPage,
    responses={**NOT_MODIFIED, **problems(400, 401, 422, 503)},
)
async def tickets(
    http: HttpRequest,
    status: Annotated[list[Status], BeforeValidator(_apart), _several("status")],
    priority: Annotated[list[Priority], BeforeValidator(_apart), _several("priority")],
    product: Words,
    assignee: Words,
    supported: Annotated[list[Supported], BeforeValidator(_apart), _several("supported")],
    account: OptionalWord = None,
    number: OptionalWord = None,
    due_before: OptionalInstant = None,
    overdue: bool | None = None,
    sort: Sort = "-created_at",
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
    cursor: Annotated[str | None, Query(max_length=MAX_CURSOR)] = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """List the tickets you may see, newest first unless sorted otherwise.

    Several values of a filter show any of them. In the sort by `due_at`, what is not due comes
    last both ways; `-priority` begins with Emergency; `queue` is the order in which the terms say
    that tickets are addressed. A walk through the pages meets each ticket
    that was there all along once, unless what it is sorted by changes meanwhile.
    """
    page = await list_tickets(
        runtime_of(http).engine,
        principal_of(http),
        Filters(
            status=tuple(status),
            priority=tuple(priority),
            product=tuple(product),
            assignee=tuple(assignee),
            account=account,
            number=number,
            due_before=due_before,
            overdue=overdue,
            supported=tuple(supported),
        ),
        sort=sort,
        limit=limit,
        cursor=cursor,
        now=runtime_of(http).clock.now(),
    )
    headers = dict[str, str]()
    if page.next_cursor is not None:
        following = http.url.include_query_params(cursor=page.next_cursor)
        headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    body = {"items": page.items, "next_cursor": page.next_cursor}
    return tagged_response(body, headers=headers, known=if_none_match)
