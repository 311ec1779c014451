"""Setting messages aside: a copy to the end of the queue, or among the dead letters.

The broker confirms the copy before the original is acknowledged. While the queue of dead letters is
out of reach what belongs there is kept, not acknowledged, and holds up nothing else.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

import structlog
from aio_pika import Message
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange
from aio_pika.abc import AbstractIncomingMessage as Incoming

from docket_runtime.bus import broker, dead_letter_queue
from docket_runtime.bus.broker import talking
from docket_runtime.bus.dead_letters import ATTEMPT_HEADER, REASON_HEADER, aside, attempts_of
from docket_runtime.unavailable import Unavailable

AGAIN_S = 5.0

log = structlog.get_logger()


class SetAside:
    """Publishes copies on a connection of its own, and keeps what could not be buried."""

    def __init__(self, amqp_url: str) -> None:
        self._amqp_url = amqp_url
        self._connection: AbstractConnection | None = None
        self._kept: list[tuple[Incoming, str]] = []
        self._again_at = 0.0

    async def again(self, message: Incoming, attempt: int) -> None:
        """Put a copy at the end of notifier's queue; raise Unavailable."""
        copy = aside(message, {ATTEMPT_HEADER: attempt})
        async with self._connected() as connection:
            topology = await broker.declare(connection)
            exchange = topology.channel.default_exchange
            await _publish(topology.channel, exchange, copy, broker.NOTIFIER_QUEUE)

    async def bury(self, message: Incoming, reason: str) -> bool:
        """Put a copy among the dead letters; return False and keep the message if it cannot be."""
        if monotonic() >= self._again_at:
            try:
                await self._bury(message, reason)
                return True
            except Unavailable as unavailable:
                log.warning("dead_letters_wait", reason=str(unavailable))
                self._again_at = monotonic() + AGAIN_S
        self._kept.append((message, reason))
        return False

    async def bury_kept(self) -> list[Incoming]:
        """Try again with what was kept, every AGAIN_S; return what is buried now."""
        if not self._kept or monotonic() < self._again_at:
            return []
        kept, self._kept = self._kept, []
        return [message for message, reason in kept if await self.bury(message, reason)]

    async def close(self) -> None:
        """Disconnect; what was kept comes again from the queue."""
        self._kept.clear()
        await self._leave()

    async def _bury(self, message: Incoming, reason: str) -> None:
        attempts = attempts_of(message) or 0
        copy = aside(message, {REASON_HEADER: reason, ATTEMPT_HEADER: attempts})
        async with self._connected() as connection:
            dead = await dead_letter_queue.declare(connection)
            await _publish(dead.channel, dead.exchange, copy, "")
        log.warning("dead_letter", message=message.message_id, reason=reason)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AbstractConnection]:
        """Give the connection, made anew if need be; leave it when it was of no use."""
        if self._connection is None or broker.is_lost(self._connection):
            self._connection = await broker.connect(self._amqp_url, "docket notifier, publishing")
        try:
            yield self._connection
        except Unavailable:
            await self._leave()  # the next one may reach another node
            raise

    async def _leave(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await broker.leave(connection)


async def _publish(
    channel: AbstractChannel, exchange: AbstractExchange, copy: Message, key: str
) -> None:
    taken = await broker.publish(exchange, copy, key)
    async with talking():
        await channel.close()
    if not taken:
        raise broker.Misrouted("a message set aside was taken by no queue")
