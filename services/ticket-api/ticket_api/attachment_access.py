"""Whose file it is: who may see it, who may send its bytes, which files a message may send."""

from collections.abc import Container
from uuid import UUID

from starlette.requests import Request as HttpRequest

from docket_lifecycle.state.ticket import Ticket
from docket_runtime.settings import Settings
from ticket_api import attachments
from ticket_api.attachments import Attachment
from ticket_api.auth import Principal
from ticket_api.bodies.attachments import AttachmentBody
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
    found = {each.attachment_id: each for each in await files_of(at_hand, ticket)}
    known = found.get(attachment_id)
    sent = ticket.contents()
    if known is None or known.erased_at is not None or not may_see(principal, sent, known):
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


async def files_of(at_hand: Doors, ticket: Ticket) -> list[Attachment]:
    """Return the files of a ticket, those that were announced in opening it among them."""
    found = await attachments.of_ticket(at_hand.engine, ticket.id)
    known = {each.attachment_id for each in found}
    told = {each for each, content in ticket.contents().items() if content.is_file}
    if told <= known:
        return found
    await attachments.adopt(at_hand.engine, ticket.id)
    return await attachments.of_ticket(at_hand.engine, ticket.id)


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
    sent = ticket.contents()
    for n, each in enumerate(ids):
        known = files.get(each)
        if known is None or not may_see(principal, sent, known):
            detail = f"the ticket has no file {each}"
            raise _unfit(f"/attachments/{n}", "unknown_attachment", detail)
        if whole and known.completed_at is None:
            raise Problem(409, "attachment_incomplete", f"{each} has not fully arrived")
    return files


def refuse_unfit(body: AttachmentBody, rules: Settings, where: str = "") -> None:
    """Raise Problem 413 for a file that is too large, 422 for a type that is not taken."""
    if body.size > rules.file_max_bytes:
        most = f"a file has at most {rules.file_max_bytes} bytes"
        raise _unfit(f"{where}/size", "file_too_large", most, 413)
    if body.media_type not in rules.file_types.replace(" ", "").split(","):
        taken = f"taken are {rules.file_types}"
        raise _unfit(f"{where}/media_type", "media_type_not_taken", taken)


def _unfit(pointer: str, code: str, detail: str, status: int = 422) -> Problem:
    wrong = {"pointer": pointer, "code": code, "detail": detail}
    return Problem(status, code, detail, errors=[wrong])


def may_see(principal: Principal, sent: Container[UUID], known: Attachment) -> bool:
    """Return whether a file is for this principal: before it is sent it is for one side only."""
    return known.attachment_id in sent or _same_side(principal, known)


def _same_side(principal: Principal, known: Attachment) -> bool:
    return (principal.role == "customer") == (known.by_kind == "customer")
