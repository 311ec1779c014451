"""Answers in JSON, and whether the caller has them already: ETag and If-None-Match (RFC 9110).

What is answered is personal, so nobody on the way may keep it (no-store); a client that keeps its
own copy asks with the ETag and is told 304.
"""

from hashlib import sha256
from typing import Any

import msgspec
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "what If-None-Match names is still what there is"}
}


def answer(
    http: HttpRequest, body: Any, headers: dict[str, str] | None = None, *, keeps: bool = True
) -> Response:
    """Return the body as JSON, or 304 without it where the caller has it.

    An ETag among the headers is what the caller may have; without one, the ETag is a digest of the
    body. `keeps` says no where the answer changes with time while its ETag does not.
    """
    encoded = msgspec.json.encode(body)
    said = {"Cache-Control": "no-store", **(headers or {})}
    said.setdefault("ETag", f'W/"{sha256(encoded).hexdigest()[:32]}"')
    if keeps and has(http, said["ETag"]):
        return Response(status_code=304, headers=said)
    return Response(encoded, headers=said, media_type="application/json")


def has(http: HttpRequest, etag: str) -> bool:
    """Tell whether If-None-Match names this ETag; weak and strong ones are the same here."""
    named = {
        tag.strip().removeprefix("W/") for tag in http.headers.get("if-none-match", "").split(",")
    }
    return "*" in named or etag.removeprefix("W/") in named
