"""Who may see a file, and who may send its bytes."""

from uuid import UUID

from starlette.requests import Request as HttpRequest

from docket_lifecycle.state.ticket import Ticket
from ticket_api.attachments import records
from ticket_api.attachments.evidence import as_sent, sent_files, sent_of
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

    Raise Problem 401, 403, 404, or 502 where the file is not what was sent.
    """
    principal, ticket, files = await files_of(http, ticket_id)
    known = next((each for each in files if each.attachment_id == attachment_id), None)
    if known is None or known.erased_at is not None:
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


async def files_of(
    http: HttpRequest, ticket_id: UUID
) -> tuple[Principal, Ticket, list[Attachment]]:
    """Return who asks, the ticket, and the files that they may see.

    Those that were announced in opening it are among them. Of a file that a message has sent it is
    told what the message said of it. Raise Problem as `file_of` does.
    """
    principal = principal_of(http)
    ticket, history = await reader_of(http).history(ticket_id, principal)
    engine = runtime_of(http).engine
    rows = await of_ticket(engine, ticket.id)
    sent = await sent_of(engine, ticket.id, sent_files(history))
    if not sent.keys() <= {each.attachment_id for each in rows}:
        await records.adopt(engine, ticket.id)
        rows = await of_ticket(engine, ticket.id)
    seen = [each for each in rows if may_see(principal, sent, each)]
    return principal, ticket, [as_sent(each, sent.get(each.attachment_id)) for each in seen]
