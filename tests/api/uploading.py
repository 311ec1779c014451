"""A caller who sends files: what the tests of attachments share."""

from hashlib import sha256
from typing import Any

import httpx

PARTIAL = "application/offset+octet-stream"


def announcement(body: bytes, **more: Any) -> dict[str, Any]:
    """Return what one says of a file before it is sent."""
    usual = {"name": "agent.log", "media_type": "text/plain"}
    return {**usual, "size": len(body), "sha256": sha256(body).hexdigest(), **more}


async def announce(api, ticket, body: bytes, **more: Any) -> str:
    """Announce a file and return its place."""
    answer = await api.post(f"/v1/tickets/{ticket['id']}/attachments", announcement(body, **more))
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"].endswith(answer.json()["id"])
    return str(answer.headers["location"])


async def put(api, place: str, body: Any) -> httpx.Response:
    return await api.http.put(place, headers=_auth(api), content=body)


async def patch(api, place: str, offset: int, body: Any, **more: str) -> httpx.Response:
    said = {"Upload-Offset": str(offset), "Content-Type": PARTIAL, **more}
    return await api.http.patch(place, headers={**_auth(api), **said}, content=body)


async def head(api, place: str) -> httpx.Response:
    return await api.http.head(place, headers=_auth(api))


async def uploaded(api, ticket, body: bytes, **more: Any) -> str:
    """Announce and send a file; return its id."""
    place = await announce(api, ticket, body, **more)
    answer = await put(api, place, body)
    assert answer.status_code == 204, answer.text
    return place.rpartition("/")[2]


async def listed(api, ticket) -> list[dict[str, Any]]:
    answer = await api.get(f"/v1/tickets/{ticket['id']}/attachments")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def _auth(api) -> dict[str, str]:
    return {"Authorization": f"Bearer {api.token}"}
