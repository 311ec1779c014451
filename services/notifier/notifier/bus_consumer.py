"""The bus consumer: each message is a hint to look at its ticket.

A message is acknowledged when its ticket is done. Servers that are out of reach cost no message an
attempt: what was received waits here. A message that cannot be understood, or whose ticket fails
`ATTEMPTS` times, becomes a dead letter with its reason, confirmed by the broker before the original
is acknowledged. No message holds up another, whoever sent it.
"""

import re
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

import structlog
from aio_pika import Message
from aio_pika.abc import AbstractConnection, AbstractIncomingMessage

from docket_events import codec
from docket_runtime import metrics
from docket_runtime.bus import broker
from docket_runtime.bus.broker import Topology, talking
from docket_runtime.bus.dead_letters import (
    ATTEMPT_HEADER,
    ATTEMPTS,
    REASON_HEADER,
    aside,
    attempts_of,
)
from docket_runtime.unavailable import Unavailable
from notifier.dispatcher import Dispatcher
from notifier.message_spans import handling

PREFETCH = 100
SILENCES = 3
MOST_BYTES = 1024 * 1024

_TYPES = {codec.kebab(name): name for name in codec.EVENT_TYPES}
_TYPE = re.compile(r"docket\.ticket\.(?P<kebab>[a-z-]+)\.v(?P<version>\d{1,4})")

log = structlog.get_logger()


class Unreadable(Exception):
    """The message is not an event of ours: the text says why, without quoting it."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often the queue is looked at, and how long is waited, in seconds.

    A consumer that receives nothing for `renew_s` is created anew: if a queue was deleted and
    declared again at once, RabbitMQ may count the consumer as one of the new queue and deliver
    nothing to it.
    """

    look_s: float = 10.0
    renew_s: float = 60.0
    consume_s: float = 5.0


PATIENCE = Patience()


@dataclass(frozen=True, slots=True)
class Hint:
    """A message and the ticket it is about."""

    message: AbstractIncomingMessage
    ticket_id: UUID


class BusConsumer:
    """Consumes notifier's queue."""

    def __init__(self, amqp_url: str, desk: Dispatcher, patience: Patience = PATIENCE) -> None:
        self._amqp_url = amqp_url
        self._desk = desk
        self._patience = patience
        self._consuming: AbstractConnection | None = None
        self._publishing: AbstractConnection | None = None
        self._topology: Topology | None = None
        self._looked_at = self._heard_at = 0.0
        self._silences = 0
        self._inbox: list[AbstractIncomingMessage] = []

    async def step(self) -> bool:
        """Handle the messages that have arrived; raise Unavailable and keep them meanwhile."""
        await self._consume()
        if not self._inbox:
            return False
        hints: list[Hint] = []
        received = len(self._inbox)
        for message in list(self._inbox):
            if message.headers.get("ce-actorkind") == "import":
                await self._settle(message, "passed_over")  # an imported history owes nothing
                continue
            try:
                hints.append(Hint(message, ticket_of(message)))
            except Unreadable as unreadable:
                await self._bury(message, str(unreadable))
        with handling([hint.message for hint in hints]):
            attended = await self._desk.attend({hint.ticket_id for hint in hints})
        for hint in hints:
            if hint.ticket_id in attended.done:
                await self._settle(hint.message, "handled")
            elif hint.ticket_id in attended.faults:
                await self._after_fault(hint.message, attended.faults[hint.ticket_id])
        done, faults = len(attended.done), len(attended.faults)
        log.info("messages", received=received, tickets=done, faults=faults)
        return done + faults > 0 or len(hints) < received

    async def dead_letters(self) -> str | None:
        """Set the gauge of dead letters; return why if the broker does not answer."""
        if self._consuming is None or self._consuming.is_closed or self._topology is None:
            return "no connection to the broker"
        async with talking():
            channel = await self._consuming.channel()
            queue = await channel.declare_queue(broker.DEAD, passive=True)
            await channel.close()
        metrics.DEAD_LETTERS.labels(broker.DEAD).set(queue.declaration_result.message_count or 0)
        return None

    async def close(self) -> None:
        """Disconnect from the broker; what is not acknowledged goes back to the queue."""
        for connection in (self._consuming, self._publishing):
            if connection is not None:
                await broker.leave(connection)
        self._consuming = self._publishing = self._topology = None
        self._inbox.clear()

    async def _consume(self) -> None:
        if self._topology is not None and not self._topology.channel.is_closed:
            if monotonic() < self._looked_at + self._patience.look_s:
                return
            if not self._inbox and monotonic() >= self._heard_at + self._patience.renew_s:
                log.info("consumer_renewed", queue=broker.NOTIFIER_QUEUE)
            elif await self._is_heard():
                return
            else:
                log.warning("queue_was_replaced", queue=broker.NOTIFIER_QUEUE)
        await self.close()
        consuming = await broker.connect(self._amqp_url, "docket notifier")
        self._consuming = consuming
        try:
            topology = await broker.declare(consuming)
            async with talking(self._patience.consume_s):
                await topology.channel.set_qos(prefetch_count=PREFETCH)
                await topology.queue.consume(self._receive)
        except Unavailable:
            self._silences += 1
            if self._silences >= SILENCES and not consuming.is_closed:
                await self._delete_queue()
            raise
        self._topology, self._silences = topology, 0
        self._looked_at = self._heard_at = monotonic()

    async def _delete_queue(self) -> None:
        """Delete a queue that nobody can consume; the reconciler finds the tickets of its messages.

        A quorum queue whose broker was killed within seconds of its declaration stays without a
        leader for ever: it exists, but accepts and delivers nothing. The next step declares it.
        """
        log.error("dead_queue_deleted", queue=broker.NOTIFIER_QUEUE)
        connection = await broker.connect(self._amqp_url, "docket notifier, mending")
        async with talking(2 * broker.TALK_PATIENCE_S):
            channel = await connection.channel()
            await channel.queue_delete(broker.NOTIFIER_QUEUE)
        await broker.leave(connection)
        self._silences = 0

    async def _is_heard(self) -> bool:
        """Declare everything again, and return whether the present queue has this consumer.

        A connection without an answer is closed, or every check would wait until the heartbeats end
        it; raise Unavailable.
        """
        assert self._consuming is not None, "who has a topology has a connection"
        try:
            again = await broker.declare(self._consuming)
            async with talking():
                await again.channel.close()
        except Unavailable:
            await self.close()
            raise
        self._looked_at = monotonic()
        return bool(again.queue.declaration_result.consumer_count)

    async def _receive(self, message: AbstractIncomingMessage) -> None:
        self._inbox.append(message)
        self._heard_at = monotonic()

    async def _after_fault(self, message: AbstractIncomingMessage, fault: Exception) -> None:
        attempt = (attempts_of(message) or 0) + 1
        reason = f"{type(fault).__name__} after {attempt} attempts"
        if attempt >= ATTEMPTS:
            await self._bury(message, reason)
            return
        again = aside(message, {ATTEMPT_HEADER: attempt})
        await self._publish(again, broker.NOTIFIER_QUEUE, dead=False)
        await self._settle(message, "tried_again")

    async def _bury(self, message: AbstractIncomingMessage, reason: str) -> None:
        attempts = attempts_of(message) or 0
        dead = aside(message, {REASON_HEADER: reason, ATTEMPT_HEADER: attempts})
        await self._publish(dead, "", dead=True)
        await self._settle(message, "dead_lettered")
        log.warning("dead_letter", message=message.message_id, reason=reason)

    async def _publish(self, message: Message, key: str, *, dead: bool) -> None:
        if self._publishing is None or self._publishing.is_closed:
            self._publishing = await broker.connect(self._amqp_url, "docket notifier, publishing")
        topology = await broker.declare(self._publishing)
        exchange = topology.dead_exchange if dead else topology.channel.default_exchange
        taken = await broker.publish(exchange, message, key)
        async with talking():
            await topology.channel.close()
        if not taken:
            raise broker.Misrouted("a message set aside was taken by no queue")

    async def _settle(self, message: AbstractIncomingMessage, outcome: str) -> None:
        async with talking():
            await message.ack()
        self._inbox.remove(message)
        metrics.MESSAGES.labels(outcome).inc()


def ticket_of(message: AbstractIncomingMessage) -> UUID:
    """Return the ticket of an event of ours; raise Unreadable for any other message."""
    if attempts_of(message) is None:
        raise Unreadable(f"{ATTEMPT_HEADER} is no count from 0 to {ATTEMPTS}")
    if len(message.body) > MOST_BYTES:
        raise Unreadable(f"the body has more than {MOST_BYTES} bytes")
    kind = _TYPE.fullmatch(str(message.headers.get("ce-type", "")))
    if kind is None or kind["kebab"] not in _TYPES:
        raise Unreadable("ce-type is no event type that this version knows")
    try:
        ticket_id = UUID(str(message.headers.get("ce-subject", "")))
    except ValueError:
        raise Unreadable("ce-subject is no ticket id") from None
    try:
        codec.decode(_TYPES[kind["kebab"]], int(kind["version"]), message.body)
    except codec.UnknownEventType:
        raise Unreadable("the event's schema version is newer than this version") from None
    except Exception:  # whatever a foreign body does to a decoder: it is not ours
        raise Unreadable("the body is not the data of its type") from None
    return ticket_id
