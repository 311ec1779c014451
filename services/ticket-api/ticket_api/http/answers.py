"""Answers in JSON, and whether the caller has them already: ETag and If-None-Match (RFC 9110).

Answers are personal, so no cache may keep them (no-store); a client that keeps its own copy asks
with the ETag and gets 304.
"""

from hashlib import sha256
from typing import Annotated, Any

import msgspec
from fastapi import Header
from starlette.responses import Response

IfNoneMatch = Annotated[
    str | None,
    Header(max_length=1000, description="the ETag of what you have; 304 if it still is"),
]

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "what If-None-Match names is still what there is"}
}


def json_response(
    body: Any, headers: dict[str, str] | None = None, *, media_type: str = "application/json"
) -> Response:
    """Return a body as JSON that no cache may keep."""
    return encoded_response(msgspec.json.encode(body), headers, media_type=media_type)


def encoded_response(
    body: bytes, headers: dict[str, str] | None = None, *, media_type: str = "application/json"
) -> Response:
    """Return bytes of JSON that no cache may keep."""
    shown = {"Cache-Control": "no-store", **(headers or {})}
    return Response(body, headers=shown, media_type=media_type)


def tagged_response(
    body: Any,
    etag: str | None = None,
    headers: dict[str, str] | None = None,
    *,
    known: str | None = None,
) -> Response:
    """Return a body as JSON with its ETag, or 304 without it where `known` names that ETag.

    Without an ETag a digest of the body is one. An answer that changes with time while its ETag
    does not is given without `known`.
    """
    encoded = msgspec.json.encode(body)
    etag = etag or f'W/"{sha256(encoded).hexdigest()[:32]}"'
    shown = {"Cache-Control": "no-store", **(headers or {}), "ETag": etag}
    if known is not None and _names(known, etag):
        return Response(status_code=304, headers=shown)
    return Response(encoded, headers=shown, media_type="application/json")


def version_tag(version: int) -> str:
    """Return the ETag of a ticket or an account at a version."""
    return f'"{version}"'


def _names(if_none_match: str, etag: str) -> bool:
    """Return whether it names this ETag; weak and strong ones are the same here."""
    named = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return "*" in named or etag.removeprefix("W/") in named
