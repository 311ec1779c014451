"""Answers in JSON, and whether the caller has them already: ETag and If-None-Match (RFC 9110).

What is answered is personal, so nobody on the way may keep it (no-store); a client that keeps its
own copy asks with the ETag and is told 304.
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


def answer(
    body: Any, headers: dict[str, str] | None = None, *, known: str | None = None
) -> Response:
    """Return the body as JSON, or 304 without it where its ETag is among those of `known`.

    Without an ETag among the headers a digest of the body is its ETag. An answer that changes with
    time while its ETag does not is given without `known`.
    """
    encoded = msgspec.json.encode(body)
    said = {"Cache-Control": "no-store", **(headers or {})}
    said.setdefault("ETag", f'W/"{sha256(encoded).hexdigest()[:32]}"')
    if known is not None and _names(known, said["ETag"]):
        return Response(status_code=304, headers=said)
    return Response(encoded, headers=said, media_type="application/json")


def _names(if_none_match: str, etag: str) -> bool:
    """Tell whether it names this ETag; weak and strong ones are the same here."""
    named = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return "*" in named or etag.removeprefix("W/") in named
