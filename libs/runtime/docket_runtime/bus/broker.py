"""The bus: the exchange that every event goes to, and notifier's queue.

Whoever connects declares the topology, so an event published before a consumer's first start
already waits for it; what stands beside it (`dead_letter_queue`) is declared apart. Connections are
not restored automatically: a step that meets a broken one gives up with Unavailable and the next
step connects anew, as with the database, to any node of the cluster (decision 0041).
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from time import monotonic

import aio_pika
from aio_pika.abc import (
    AbstractChannel,
    AbstractConnection,
    AbstractExchange,
    AbstractMessage,
    AbstractQueue,
)
from aio_pika.exceptions import (
    ChannelInvalidStateError,
    ChannelPreconditionFailed,
    DeliveryError,
)
from aiormq.exceptions import AMQPError
from pamqp.commands import Basic
from yarl import URL

from docket_events.codec import routing_key
from docket_events.told import NOTIFIER_TYPES
from docket_runtime.broker_addresses import OFF as OFF
from docket_runtime.broker_addresses import broker_addresses, place
from docket_runtime.unavailable import Unavailable

EXCHANGE = "docket.events"
NOTIFIER_QUEUE = "docket.notifier"
DEAD = "docket.notifier.dead"

HEARTBEAT_S = 10
CONNECT_PATIENCE_S = 5.0
TALK_PATIENCE_S = 5.0
PUBLISH_PATIENCE_S = 10.0


_last_good: dict[str, URL] = {}
"""By the setting: the node that answered last, whoever of this process asked it."""


class Mismatched(Unavailable):
    """An exchange or a queue of ours is there with other properties; it names them.

    Waiting does not help, and nothing is replaced: an operator has to.
    """


class Misrouted(Exception):
    """No queue took an event that a service needs: the topology is broken (decision 0008)."""


@dataclass(frozen=True, slots=True)
class Topology:
    """What was declared, through one channel."""

    channel: AbstractChannel
    exchange: AbstractExchange
    queue: AbstractQueue


@dataclass(frozen=True, slots=True)
class Post:
    """A message on its way to an exchange; a mandatory one must reach a queue."""

    message: AbstractMessage
    key: str
    mandatory: bool


async def connect(url: str, name: str) -> AbstractConnection:
    """Connect to the broker under a name that its operators see; raise Unavailable.

    Of several addresses the one that answered last is tried first, then the others. Each has its
    part of CONNECT_PATIENCE_S, and the more of it the sooner those before it have refused.
    """
    addresses = broker_addresses(url)
    first = addresses.index(_last_good[url]) if url in _last_good else 0
    until = monotonic() + CONNECT_PATIENCE_S
    faults: list[str] = []
    for tried, address in enumerate(addresses[first:] + addresses[:first]):
        patience_s = (until - monotonic()) / (len(addresses) - tried)
        try:
            connection = await _connect(address, name, patience_s)
        except Unavailable as fault:
            faults.append(f"{place(address)}: {fault}")
        else:
            _last_good[url] = address
            return connection
    raise Unavailable("; ".join(faults))


async def _connect(address: URL, name: str, patience_s: float) -> AbstractConnection:
    with faults_as_unavailable():
        return await aio_pika.connect(
            address.update_query({"heartbeat": str(HEARTBEAT_S), **address.query}),
            timeout=patience_s,
            client_properties={"connection_name": name},
        )


async def declare(connection: AbstractConnection) -> Topology:
    """Open a confirming channel and declare what the relay needs; harmless when it is there.

    Raises Unavailable, and Mismatched where something of the name has other properties.
    """
    try:
        async with talking():
            channel = await connection.channel(publisher_confirms=True)
            exchange = await channel.declare_exchange(EXCHANGE, "topic", durable=True)
            queue = await channel.declare_queue(
                NOTIFIER_QUEUE,
                durable=True,
                arguments={"x-queue-type": "quorum", "x-dead-letter-exchange": DEAD},
            )
            for type_name in sorted(NOTIFIER_TYPES):
                await queue.bind(exchange, routing_key(type_name))
    except ChannelPreconditionFailed as other:
        raise Mismatched(f"it is there with other properties: {other}") from other
    return Topology(channel, exchange, queue)


async def publish(exchange: AbstractExchange, message: AbstractMessage, key: str) -> bool:
    """Publish and wait for the broker's confirm; return whether any queue took the message.

    Raises Unavailable if the confirm does not come or is negative: whether the message was taken is
    then not known.
    """
    with faults_as_unavailable():
        answer = await exchange.publish(message, key, timeout=PUBLISH_PATIENCE_S)
    return isinstance(answer, Basic.Ack)


async def publish_together(
    channel: AbstractChannel, exchange: str, posts: Sequence[Post]
) -> list[bool]:
    """Publish in order without waiting in between; return for each post whether the broker took it.

    A mandatory post that no queue took is not taken. Raises Unavailable if the confirm of any of
    them does not come in time or is negative.
    """
    async with talking(PUBLISH_PATIENCE_S):
        underlay = await channel.get_underlay_channel()
        answers = await asyncio.gather(
            *(
                underlay.basic_publish(  # type: ignore[call-arg]  # `wait` is aiormq's, not its abc's
                    post.message.body,
                    exchange=exchange,
                    routing_key=post.key,
                    properties=post.message.properties,
                    mandatory=post.mandatory,
                    wait=False,  # wait for the confirm, not for the socket
                )
                for post in posts
            )
        )
    return [isinstance(answer, Basic.Ack) for answer in answers]


def is_lost(connection: AbstractConnection) -> bool:
    """Return whether the socket of a connection is closed, whoever closed it.

    The library's own `is_closed` says only whether it was closed on this side.
    """
    return connection.transport is None or connection.transport.connection.is_closed


async def leave(connection: AbstractConnection) -> None:
    """Close a connection that is not needed any more or may be broken."""
    with suppress(Unavailable):
        async with talking():
            await connection.close()


@asynccontextmanager
async def talking(patience_s: float = TALK_PATIENCE_S) -> AsyncIterator[None]:
    """Limit the time of a conversation with the broker; raise Unavailable if it fails."""
    with faults_as_unavailable():
        async with asyncio.timeout(patience_s):
            yield


@contextmanager
def faults_as_unavailable() -> Iterator[None]:
    """Turn the errors of a broken or refused connection into Unavailable."""
    try:
        yield
    except ChannelPreconditionFailed:
        raise  # our own mistake or another's properties: waiting would not help
    except (AMQPError, DeliveryError, ChannelInvalidStateError, OSError, TimeoutError) as fault:
        raise Unavailable(f"broker: {type(fault).__name__}: {fault}") from fault
