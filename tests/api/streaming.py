"""ticket-api on a real socket, and clients that read its live streams and let go when they like."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec
import uvicorn

from docket_runtime.process.serve import server_config
from docket_runtime.settings import Settings
from ticket_api.app import build


@dataclass(slots=True)
class Sent:
    """One block of a stream: what it tells, or only where the stream stands."""

    id: str | None = None
    type: str | None = None
    data: dict[str, Any] | None = None
    retry: int | None = None
    comments: list[str] = field(default_factory=list)


@asynccontextmanager
async def serving(settings: Settings, send_buffer: int | None = None) -> AsyncIterator[str]:
    """Serve the API on a free loopback port while the block runs; give its address."""
    # known for TCP by its protocol, or asyncio lets each answer wait for an acknowledgement (40 ms)
    with socket.socket(proto=socket.IPPROTO_TCP) as door:
        door.bind(("127.0.0.1", 0))
        if send_buffer is not None:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
        server = uvicorn.Server(server_config(build(settings), settings))
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # pytest has its own
        task = asyncio.create_task(server.serve(sockets=[door]))
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


async def listen(
    http: httpx.AsyncClient, path: str, last_event_id: str | None = None, **query: Any
) -> AsyncIterator[Sent]:
    """Yield what a stream sends, until it ends or the reader lets go."""
    headers = {} if last_event_id is None else {"Last-Event-ID": last_event_id}
    async with http.stream("GET", path, params=query, headers=headers) as answer:
        if answer.status_code != 200:
            await answer.aread()
            answer.raise_for_status()
        block: list[str] = []
        async for line in answer.aiter_lines():
            if line:
                block.append(line)
            else:
                yield _read(block)
                block = []


class Heard:
    """What a stream has told so far."""

    def __init__(self) -> None:
        self.blocks: list[Sent] = []
        self.grown = asyncio.Condition()

    @property
    def events(self) -> list[Sent]:
        return [sent for sent in self.blocks if sent.data is not None]

    async def until(self, many: int) -> list[Sent]:
        """Return the first so many events, once they are there."""
        async with asyncio.timeout(20), self.grown:
            await self.grown.wait_for(lambda: len(self.events) >= many)
            return self.events[:many]


@asynccontextmanager
async def hearing(
    http: httpx.AsyncClient, path: str, last_event_id: str | None = None, **query: Any
) -> AsyncIterator[Heard]:
    """Listen to a stream while the block runs, which begins when the stream does."""
    heard = Heard()

    async def hear() -> None:
        async for sent in listen(http, path, last_event_id, **query):
            async with heard.grown:
                heard.blocks.append(sent)
                heard.grown.notify_all()

    task = asyncio.create_task(hear())
    try:
        async with asyncio.timeout(20), heard.grown:
            await heard.grown.wait_for(lambda: heard.blocks)
        yield heard
    finally:
        task.cancel()
        await asyncio.wait([task])


async def told(
    http: httpx.AsyncClient, path: str, many: int, last_event_id: str | None = None, **query: Any
) -> list[Sent]:
    """Return the first so many events that a stream tells."""
    async with hearing(http, path, last_event_id, **query) as heard:
        return await heard.until(many)


def as_caller(address: str, token: str, receive_buffer: int | None = None) -> httpx.AsyncClient:
    """Return a client that speaks for the token's holder."""
    narrow = [(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)] if receive_buffer else None
    return httpx.AsyncClient(
        transport=httpx.AsyncHTTPTransport(socket_options=narrow),
        base_url=address,
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )


def _read(lines: list[str]) -> Sent:
    sent = Sent()
    for line in lines:
        name, _, value = line.partition(": ")
        match name:
            case "":
                sent.comments.append(value)
            case "id":
                sent.id = value
            case "event":
                sent.type = value
            case "retry":
                sent.retry = int(value)
            case "data":
                sent.data = msgspec.json.decode(value)
            case _:
                raise AssertionError(f"not a line of an event stream: {line}")
    return sent
