"""Who may see a file, and who may send its bytes."""

from uuid import UUID

from starlette.requests import Request as HttpRequest

from docket_lifecycle.state.ticket import Ticket
from ticket_api.attachments import records
from ticket_api.auth.gate import principal_of
from ticket_api.auth.tokens import Principal
from ticket_api.http.problems import Problem, not_found
from ticket_api.http.runtime import runtime_of
from ticket_api.tickets.files import Attachment, may_see, of_ticket, same_side
from ticket_api.tickets.reader import reader_of


async def ticket_of(http: HttpRequest, ticket_id: UUID) -> tuple[Principal, Ticket]:
    """Return who asks, and the ticket; raise Problem 401, 403 or 404."""
    principal = principal_of(http)
    return principal, await reader_of(http).ticket(ticket_id, principal)


async def file_of(
    http: HttpRequest, ticket_id: UUID, attachment_id: UUID
) -> tuple[Principal, Ticket, Attachment]:
    """Return who asks, the ticket and the file; an erased one, or the other side's, is missing.

    Raise Problem 401, 403 or 404.
    """
    principal, ticket = await ticket_of(http, ticket_id)
    files = {each.attachment_id: each for each in await files_of(http, ticket)}
    known = files.get(attachment_id)
    sent = ticket.contents()
    if known is None or known.erased_at is not None or not may_see(principal, sent, known):
        raise not_found("file")
    return principal, ticket, known


async def own_file_of(
    http: HttpRequest, ticket_id: UUID, attachment_id: UUID
) -> tuple[Ticket, Attachment]:
    """Return a file to the side that announced it; raise Problem as `file_of` does, else 403."""
    principal, ticket, known = await file_of(http, ticket_id, attachment_id)
    if not same_side(principal, known):
        raise Problem(403, "actor_not_entitled", "the side that announced a file sends it")
    return ticket, known


async def files_of(http: HttpRequest, ticket: Ticket) -> list[Attachment]:
    """Return the files of a ticket, those that were announced in opening it among them."""
    engine = runtime_of(http).engine
    rows = await of_ticket(engine, ticket.id)
    known = {each.attachment_id for each in rows}
    announced = {each for each, content in ticket.contents().items() if content.is_file}
    if announced <= known:
        return rows
    await records.adopt(engine, ticket.id)
    return await of_ticket(engine, ticket.id)
