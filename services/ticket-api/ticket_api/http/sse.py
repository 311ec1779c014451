"""A live stream as an HTTP answer: Server-Sent Events that end when they must.

A reader who is too slow is cut off, a stream ends with its token, and both continue with
Last-Event-ID and miss nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Callable

import structlog
from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import SendTimeoutError
from starlette.types import Receive, Scope, Send

from docket_runtime import metrics
from docket_runtime.unavailable import Unavailable
from ticket_api.http.request_log import route_of

HEARTBEAT_S = 15
SEND_PATIENCE_S = 20
RETRY_MS = 1000

log = structlog.get_logger()


class LiveStream(EventSourceResponse):
    """Sends events for `lasts_s` at most; `pulse` makes the heartbeat, a comment by itself."""

    def __init__(
        self,
        events: AsyncIterator[bytes],
        *,
        lasts_s: float,
        pulse: Callable[[], ServerSentEvent] | None = None,
    ) -> None:
        super().__init__(
            events,
            ping=HEARTBEAT_S,
            ping_message_factory=pulse or (lambda: ServerSentEvent(comment="still here")),
            send_timeout=SEND_PATIENCE_S,
        )
        self._lasts_s = lasts_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(self._lasts_s):
                await super().__call__(scope, receive, send)
        except SendTimeoutError:
            metrics.STREAMS_ENDED.labels("slow_reader").inc()
            log.info("stream_cut", route=route_of(scope), reason="the reader is too slow")
        except (TimeoutError, Unavailable) as end:
            why = "unavailable" if isinstance(end, Unavailable) else "token_ended"
            metrics.STREAMS_ENDED.labels(why).inc()
            log.info("stream_ended", route=route_of(scope), reason=type(end).__name__)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
