"""A subscriber of the bus, as another team would write one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aio_pika.abc import AbstractIncomingMessage

from docket_runtime.bus import broker


class Listener:
    """Keeps every message that reached a queue of its own."""

    def __init__(self) -> None:
        self.heard: list[AbstractIncomingMessage] = []

    async def wait_for(self, count: int) -> list[AbstractIncomingMessage]:
        """Return the messages once there are so many of them."""
        async with asyncio.timeout(20):
            while len(self.heard) < count:
                await asyncio.sleep(0.01)
        return self.heard


@asynccontextmanager
async def listening(url: str, key: str = "#") -> AsyncIterator[Listener]:
    """Subscribe to the keys while the block runs."""
    connection = await broker.connect(url, "listener")
    topology = await broker.declare(connection)
    queue = await topology.channel.declare_queue(exclusive=True)
    await queue.bind(broker.EXCHANGE, key)
    listener = Listener()

    async def hear(message: AbstractIncomingMessage) -> None:
        listener.heard.append(message)

    await queue.consume(hear, no_ack=True)
    try:
        yield listener
    finally:
        await connection.close()
