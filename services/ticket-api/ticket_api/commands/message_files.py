"""The files that a message sends: which it may name, and what may be announced with a ticket."""

from uuid import UUID

from starlette.requests import Request as HttpRequest

from docket_runtime.settings import Settings
from ticket_api.auth.tokens import Principal
from ticket_api.commands.bodies.attachments import AttachmentBody
from ticket_api.http.media_types import canonical
from ticket_api.http.problems import Problem
from ticket_api.http.runtime import runtime_of
from ticket_api.tickets.files import Attachment, may_see, take
from ticket_api.tickets.reader import reader_of


async def files_of_message(
    http: HttpRequest,
    principal: Principal,
    ticket_id: UUID,
    ids: tuple[UUID, ...],
    *,
    whole: bool,
) -> dict[UUID, Attachment]:
    """Return the files that a message names; `whole` says that all must have fully arrived.

    Raise Problem 404 for the ticket, 422 for a file that one may not see, 409 for half a file.
    """
    if not ids:
        return {}
    ticket = await reader_of(http).ticket(ticket_id, principal)
    taken = await take(runtime_of(http).engine, ticket_id, ids)
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
    if body.media_type not in map(canonical, rules.file_types.split(",")):
        taken = f"taken are {rules.file_types}"
        raise _unfit(f"{where}/media_type", "media_type_not_taken", taken)


def _unfit(pointer: str, code: str, detail: str, status: int = 422) -> Problem:
    wrong = {"pointer": pointer, "code": code, "detail": detail}
    return Problem(status, code, detail, errors=[wrong])
