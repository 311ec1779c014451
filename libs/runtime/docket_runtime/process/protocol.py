"""HTTP/1.1 over one connection within bounds: uvicorn's protocol, which has none of them.

A head has so many bytes and so many seconds. A body keeps coming, and so does the reading of an
answer, at a least rate. What is left of a body after its answer is read for a moment, so that the
sender sees the answer. The timers run only while something is waited for: a request that comes
whole arms none.
"""

from asyncio import BaseTransport, TimerHandle, Transport
from http import HTTPStatus
from typing import ClassVar, cast

import msgspec
import structlog
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from docket_runtime import metrics
from docket_runtime.process.bounds import Bounds, OpenConnections

LINGER_S = 3
MOST_PIPELINED = 32


log = structlog.get_logger()


class TooManyPipelined(Exception):
    """More requests were sent ahead of their answers than are kept."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection; `bounded` makes the class for the bounds of a process."""

    bounds: ClassVar[Bounds]
    others: ClassVar[OpenConnections]

    _in_head = _in_body = False
    _begun = 0
    _head_bytes = 0
    _arrived = 0
    _excused = False
    _unread = 0
    _reading: TimerHandle | None = None
    _writing: TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Wait for a head, or refuse the connection where there are too many."""
        super().connection_made(cast("Transport", transport))
        self._address = self.client[0] if self.client else ""
        if self.others.enter(self._address):
            self._reading = self.loop.call_later(self.bounds.head_s, self._end_head)
        else:
            if self.others.told(self.loop.time()):
                log.warning("connections_refused", reason="too_many_connections")
            self._refuse(503, "too_many_connections", "close some of your connections")

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of the timers and the place among the connections."""
        self._stop_reading()
        self._stop_writing()
        self._unset_keepalive_if_required()
        self.others.leave(self._address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read what came, and watch what has not come whole."""
        if self.transport.is_closing():
            return
        waiting, begun = not (self._in_head or self._in_body), self._begun
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._in_body:
            self._arrived += len(data)
            if self._reading is None:
                self._watch_body()
        elif self._in_head or (waiting and begun == self._begun):  # or empty lines before a head
            self._watch_head(len(data) if begun == self._begun else 0)

    def on_message_begin(self) -> None:
        """Begin a head."""
        self._begun += 1
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """End a head; raise TooManyPipelined, which ends the connection."""
        self._in_head, self._in_body, self._head_bytes = False, True, 0
        self._stop_reading()
        if len(self.pipeline) >= MOST_PIPELINED:
            self._cut("too_many_pipelined")
            raise TooManyPipelined
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End a body."""
        self._in_body = False
        self._stop_reading()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """End an answer; if it came before the end of the body, the rest has a moment to come."""
        super().on_response_complete()
        if self._in_body and self.cycle.response_complete and not self.transport.is_closing():
            self._stop_reading()
            self._reading = self.loop.call_later(LINGER_S, self.transport.close)

    def pause_writing(self) -> None:
        """Watch a reader that does not keep up."""
        super().pause_writing()
        if self._writing is None:
            self._watch_reader()

    def resume_writing(self) -> None:
        """Let a reader be that has caught up."""
        self._stop_writing()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        self._refuse(400, "malformed_request", "this is no HTTP request")

    def _watch_head(self, size: int) -> None:
        self._head_bytes += size  # but for the first chunk, which may hold a whole request before
        if self._head_bytes > self.bounds.head_bytes:
            most = f"a request line with its headers has at most {self.bounds.head_bytes} bytes"
            self._refuse(431, "headers_too_large", most)
        elif self._reading is None:
            self._reading = self.loop.call_later(self.bounds.head_s, self._end_head)

    def _end_head(self) -> None:
        if self._in_head:
            self._refuse(408, "request_too_slow", "the headers took too long")
        else:
            metrics.CONNECTIONS_CUT.labels("silent").inc()
            self.transport.close()

    def _watch_body(self) -> None:
        self._arrived, self._excused = 0, self.flow.read_paused
        self._reading = self.loop.call_later(self.bounds.body_s, self._end_body)

    def _end_body(self) -> None:
        """Wait on for a body of which enough came, or that we did not read; else refuse it."""
        enough = self.bounds.body_s * self.bounds.least_rate
        if self._excused or self.flow.read_paused or self._arrived >= enough:
            self._watch_body()
        else:
            self._refuse(408, "request_too_slow", "the body came too slowly")

    def _watch_reader(self) -> None:
        self._unread = self.transport.get_write_buffer_size()
        self._writing = self.loop.call_later(self.bounds.reader_s, self._end_reader)

    def _end_reader(self) -> None:
        read = self._unread - self.transport.get_write_buffer_size()
        if read >= self.bounds.reader_s * self.bounds.least_rate:
            self._watch_reader()
        else:
            self._cut("reader_too_slow")

    def _refuse(self, status: int, code: str, detail: str) -> None:
        """Answer without the application and hang up; only hang up if it is answering."""
        if self.transport.is_closing():
            return
        cycle = cast("RequestResponseCycle | None", self.cycle)
        if cycle is not None and not cycle.response_complete:
            if cycle.response_started or self.pipeline:
                self._cut(code)
                return
            cycle.disconnected = True
        metrics.CONNECTIONS_CUT.labels(code).inc()
        self.transport.write(_problem(status, code, detail))
        self.transport.close()

    def _cut(self, code: str) -> None:
        metrics.CONNECTIONS_CUT.labels(code).inc()
        self.transport.abort()

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _stop_writing(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None


def bounded(bounds: Bounds, proxies: frozenset[str] = frozenset()) -> type[BoundedProtocol]:
    """Return the protocol within these bounds, whose connections are counted together."""
    counted = OpenConnections(bounds, proxies)
    return type("Bounded", (BoundedProtocol,), {"bounds": bounds, "others": counted})


def _problem(status: int, code: str, detail: str) -> bytes:
    title = HTTPStatus(status).phrase
    said = {"type": f"/problems/{code}", "title": title, "status": status, "code": code}
    body = msgspec.json.encode({**said, "detail": detail})
    head = (
        f"HTTP/1.1 {status} {title}\r\ncontent-type: application/problem+json\r\n"
        f"content-length: {len(body)}\r\nretry-after: 1\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body
