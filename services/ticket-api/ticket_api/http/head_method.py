"""HEAD: what GET would answer, without the body (RFC 9110, 9.3.2)."""

import asyncio

from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ROUTED = ("route", "path_params")


class HeadMethod:
    """ASGI middleware: answers HEAD with the headers of a GET; a stream ends once it has begun."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD" or _has_a_route(scope):
            await self._app(scope, receive, send)
            return
        begun = asyncio.Event()

        async def gone() -> Message:
            await begun.wait()
            return {"type": "http.disconnect"}

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                begun.set()

        asked: Scope = {**scope, "method": "GET"}
        try:
            await self._app(asked, gone, without_body)
        finally:  # who notes the request wants to know which route it took
            scope.update((name, asked[name]) for name in ROUTED if name in asked)


def _has_a_route(scope: Scope) -> bool:
    """Return whether a route handles HEAD itself, as that of an upload does."""
    return any(route.matches(scope)[0] is Match.FULL for route in scope["app"].router.routes)
