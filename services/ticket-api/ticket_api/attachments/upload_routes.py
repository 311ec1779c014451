"""The bytes of a file over HTTP: sent in parts or whole, fetched as something to keep.

Uploads work as in tus 1.0 (`Upload-Offset`); after an interruption a client asks by HEAD where to
continue.
"""

from base64 import b64encode
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header
from starlette.requests import Request as HttpRequest
from starlette.responses import Response, StreamingResponse

from docket_runtime.files import Gone
from ticket_api.attachments.access import file_of, own_file_of
from ticket_api.attachments.evidence import checked
from ticket_api.attachments.receiving import receiving_of
from ticket_api.attachments.records import file_store_of
from ticket_api.attachments.upkeep import upkeep_of
from ticket_api.attachments.upload import PART, begin_again, receive
from ticket_api.http.downloads import attachment
from ticket_api.http.problem_docs import problems
from ticket_api.http.problems import Problem, not_found
from ticket_api.http.runtime import runtime_of
from ticket_api.tickets.files import Attachment

router = APIRouter(
    prefix="/v1/tickets/{ticket_id}/attachments/{attachment_id}", tags=["attachments"]
)

PARTIAL = "application/offset+octet-stream"
BYTES = {"schema": {"type": "string", "format": "binary"}}
SENT = problems(
    401,
    403,
    404,
    502,
    503,
    codes={
        400: ("upload_cut",),
        409: (
            "offset_conflict",
            "upload_conflict",
            "upload_in_progress",
            "upload_lost",
            "too_many_parts",
        ),
        422: ("beyond_announced_size", "digest_mismatch", "media_type_mismatch"),
        429: ("too_many_uploads",),
        503: ("busy",),
    },
)

Offset = Annotated[
    int, Header(alias="Upload-Offset", ge=0, le=2**53 - 1, description="what is there already")
]


@router.head(
    "", operation_id="get_upload", status_code=204, responses=problems(401, 403, 404, 422, 502, 503)
)
async def upload(http: HttpRequest, ticket_id: UUID, attachment_id: UUID) -> Response:
    """Tell where an upload goes on: `Upload-Offset` of `Upload-Length` bytes are there."""
    _, _, known = await file_of(http, ticket_id, attachment_id)
    return Response(status_code=204, headers=upload_headers(known))


@router.patch(
    "",
    operation_id="append_upload",
    status_code=204,
    responses={**SENT, **problems(415, codes={415: ("not_partial",)})},
    openapi_extra={"requestBody": {"required": True, "content": {PARTIAL: BYTES}}},
)
async def append(
    http: HttpRequest, ticket_id: UUID, attachment_id: UUID, upload_offset: Offset
) -> Response:
    """Send the bytes behind `Upload-Offset`; what arrived before a cut stays.

    With the last byte the digest is checked: of a file that is not what was announced nothing is
    kept, and it can be sent again from the start.
    """
    _, known = await own_file_of(http, ticket_id, attachment_id)
    media_type = http.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != PARTIAL:
        raise Problem(415, "not_partial", f"send {PARTIAL}")
    if known.completed_at is not None or upload_offset != known.received:
        headers = upload_headers(known)
        raise Problem(409, "offset_conflict", f"go on at {known.received}", headers=headers)
    return await _receive(http, known)


@router.put(
    "",
    operation_id="put_upload",
    status_code=204,
    responses=SENT,
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/octet-stream": BYTES}}
    },
)
async def put(http: HttpRequest, ticket_id: UUID, attachment_id: UUID) -> Response:
    """Send a file whole, from its first byte; what an earlier try has left is thrown away."""
    _, known = await own_file_of(http, ticket_id, attachment_id)
    return await _receive(http, known, anew=True)


@router.get(
    "",
    operation_id="get_attachment",
    response_class=Response,
    responses={
        200: {"description": "the bytes", "content": {"application/octet-stream": BYTES}},
        **problems(401, 403, 404, 422, 502, 503, codes={409: ("attachment_incomplete",)}),
    },
)
async def fetch(http: HttpRequest, ticket_id: UUID, attachment_id: UUID) -> Response:
    """Fetch a file, as something to keep and never as a page; its digest is in `Repr-Digest`.

    Name, type, size and digest are those with which it was sent. Where the bytes are others the
    answer is 502, or for a large file cut off before its end.
    """
    _, _, known = await file_of(http, ticket_id, attachment_id)
    if known.completed_at is None or known.sha256 is None:
        raise Problem(409, "attachment_incomplete", "the file has not fully arrived")
    parts = checked(file_store_of(http).read(known.place, known.parts), known)
    try:
        first = await anext(parts)
    except Gone:
        raise not_found("file") from None
    return StreamingResponse(
        _from(first, parts),
        headers={
            "Content-Length": str(known.size),
            "Content-Type": known.media_type,
            "Content-Disposition": attachment(known.name or ""),
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Repr-Digest": f"sha-256=:{b64encode(known.sha256).decode()}:",
            "Cache-Control": "private, no-store",
        },
    )


async def _receive(http: HttpRequest, known: Attachment, *, anew: bool = False) -> Response:
    http.state.most_body = known.size + PART  # the bound of the file itself answers first
    engine, files = runtime_of(http).engine, file_store_of(http)
    with receiving_of(http).one(known.attachment_id, http.state.who):
        if anew and known.received:
            known = await begin_again(engine, files, known)
        known = await receive(engine, files, known, http.stream())
    if known.completed_at is not None:
        await upkeep_of(http).complete_request(known)
    return Response(status_code=204, headers=upload_headers(known))


async def _from(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield what was read before the answer began, and then the rest.

    If a part was deleted meanwhile, or is another, the answer is cut off, and shorter than its
    Content-Length.
    """
    yield first
    async for part in rest:
        yield part


def upload_headers(known: Attachment) -> dict[str, str]:
    """Return the headers that say how far an upload has come."""
    return {
        "Upload-Offset": str(known.received),
        "Upload-Length": str(known.size),
        "Cache-Control": "no-store",
    }
