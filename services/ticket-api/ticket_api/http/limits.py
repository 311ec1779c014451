"""The outermost middleware of the API: limits of a request, its trace id, its one log line."""

import asyncio
from collections.abc import Callable, MutableMapping
from time import perf_counter
from typing import Any
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from docket_runtime.new_ids import new_id
from docket_runtime.settings import Settings
from ticket_api.http import problems
from ticket_api.http.problems import Problem
from ticket_api.http.request_log import note_request

MAX_BODY = 256 * 1024
MAX_HEADERS = 16 * 1024
MOST_HEADERS = 100
MAX_URL = 16 * 1024
HSTS = ((b"strict-transport-security", b"max-age=31536000"),)
"""Once reached over https, for a year over nothing else (RFC 6797)."""


class Limits:
    """ASGI middleware: bounds URL, headers, body and time, logs each request once.

    What the gate finds out is in the state of the request: `within` is its time, which an operation
    may lift, `rates` are headers of the answer, `ended` is called when the request has ended.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._request_s = settings.request_s
        self._address = settings.log_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state: dict[str, Any] = scope.setdefault("state", {})
        state["trace_id"] = trace_id = new_id().hex
        ended: list[Callable[[], None]] = []
        state["ended"] = ended
        started, status, received, sending = perf_counter(), 0, 0, False

        async def counted() -> Message:
            nonlocal received, sending
            sending = True
            message = await receive()
            sending = False
            received += len(message.get("body", b""))
            most = state.get("most_body", MAX_BODY)  # a route may take more
            if received > most:
                raise Problem(413, "body_too_large", f"a body has at most {most} bytes")
            return message

        async def noted(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    *state.get("rates", ()),
                    (b"x-request-id", trace_id.encode()),
                    (b"x-content-type-options", b"nosniff"),
                    *(HSTS if scope["scheme"] == "https" else ()),
                ]
            await send(message)

        try:
            problem = _refused(scope)
            if problem is None:
                try:
                    async with asyncio.timeout(self._request_s) as state["within"]:
                        await self._app(scope, counted, noted)
                except TimeoutError:
                    if not state["within"].expired() or status:
                        raise
                    problem = _too_slow(self._request_s, sending)
            if problem is not None:
                state["code"] = problem.code
                await problems.respond(problem, trace_id)(scope, receive, noted)
        finally:
            for call in ended:
                call()
            ms = (perf_counter() - started) * 1000
            note_request(scope, status or 500, ms, address=self._address)


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
