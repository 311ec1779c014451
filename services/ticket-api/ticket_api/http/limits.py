"""The outermost middleware of the API: limits of a request, its trace id, its one log line."""

from collections.abc import MutableMapping
from time import perf_counter
from typing import Any
from urllib.parse import unquote_to_bytes

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from docket_runtime.new_ids import new_id
from ticket_api.http import problems
from ticket_api.http.problems import Problem

MAX_BODY = 256 * 1024
MAX_HEADERS = 16 * 1024
MOST_HEADERS = 100
MAX_URL = 16 * 1024
HSTS = ((b"strict-transport-security", b"max-age=31536000"),)
"""Once reached over https, for a year over nothing else (RFC 6797)."""

log = structlog.get_logger()


class Limits:
    """ASGI middleware: bounds URL, headers and body by counted bytes, logs each request once."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trace_id = new_id().hex
        scope.setdefault("state", {})["trace_id"] = trace_id
        started, status, received = perf_counter(), 500, 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            most = scope["state"].get("most_body", MAX_BODY)  # a route may take more
            if received > most:
                raise Problem(413, "body_too_large", f"a body has at most {most} bytes")
            return message

        async def noted(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", trace_id.encode()),
                    (b"x-content-type-options", b"nosniff"),
                    *(HSTS if scope["scheme"] == "https" else ()),
                ]
            await send(message)

        try:
            problem = _refused(scope)
            if problem is not None:
                await problems.respond(problem, trace_id)(scope, receive, noted)
                return
            await self._app(scope, counted, noted)
        finally:
            log.info(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                trace_id=trace_id,
                ms=round((perf_counter() - started) * 1000, 1),
            )


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
