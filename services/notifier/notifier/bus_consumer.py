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
from aio_pika.abc import AbstractConnection, AbstractIncomingMessage

from docket_events import codec
from docket_runtime import metrics
from docket_runtime.bus import broker
from docket_runtime.bus.broker import Mismatched, Topology, talking
from docket_runtime.bus.dead_letters import ATTEMPT_HEADER, ATTEMPTS, attempts_of
from docket_runtime.unavailable import Unavailable
from notifier.dispatcher import Dispatcher
from notifier.leaderless_queue import LeaderlessQueue
from notifier.message_spans import handling
from notifier.set_aside import SetAside

PREFETCH = 100
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
    nothing to it. A queue that cannot be consumed is replaced after `mend_s` at the earliest.
    """

    look_s: float = 10.0
    renew_s: float = 60.0
    consume_s: float = 5.0
    mend_s: float = 15.0


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
        self._topology: Topology | None = None
        self._looked_at = self._heard_at = 0.0
        self._inbox: list[AbstractIncomingMessage] = []
        self._aside = SetAside(amqp_url)
        self._leaderless = LeaderlessQueue(amqp_url, patience.mend_s)
        self._mismatch: str | None = None

    async def step(self) -> bool:
        """Handle the messages that have arrived; raise Unavailable and keep them meanwhile."""
        await self._consume()
        for message in await self._aside.bury_kept():
            await self._settle(message, "dead_lettered")
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

    async def topology(self) -> str | None:
        """Return why the queue cannot be consumed though the broker answers, None if it can be."""
        return self._mismatch or self._leaderless.trouble

    async def close(self) -> None:
        """Disconnect from the broker; what is not acknowledged goes back to the queue."""
        if self._consuming is not None:
            await broker.leave(self._consuming)
        await self._aside.close()
        self._consuming = self._topology = None
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
        elif self._consuming is not None and broker.is_lost(self._consuming):
            self._leaderless.connection_lost()
        await self.close()
        self._consuming = await broker.connect(self._amqp_url, "docket notifier")
        await self._leaderless.before_declaring(self._consuming)
        topology = await self._declare(self._consuming)
        async with talking():
            await topology.channel.set_qos(prefetch_count=PREFETCH)
        await self._leaderless.consume(topology, self._receive, self._patience.consume_s)
        self._topology = topology
        self._looked_at = self._heard_at = monotonic()

    async def _declare(self, connection: AbstractConnection) -> Topology:
        try:
            topology = await broker.declare(connection)
        except Mismatched as mismatched:
            self._mismatch = str(mismatched)
            raise
        self._mismatch = None
        return topology

    async def _is_heard(self) -> bool:
        """Declare everything again, and return whether the present queue has this consumer.

        A connection without an answer is closed, or every check would wait until the heartbeats end
        it; raise Unavailable.
        """
        assert self._consuming is not None, "who has a topology has a connection"
        try:
            again = await self._declare(self._consuming)
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
        if attempt >= ATTEMPTS:
            await self._bury(message, f"{type(fault).__name__} after {attempt} attempts")
            return
        await self._aside.again(message, attempt)
        await self._settle(message, "tried_again")

    async def _bury(self, message: AbstractIncomingMessage, reason: str) -> None:
        if await self._aside.bury(message, reason):
            await self._settle(message, "dead_lettered")
        else:
            self._inbox.remove(message)

    async def _settle(self, message: AbstractIncomingMessage, outcome: str) -> None:
        async with talking():
            await message.ack()
        if message in self._inbox:
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
