"""A wire to the broker that a test can cut without a word: both ends stay open and hear nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from yarl import URL


class Wire:
    """Passes on what comes, until it goes dead; what was connected then stays dead for ever."""

    def __init__(self, target: URL) -> None:
        self._target = target
        self._dead = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ends: list[asyncio.StreamWriter] = []

    def go_dead(self) -> None:
        """Pass on nothing any more, and accept connections that lead nowhere."""
        self._dead.set()

    def mend(self) -> None:
        """Pass on what comes over connections from now on."""
        self._dead = asyncio.Event()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Join a caller to the broker, if the wire lives."""
        self._ends.append(writer)
        if self._dead.is_set():
            return
        up_reader, up_writer = await asyncio.open_connection(self._target.host, self._target.port)
        self._ends.append(up_writer)
        self._tasks |= {
            asyncio.create_task(_pass_on(reader, up_writer, self._dead)),
            asyncio.create_task(_pass_on(up_reader, writer, self._dead)),
        }

    async def close(self) -> None:
        """End what is still connected."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for end in self._ends:
            end.close()


async def _pass_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, dead: asyncio.Event
) -> None:
    try:
        while data := await reader.read(65536):
            if dead.is_set():
                await asyncio.Event().wait()
            writer.write(data)
            await writer.drain()
        writer.close()
    except ConnectionError:
        writer.close()


@asynccontextmanager
async def wire_to(amqp_url: str) -> AsyncIterator[tuple[Wire, str]]:
    """Give a wire to the broker of an address, and the address by which it is reached."""
    url = URL(amqp_url)
    wire = Wire(url)
    server = await asyncio.start_server(wire.connected, "127.0.0.1", 0)
    try:
        yield wire, str(url.with_port(server.sockets[0].getsockname()[1]))
    finally:
        server.close()
        await wire.close()
