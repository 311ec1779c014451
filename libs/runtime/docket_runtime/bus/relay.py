"""From the log to the bus: every event, as a CloudEvent, in the order of its partition.

The log is the outbox: the relay tails it and moves its checkpoint only when the broker has
confirmed. So each event reaches the bus at least once, and a broker that is down delays the bus and
nobody else. The instances share the partitions by leases, and the checkpoint is saved under the
lease: a relay that has lost one cannot move it (decision 0040).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg
from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractConnection
from opentelemetry.trace import SpanKind

from docket_events.codec import cloud_type, leaving, routing_key
from docket_events.instants import wire
from docket_events.told import NOTIFIER_TYPES
from docket_runtime import metrics, tracing
from docket_runtime.bus import broker
from docket_runtime.bus.broker import Mismatched, Misrouted, Post, Topology
from docket_runtime.connection import ReconnectingConnection
from docket_runtime.database import Database
from docket_runtime.store import checkpoints
from docket_runtime.store.checkpoints import CheckpointRefused
from docket_runtime.store.leases import Lease, LeaseLost, Leases, confirm
from docket_runtime.store.tail import StoredEvent, partitions, read_stored
from docket_runtime.unavailable import Unavailable

CONSUMER = "relay"
IN_FLIGHT = 1000
LEAST = 50
"""The events of a partition that go together at least, however many partitions are behind."""
PUBLISHES = f"publish {broker.EXCHANGE}"

_BUS = {
    "messaging.system": "rabbitmq",
    "messaging.operation.type": "send",
    "messaging.destination.name": broker.EXCHANGE,
}


@dataclass(frozen=True, slots=True)
class Batch:
    """The next events of a partition, and the lease under which they are published."""

    lease: Lease
    events: Sequence[StoredEvent]


class Relay:
    """Publishes the events of the partitions that this instance leads, on one connection."""

    def __init__(self, database: Database, amqp_url: str, leases: Leases | None = None) -> None:
        self._database = ReconnectingConnection(database)
        self._amqp_url = amqp_url
        self.leases = leases or Leases(CONSUMER)
        self._partitions: tuple[int, ...] = ()
        self._broker: AbstractConnection | None = None
        self._topology: Topology | None = None
        self._mismatch: str | None = None
        self._reaching = asyncio.Lock()

    async def step(self) -> bool:
        """Publish the next events; raise Unavailable while database or broker are out of reach.

        Raises Misrouted if one of our services would miss an event: nothing is skipped, the
        topology is declared again by the next step. What one partition meets is raised after the
        others are done.
        """
        batches, faults = await self._next()
        answers = await asyncio.gather(
            *(self._publish(batch) for batch in batches), return_exceptions=True
        )
        if any(answers):
            await self._leave_broker()
        done = [batch for batch, answer in zip(batches, answers, strict=True) if answer is None]
        if done:
            async with self._database.open() as connection:
                for batch in done:
                    await self._save(connection, batch)
        faults += [answer for answer in answers if answer is not None]
        if faults:
            raise faults[0]
        return bool(done)

    async def topology(self) -> str | None:
        """Return which exchange or queue at the broker is another than ours, None if none is."""
        return self._mismatch

    async def close(self) -> None:
        """Leave the partitions to the others and disconnect."""
        await self.leases.give_up(self._database)
        self._database.close()
        await self._leave_broker()

    async def _next(self) -> tuple[list[Batch], list[BaseException]]:
        faults: list[BaseException] = []
        batches: list[Batch] = []
        async with self._database.open() as connection:
            self._partitions = self._partitions or await partitions(connection)
            led = await self.leases.held(connection, self._partitions)
            behind = await checkpoints.behind(connection, CONSUMER, led)
            for partition, position in behind.items():
                if isinstance(position, CheckpointRefused):
                    faults.append(position)
                    continue
                most = max(LEAST, IN_FLIGHT // len(behind))
                events = await read_stored(connection, partition, position, most)
                try:
                    await confirm(connection, led[partition])
                except LeaseLost as lost:
                    self.leases.lose(led[partition], lost)
                else:
                    batches.append(Batch(led[partition], events))
        return batches, faults

    async def _save(self, connection: asyncpg.Connection, batch: Batch) -> None:
        partition, position = batch.lease.chain, batch.events[-1].position
        try:
            await checkpoints.save(connection, partition, CONSUMER, position, batch.lease)
        except LeaseLost as lost:
            self.leases.lose(batch.lease, lost)

    async def _publish(self, batch: Batch) -> None:
        posts = [
            Post(
                to_message(batch.lease.chain, event),
                routing_key(event.type),
                mandatory=event.type in NOTIFIER_TYPES,
            )
            for event in batch.events
        ]
        try:
            topology = await self._reach_broker()
            spans = [tracing.span_of(each.correlation_id, each.event_id) for each in batch.events]
            sent = tracing.span(PUBLISHES, SpanKind.PRODUCER, root=True, links=spans, values=_BUS)
            with metrics.PUBLISH_SECONDS.time(), sent:
                taken = await broker.publish_together(topology.channel, broker.EXCHANGE, posts)
        except Unavailable:
            metrics.PUBLISH_FAILURES.inc()
            raise
        for post, was_taken in zip(posts, taken, strict=True):
            if not was_taken:
                metrics.RETURNED.inc()
                raise Misrouted(f"no queue takes {post.key} from {broker.EXCHANGE}")
        metrics.PUBLISHED.inc(len(batch.events))

    async def _reach_broker(self) -> Topology:
        async with self._reaching:
            if self._broker is None or broker.is_lost(self._broker) or self._topology is None:
                await self._leave_broker()
                self._broker = await broker.connect(self._amqp_url, "docket relay")
                try:
                    self._topology = await broker.declare(self._broker)
                except Mismatched as mismatched:
                    self._mismatch = str(mismatched)
                    raise
                self._mismatch = None
            return self._topology

    async def _leave_broker(self) -> None:
        connection, self._broker, self._topology = self._broker, None, None
        if connection is not None:
            await broker.leave(connection)


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
        "ce-traceparent": tracing.traceparent_of(event.correlation_id, event.event_id),
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
