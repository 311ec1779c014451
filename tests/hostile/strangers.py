"""Clients without a token that speak no good HTTP: each tells how long it was listened to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from time import perf_counter

from docket_devstack.ports import LOOPBACK

ELSEWHERE = "127.0.0.66"
"""Another address of this machine, so that strangers use up nobody else's connections."""
LONGEST_S = 40
BLOCK = b"a" * 65_536
POST = b"POST /v1/tickets HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"

Stranger = Callable[[int], Awaitable[float]]


@asynccontextmanager
async def _connected(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(LOOPBACK, port, local_addr=(ELSEWHERE, 0))
    try:
        yield reader, writer
    finally:
        writer.close()


async def _said(port: int, first: bytes, again: bytes = b"", every_s: float = 0.0) -> float:
    """Say something, and something else again and again; return the seconds until the end."""
    began = perf_counter()
    async with _connected(port) as (reader, writer):
        ended = asyncio.create_task(_end(reader))
        try:
            writer.write(first)
            while not ended.done() and perf_counter() - began < LONGEST_S:
                if again:
                    writer.write(again)
                await writer.drain()
                await asyncio.wait([ended], timeout=every_s if again else 1)
        except ConnectionError:
            pass
        ended.cancel()
    return perf_counter() - began


async def _end(reader: asyncio.StreamReader) -> None:
    try:
        while await reader.read(65_536):
            pass
    except ConnectionError:
        pass


async def endless_header(port: int) -> float:
    return await _said(port, b"GET / HTTP/1.1\r\nX: ", BLOCK, 0.01)


async def many_headers(port: int) -> float:
    return await _said(port, b"GET / HTTP/1.1\r\n", b"X: y\r\n" * 5000, 0.01)


async def dripping_header(port: int) -> float:
    return await _said(port, b"GET / HTTP/1.1\r\nX: ", b"a", 1)


async def silent(port: int) -> float:
    return await _said(port, b"")


async def idle(port: int) -> float:
    return await _said(port, b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")


async def dripping_body(port: int) -> float:
    return await _said(port, POST + b"Content-Length: 100000\r\n\r\n", b" ", 1)


async def stopped_body(port: int) -> float:
    return await _said(port, POST + b"Content-Length: 100000\r\n\r\n{")


async def endless_chunks(port: int) -> float:
    head = POST + b"Transfer-Encoding: chunked\r\n\r\n"
    return await _said(port, head, b"10000\r\n" + BLOCK + b"\r\n", 0.01)


async def pipelining(port: int) -> float:
    return await _said(port, b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n" * 20_000)


STRANGERS: dict[str, Stranger] = {
    each.__name__: each
    for each in (
        endless_header,
        many_headers,
        dripping_header,
        silent,
        idle,
        dripping_body,
        stopped_body,
        endless_chunks,
        pipelining,
    )
}


QUICK = ("endless_header", "many_headers", "endless_chunks", "pipelining")
"""Those who send much and are cut soon."""


def besiege(port: int, each: int, kinds: Sequence[str] = tuple(STRANGERS)) -> dict[str, float]:
    """Let so many of each kind come at once; return how long the last of each was heard.

    For a process of its own, so that it hinders no tester.
    """

    async def come() -> dict[str, float]:
        coming = [name for name in kinds for _ in range(each)]
        lasted = await asyncio.gather(*(STRANGERS[name](port) for name in coming))
        heard = dict.fromkeys(kinds, 0.0)
        for name, seconds in zip(coming, lasted, strict=True):
            heard[name] = max(heard[name], seconds)
        return heard

    return asyncio.run(come())
