"""Whose file it is: who may see it, who may send its bytes, which files a message may send."""

from uuid import UUID

from starlette.requests import Request as HttpRequest

from docket_lifecycle.ticket import Ticket
from ticket_api import attachments
from ticket_api.attachments import Attachment
from ticket_api.auth import Principal
from ticket_api.doors import Doors, doors
from ticket_api.problems import Problem, not_found


async def asked(http: HttpRequest, ticket_id: UUID) -> tuple[Doors, Principal, Ticket]:
    """Return the doors, who asks, and the ticket; raise Problem 401, 403 or 404."""
    at_hand = doors(http)
    principal = at_hand.principal(http)
    return at_hand, principal, await at_hand.commands.visible(ticket_id, principal)


async def file_of(
    http: HttpRequest, ticket_id: UUID, attachment_id: UUID
) -> tuple[Doors, Ticket, Attachment]:
    """Return a file with its ticket; what is erased, or of the other side alone, is not there.

    Raise Problem 401, 403 or 404.
    """
    at_hand, principal, ticket = await asked(http, ticket_id)
    known = await attachments.find(at_hand.engine, ticket_id, attachment_id)
    if known is None or known.erased_at is not None or not may_see(principal, ticket, known):
        raise not_found("file")
    return at_hand, ticket, known


async def own_file_of(
    http: HttpRequest, ticket_id: UUID, attachment_id: UUID
) -> tuple[Doors, Ticket, Attachment]:
    """Return a file to the side that announced it; raise Problem as `file_of` does, 403 else."""
    at_hand, ticket, known = await file_of(http, ticket_id, attachment_id)
    if not _same_side(at_hand.principal(http), known):
        raise Problem(403, "actor_not_entitled", "the side that announced a file sends it")
    return at_hand, ticket, known


async def named(
    at_hand: Doors, principal: Principal, ticket_id: UUID, ids: tuple[UUID, ...], *, whole: bool
) -> dict[UUID, Attachment]:
    """Return the files that a message names; `whole` says that all must have fully arrived.

    Raise Problem 404 for the ticket, 422 for a file that one may not see, 409 for half a file.
    """
    if not ids:
        return {}
    ticket = await at_hand.commands.visible(ticket_id, principal)
    taken = await attachments.take(at_hand.engine, ticket_id, ids)
    files = {each.attachment_id: each for each in taken}
    for n, each in enumerate(ids):
        known = files.get(each)
        if known is None or not may_see(principal, ticket, known):
            detail = f"the ticket has no file {each}"
            wrong = {
                "pointer": f"/attachments/{n}",
                "code": "unknown_attachment",
                "detail": detail,
            }
            raise Problem(422, "unknown_attachment", detail, errors=[wrong])
        if whole and known.completed_at is None:
            raise Problem(409, "attachment_incomplete", f"{each} has not fully arrived")
    return files


def may_see(principal: Principal, ticket: Ticket, known: Attachment) -> bool:
    """Return whether a file is for this principal: before it is sent it is for one side only."""
    return known.attachment_id in ticket.contents or _same_side(principal, known)


def _same_side(principal: Principal, known: Attachment) -> bool:
    return (principal.role == "customer") == (known.by_kind == "customer")
