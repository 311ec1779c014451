"""The queue of dead letters: declared apart from the rest, so that without it the rest goes on.

It is a quorum queue, as notifier's is, so that a node that dies takes none of it away. One that is
there with other properties (a classic one of release 0.1.0) is used as it is, and said so: nothing
is replaced or deleted here (docs/operating/rabbitmq.md).
"""

from dataclasses import dataclass

import structlog
from aio_pika.abc import (
    AbstractChannel,
    AbstractConnection,
    AbstractExchange,
    AbstractQueue,
)
from aio_pika.exceptions import ChannelPreconditionFailed
from pamqp.common import Arguments, FieldValue

from docket_runtime import metrics
from docket_runtime.bus import broker
from docket_runtime.bus.broker import DEAD, Mismatched, talking
from docket_runtime.unavailable import Unavailable

QUORUM: dict[str, FieldValue] = {"x-queue-type": "quorum"}
LIMITED_SINCE = 4
"""The version of RabbitMQ that limits deliveries where nothing is said, and takes -1 for none.

An earlier one takes -1 for a limit that every message is beyond.
"""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class DeadLetterQueue:
    """The queue and its exchange through one channel; `note` says what is other than it should."""

    channel: AbstractChannel
    exchange: AbstractExchange
    queue: AbstractQueue
    note: str | None


async def declare(connection: AbstractConnection) -> DeadLetterQueue:
    """Open a confirming channel and declare queue and exchange.

    Raises Unavailable, and Mismatched where the exchange has another type.
    """
    try:
        async with talking():
            return await _declared(connection, arguments=arguments_for(connection))
    except ChannelPreconditionFailed as other:
        note = f"{DEAD} is used as it is, see docs/operating/rabbitmq.md: {other}"
    try:
        async with talking():
            return await _declared(connection, note=note)
    except ChannelPreconditionFailed as other:
        raise Mismatched(f"it is there with other properties: {other}") from other


def arguments_for(connection: AbstractConnection) -> Arguments:
    """Return the arguments of the queue at this broker: who looks at a letter returns it.

    Each return counts as a failed delivery, and RabbitMQ drops what has 20 of them, unless told.
    """
    assert connection.transport is not None, "it is connected"
    version = connection.transport.connection.server_properties.get("version")
    major = str(version).partition(".")[0]
    limits = major.isdecimal() and int(major) >= LIMITED_SINCE
    return {**QUORUM, "x-delivery-limit": -1} if limits else QUORUM


class DeadLetterMonitor:
    """Keeps the queue declared, counts what is in it, and knows what is wrong with it."""

    def __init__(self, amqp_url: str) -> None:
        self._amqp_url = amqp_url
        self._connection: AbstractConnection | None = None
        self._wrong: str | None = "not looked at yet"

    async def step(self) -> bool:
        """Declare the queue and set its gauge; raise Unavailable and try again next time."""
        try:
            if self._connection is None or broker.is_lost(self._connection):
                self._connection = await broker.connect(self._amqp_url, "docket dead letters")
            dead = await declare(self._connection)
        except Unavailable as unavailable:
            self._wrong = str(unavailable)
            await self.close()  # the next look may reach another node
            raise
        count = dead.queue.declaration_result.message_count or 0
        metrics.DEAD_LETTERS.labels(DEAD).set(count)
        if dead.note != self._wrong and dead.note is not None:
            log.warning("dead_letters_as_they_are", note=dead.note)
        self._wrong = dead.note
        async with talking():
            await dead.channel.close()
        return False

    async def check(self) -> str | None:
        """Return what is wrong with the queue, None when nothing is."""
        return self._wrong

    async def close(self) -> None:
        """Disconnect."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await broker.leave(connection)


async def _declared(
    connection: AbstractConnection,
    *,
    arguments: Arguments = None,
    note: str | None = None,
) -> DeadLetterQueue:
    """Declare with these arguments; with a note, take the queue that is there."""
    channel = await connection.channel(publisher_confirms=True)
    exchange = await channel.declare_exchange(DEAD, "fanout", durable=True)
    queue = await channel.declare_queue(
        DEAD, durable=True, passive=note is not None, arguments=arguments
    )
    await queue.bind(exchange)
    return DeadLetterQueue(channel, exchange, queue, note)
