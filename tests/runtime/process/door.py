"""A server with bounds on a free port, and clients that send it any bytes."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from docket_runtime.process.serve import server_config
from docket_runtime.settings import Settings

WAIT_S = 10
SHORT = {"http_head_s": 0.3, "http_body_s": 0.3, "http_reader_s": 0.3, "http_idle_s": 1}
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
ANSWER = b"x" * 10
LARGE = 8 * 1024 * 1024


async def app(scope, receive, send) -> None:
    """Answer a request once its body is there, `/at-once` before, `/large` with much."""
    if scope["type"] == "lifespan":
        while (message := await receive())["type"] != "lifespan.shutdown":
            await send({"type": f"{message['type']}.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    while scope["path"] != "/at-once":
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        if not message.get("more_body"):
            break
    body = b"y" * LARGE if scope["path"] == "/large" else ANSWER
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": body})


class Client:
    """A client that sends any bytes, and sees whether it is hung up on."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def says(self, raw: bytes) -> None:
        self.writer.write(raw)
        await self.writer.drain()

    async def answer(self) -> bytes:
        """Return an answer of the application."""
        async with asyncio.timeout(WAIT_S):
            return await self.reader.readuntil(ANSWER)

    async def end(self) -> bytes:
        """Return what comes until the server hangs up."""
        heard = b""
        async with asyncio.timeout(WAIT_S):
            try:
                while chunk := await self.reader.read(65_536):
                    heard += chunk
            except ConnectionError:
                pass
        return heard

    async def keeps_saying(self, raw: bytes, every_s: float) -> bytes:
        """Say it again and again until the server hangs up; return what it said."""
        ended = asyncio.create_task(self.end())
        while not ended.done():
            try:
                await self.says(raw)
            except ConnectionError:
                break
            await asyncio.wait([ended], timeout=every_s)
        return await ended


@asynccontextmanager
async def door(**bounds) -> AsyncIterator["Door"]:
    """Serve the application within bounds, on a free port."""
    settings = Settings(env="test", **{**SHORT, **bounds})
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(server_config(app, settings, grace_s=1))
        task = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        opened = Door(listening.getsockname()[1], server)
        try:
            yield opened
        finally:
            for client in opened.clients:
                client.writer.close()
            server.should_exit = True
            await task


class Door:
    """Where clients come in."""

    def __init__(self, port: int, server: uvicorn.Server) -> None:
        self.port = port
        self.server = server
        self.clients: list[Client] = []

    async def client(self) -> Client:
        client = Client(*await asyncio.open_connection("127.0.0.1", self.port))
        self.clients.append(client)
        return client
