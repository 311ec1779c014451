"""From the log to the bus: every event, as a CloudEvent, in the order of its partition.

The log is the outbox: the relay tails it and moves its checkpoint only when the broker has
confirmed. So each event reaches the bus at least once, and a broker that is down delays the bus and
nobody else. One relay a partition leads, by an advisory lock of its session; the checkpoint is
saved on that same session, so a relay that has lost the lead cannot move it.
"""

import asyncio
from collections.abc import Sequence

import asyncpg
from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractConnection

from docket_events.codec import cloud_type, leaving, routing_key
from docket_events.instants import wire
from docket_events.told import NOTIFIER_TYPES
from docket_runtime import metrics
from docket_runtime.bus import broker
from docket_runtime.bus.broker import Misrouted, Post, Topology
from docket_runtime.connection import ReconnectingConnection
from docket_runtime.database import Database
from docket_runtime.store import checkpoints
from docket_runtime.store.lease import lead
from docket_runtime.store.tail import StoredEvent, partitions, read_stored

CONSUMER = "relay"
IN_FLIGHT = 1000


class Relay:
    """Publishes the events of one partition."""

    def __init__(self, partition: int, database: Database, amqp_url: str) -> None:
        self._partition = partition
        self._database = ReconnectingConnection(database)
        self._amqp_url = amqp_url
        self._led: asyncpg.Connection | None = None
        self._position = 0
        self._broker: AbstractConnection | None = None
        self._topology: Topology | None = None

    async def step(self) -> bool:
        """Publish the next events; raise Unavailable while database or broker are out of reach.

        Raises Misrouted if one of our services would miss an event: nothing is skipped, the
        topology is declared again by the next step.
        """
        events = await self._next()
        if not events:
            return False
        await self._publish(events)
        async with self._database.open() as connection:
            if connection is self._led:
                await checkpoints.save(connection, self._partition, CONSUMER, events[-1].position)
                self._position = events[-1].position
        return True

    async def close(self) -> None:
        """Give up the lead and disconnect from the broker."""
        self._database.close()
        self._led = None
        await self._leave_broker()

    async def _next(self) -> tuple[StoredEvent, ...]:
        async with self._database.open() as connection:
            if connection is not self._led:
                if not await lead(connection, self._partition, CONSUMER):
                    return ()
                self._position = await checkpoints.load(connection, self._partition, CONSUMER)
                self._led = connection
            return await read_stored(connection, self._partition, self._position, IN_FLIGHT)

    async def _publish(self, events: Sequence[StoredEvent]) -> None:
        posts = [
            Post(
                to_message(self._partition, event),
                routing_key(event.type),
                mandatory=event.type in NOTIFIER_TYPES,
            )
            for event in events
        ]
        try:
            topology = await self._reach_broker()
            taken = await broker.publish_together(topology.channel, broker.EXCHANGE, posts)
            for post, was_taken in zip(posts, taken, strict=True):
                if not was_taken:
                    raise Misrouted(f"no queue takes {post.key} from {broker.EXCHANGE}")
        except BaseException:
            await self._leave_broker()
            raise
        metrics.PUBLISHED.inc(len(events))

    async def _reach_broker(self) -> Topology:
        if self._broker is None or self._broker.is_closed or self._topology is None:
            await self._leave_broker()
            self._broker = await broker.connect(self._amqp_url, "docket relay")
            self._topology = await broker.declare(self._broker)
        return self._topology

    async def _leave_broker(self) -> None:
        connection, self._broker, self._topology = self._broker, None, None
        if connection is not None:
            await broker.leave(connection)


class Relays:
    """The relays of all partitions, as one loop."""

    def __init__(self, database: Database, amqp_url: str) -> None:
        self._database = database
        self._amqp_url = amqp_url
        self._relays: list[Relay] = []

    async def step(self) -> bool:
        """Let each relay publish its next events; raise what one of them raises, after all."""
        if not self._relays:
            database = ReconnectingConnection(self._database)
            async with database.open() as connection:
                numbers = await partitions(connection)
            database.close()
            self._relays = [Relay(n, self._database, self._amqp_url) for n in numbers]
        answers = await asyncio.gather(
            *(relay.step() for relay in self._relays), return_exceptions=True
        )
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
        return any(answers)

    async def close(self) -> None:
        """Give up every lead."""
        await asyncio.gather(*(relay.close() for relay in self._relays))


def to_message(partition: int, event: StoredEvent) -> Message:
    """Return the event as a CloudEvent 1.0 in the binary mode of the RabbitMQ binding.

    The body is the data as it is stored, without texts inside (decision 0033); ids, instants and
    the order are in the `ce-` headers.
    """
    headers = {
        "ce-specversion": "1.0",
        "ce-id": str(event.event_id),
        "ce-type": cloud_type(event.type, event.schema_version),
        "ce-source": f"/docket/partitions/{partition}",
        "ce-subject": str(event.ticket_id),
        "ce-time": wire(event.occurred_at),
        "ce-sequence": str(event.version),
        "ce-partitionkey": str(event.ticket_id),
        "ce-correlationid": str(event.correlation_id),
        "ce-actorkind": event.actor_kind,
    }
    if event.causation_id is not None:
        headers["ce-causationid"] = str(event.causation_id)
    return Message(
        leaving(event.type, event.schema_version, event.body),
        headers=dict(headers),
        content_type="application/json",
        delivery_mode=DeliveryMode.PERSISTENT,
        message_id=str(event.event_id),
        timestamp=event.recorded_at,
        type=event.type,
    )
