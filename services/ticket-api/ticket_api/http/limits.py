"""The middleware that bounds URL, headers, body and time of a request."""

import asyncio
from typing import Any
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from docket_runtime.settings import Settings
from ticket_api.http import problems
from ticket_api.http.failure_log import note_failure
from ticket_api.http.problems import Problem

MAX_BODY = 256 * 1024
MAX_HEADERS = 16 * 1024
MOST_HEADERS = 100
MAX_URL = 16 * 1024


class Limits:
    """ASGI middleware: refuses what is too large, and ends what takes too long.

    `within` in the state of the request is its time, which an operation may lift, `most_body` what
    a route takes of a body.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._request_s = settings.request_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state: dict[str, Any] = scope["state"]
        sending = False

        async def counted() -> Message:
            nonlocal sending
            sending = True
            message = await receive()
            sending = False
            state["received"] += len(message.get("body", b""))
            most = state.get("most_body", MAX_BODY)  # a route may take more
            if state["received"] > most:
                raise Problem(413, "body_too_large", f"a body has at most {most} bytes")
            return message

        problem = _refused(scope)
        if problem is None:
            try:
                async with asyncio.timeout(self._request_s) as state["within"]:
                    await self._app(scope, counted, send)
            except TimeoutError:
                if not state["within"].expired() or state["status"]:
                    raise
                problem = _too_slow(self._request_s, sending)
        if problem is not None:
            state["code"] = problem.code
            note_failure(scope, problem)
            await problems.respond(problem, state["trace_id"])(scope, receive, send)


def _refused(scope: Scope) -> Problem | None:
    """Return why a request is refused because of its URL or headers, None if it is not."""
    headers = scope["headers"]
    if len(headers) > MOST_HEADERS or sum(len(n) + len(v) for n, v in headers) > MAX_HEADERS:
        most = f"at most {MOST_HEADERS} headers of {MAX_HEADERS} bytes together"
        return Problem(431, "headers_too_large", most)
    url = scope["raw_path"] + b"?" + scope["query_string"]
    if len(url) > MAX_URL:
        return Problem(414, "url_too_long", f"a path with its query has at most {MAX_URL} bytes")
    try:
        if "\x00" not in unquote_to_bytes(url).decode():
            return None
    except UnicodeDecodeError:
        pass
    return Problem(422, "malformed", "a URL is UTF-8 without NUL")


def _too_slow(most_s: float, sending: bool) -> Problem:
    """Return the answer to a request that took too long: its sender, or us."""
    if sending:
        return Problem(408, "request_too_slow", f"a request is sent within {most_s:g} s")
    return Problem(
        503,
        "took_too_long",
        f"no answer within {most_s:g} s; repeat with the same Idempotency-Key",
        headers={"Retry-After": "1"},
    )
