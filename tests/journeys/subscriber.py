"""A queue of another team on the bus: bound before a journey, read after it."""

import aio_pika
from aio_pika.abc import AbstractIncomingMessage


async def listen(url: str, queue: str, *keys: str) -> None:
    """Bind a queue to routing keys, so that it keeps what is published from now on."""
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel()
        declared = await channel.declare_queue(queue, durable=True)
        exchange = await channel.declare_exchange("docket.events", "topic", durable=True)
        for key in keys:
            await declared.bind(exchange, key)


async def heard(url: str, queue: str, count: int) -> list[AbstractIncomingMessage]:
    """Return the first messages of a queue, so many of them."""
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel()
        declared = await channel.declare_queue(queue, durable=True)
        messages = []
        async with declared.iterator(timeout=30) as arriving:
            async for message in arriving:
                messages.append(message)
                if len(messages) == count:
                    return messages
    raise AssertionError("the queue ended")
