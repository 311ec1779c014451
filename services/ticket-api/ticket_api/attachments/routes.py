"""The files of a ticket over HTTP: announced, listed, taken back.

The name of a file is content: it is never in an event and can be erased. The bytes are sent and
fetched by `upload_routes`.
"""

from collections.abc import Container
from typing import Annotated, Any
from uuid import UUID, uuid5

import msgspec
from fastapi import APIRouter, Header
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from docket_events.ids import partition_of_ticket
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.phases import refuse_ended
from docket_lifecycle.state.ticket import Ticket
from docket_policies.terms.loader import policy_of
from docket_runtime.new_ids import new_id
from ticket_api.attachments import records
from ticket_api.attachments.access import files_of, own_file_of, ticket_of
from ticket_api.attachments.schemas import AttachmentList, AttachmentState
from ticket_api.attachments.upload_routes import upload_headers
from ticket_api.commands.bodies.attachments import AttachmentBody
from ticket_api.commands.message_files import refuse_unfit
from ticket_api.commands.request import CommandRequest, read_request
from ticket_api.http.body_docs import json_request
from ticket_api.http.problem_docs import problems
from ticket_api.http.problems import Problem, refused
from ticket_api.http.requests import json_body, read_body
from ticket_api.http.runtime import Runtime, runtime_of
from ticket_api.tickets.files import Attachment
from ticket_api.tickets.files import of_ticket as of_rows
from ticket_api.tickets.stored_bytes import stored_bytes_of

router = APIRouter(prefix="/v1/tickets/{ticket_id}/attachments", tags=["attachments"])

Key = Annotated[str | None, Header(min_length=1, max_length=255, pattern="^[ -~]+$")]


@router.post(
    "",
    operation_id="announce_attachment",
    status_code=201,
    response_model=AttachmentState,
    responses=problems(
        401,
        403,
        404,
        415,
        503,
        codes={
            409: (
                "ticket_closed",
                "ticket_revoked",
                "ticket_rejected",
                "ticket_merged",
                "too_many_attachments",
            ),
            413: ("file_too_large", "ticket_quota_exceeded", "account_quota_exceeded"),
            422: ("media_type_not_taken", "idempotency_key_reused"),
        },
    ),
    openapi_extra={"requestBody": json_request(AttachmentBody, AttachmentBody.example)},
)
async def announce(http: HttpRequest, ticket_id: UUID, idempotency_key: Key = None) -> Response:
    """Announce a file; its bytes come next, to the place in `Location`.

    A file that no message sends within a day is forgotten.
    """
    principal, ticket = await ticket_of(http, ticket_id)
    engine = runtime_of(http).engine
    raw = await json_body(http)
    body = read_body(AttachmentBody, raw)
    request = read_request(http, principal, raw)
    refuse_unfit(body, runtime_of(http).settings)
    attachment_id = _id_for(request, ticket_id)
    known = await records.find(engine, ticket_id, attachment_id)
    replayed = known is not None
    if known is None:
        await _refuse_more(ticket, runtime_of(http), body.size)
        await stored_bytes_of(http).add_exactly(ticket.account_id, body.size)
        known = await records.announce(
            engine,
            {
                "partition": partition_of_ticket(ticket_id),
                "attachment_id": attachment_id,
                "ticket_id": ticket_id,
                "by_kind": principal.role,
                "by_id": principal.subject,
                "request_hash": request.request_hash,
                "name": body.name,
                "media_type": body.media_type,
                "size": body.size,
                "sha256": bytes.fromhex(body.sha256),
            },
        )
    if known.request_hash != request.request_hash:
        raise Problem(
            422, "idempotency_key_reused", "this Idempotency-Key came with another request"
        )
    headers = {"Location": f"{http.url.path}/{attachment_id}", **upload_headers(known)}
    if replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(
        msgspec.json.encode(_view(known, ticket.contents())), 201, headers, "application/json"
    )


@router.get(
    "",
    operation_id="list_attachments",
    response_model=AttachmentList,
    responses=problems(401, 403, 404, 422, 502, 503),
)
async def of_ticket(http: HttpRequest, ticket_id: UUID) -> Response:
    """List the files of a ticket, and those of your side that no message has sent yet."""
    _, ticket, files = await files_of(http, ticket_id)
    sent = ticket.contents()
    shown = [_view(each, sent) for each in files]
    body = msgspec.json.encode({"items": shown})
    return Response(body, 200, {"Cache-Control": "no-store"}, "application/json")


@router.delete(
    "/{attachment_id}",
    operation_id="withdraw_attachment",
    status_code=204,
    responses=problems(401, 403, 404, 422, 502, 503, codes={409: ("attachment_already_sent",)}),
)
async def withdraw(http: HttpRequest, ticket_id: UUID, attachment_id: UUID) -> Response:
    """Take back a file that no message has sent; what was sent is erased by `erase`."""
    ticket, known = await own_file_of(http, ticket_id, attachment_id)
    if known.attachment_id in ticket.contents():
        raise Problem(409, "attachment_already_sent", "a message has sent the file")
    await records.give_up(runtime_of(http).engine, known)
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


def _id_for(request: CommandRequest, ticket_id: UUID) -> UUID:
    """Return a new id, or the one that belongs to this caller's Idempotency-Key."""
    if request.key is None:
        return new_id()
    return uuid5(ticket_id, request.key.hex())


async def _refuse_more(ticket: Ticket, runtime: Runtime, size: int) -> None:
    """Raise Problem 409 if the ticket has ended or has too many files, 413 if too many bytes."""
    try:
        refuse_ended(ticket, policy_of(ticket))
    except Refused as refusal:
        raise refused(refusal) from refusal
    there = [each for each in await of_rows(runtime.engine, ticket.id) if each.erased_at is None]
    most, most_bytes = runtime.settings.files_per_ticket, runtime.settings.ticket_bytes
    if sum(each.size for each in there) + size > most_bytes:
        raise Problem(
            413,
            "ticket_quota_exceeded",
            f"the files of a ticket have at most {most_bytes} bytes together",
        )
    if len(there) >= most:
        raise Problem(409, "too_many_attachments", f"a ticket has at most {most} files")


def _view(known: Attachment, sent: Container[UUID]) -> dict[str, Any]:
    return {
        "id": known.attachment_id,
        "state": known.state,
        "sent": known.attachment_id in sent,
        "name": known.name,
        "media_type": known.media_type,
        "size": known.size,
        "sha256": known.sha256.hex() if known.sha256 is not None else None,
        "received": known.received,
        "by": known.by_id,
        "announced_at": known.announced_at,
        "completed_at": known.completed_at,
        "erased_at": known.erased_at,
    }
