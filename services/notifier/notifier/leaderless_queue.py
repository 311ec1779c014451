"""A queue that is declared and cannot be consumed: when to wait, and when to replace it.

A quorum queue has no leader while most of its nodes are away or choosing one: that passes, and its
messages are kept. RabbitMQ 3.10 also knows one for which it does not pass: a broker of one node,
killed within about a second of making the queue, starts the queue's only member anew and lets
nobody choose it. It holds nothing and never will, and a restart does not help. Only that queue is
replaced: it was made before the eyes of this process, the broker went away at once, it is the only
node, the queue is empty, and nobody could consume it for `mend_s` (decision 0041).
"""

from collections.abc import Awaitable, Callable
from time import monotonic

import structlog
from aio_pika.abc import AbstractConnection, AbstractIncomingMessage
from aio_pika.exceptions import ChannelNotFoundEntity

from docket_runtime.broker_addresses import broker_addresses
from docket_runtime.bus import broker
from docket_runtime.bus.broker import NOTIFIER_QUEUE, Topology, talking
from docket_runtime.unavailable import Unavailable

YOUNG_S = 5.0
SILENCES = 3
TROUBLE = (
    f"{NOTIFIER_QUEUE} is declared and cannot be consumed: it has no leader, see"
    " docs/operating/rabbitmq.md"
)

log = structlog.get_logger()


class LeaderlessQueue:
    """Consumes notifier's queue, and remembers whether it may have died young."""

    def __init__(self, amqp_url: str, mend_s: float) -> None:
        self._amqp_url = amqp_url
        self._mend_s = mend_s
        self._made_at: float | None = None
        self._died_young = False
        self._silences = 0
        self._silent_since = 0.0

    @property
    def trouble(self) -> str | None:
        """Return what is wrong once several attempts to consume were not answered."""
        return TROUBLE if self._silences >= SILENCES else None

    async def before_declaring(self, connection: AbstractConnection) -> None:
        """Note whether the queue is there already; raise Unavailable."""
        async with talking():
            channel = await connection.channel()
            try:
                await channel.declare_queue(NOTIFIER_QUEUE, passive=True)
            except ChannelNotFoundEntity:
                self._made_at, self._died_young = monotonic(), False
            else:
                await channel.close()

    def connection_lost(self) -> None:
        """Note that the broker went away: a queue that is not young then is never replaced."""
        if self._made_at is not None:
            self._died_young = monotonic() - self._made_at < YOUNG_S
            self._made_at = None

    async def consume(
        self,
        topology: Topology,
        receive: Callable[[AbstractIncomingMessage], Awaitable[None]],
        patience_s: float,
    ) -> None:
        """Consume the queue; raise Unavailable, having replaced the queue where that is the cure.

        Only a silence of this very step counts: the queue was declared on the same channel.
        """
        try:
            async with talking(patience_s):
                await topology.queue.consume(receive)
        except Unavailable as unavailable:
            if isinstance(unavailable.__cause__, TimeoutError):
                await self._after_silence(topology)
            raise
        self._silences, self._died_young = 0, False

    async def _after_silence(self, topology: Topology) -> None:
        if not self._silences:
            self._silent_since = monotonic()
        self._silences += 1
        if self._silences == SILENCES:
            log.error("queue_without_leader", queue=NOTIFIER_QUEUE)
        if self._silences >= SILENCES and self._may_be_replaced(topology):
            await self._replace()

    def _may_be_replaced(self, topology: Topology) -> bool:
        return (
            self._died_young
            and len(broker_addresses(self._amqp_url)) == 1
            and not topology.queue.declaration_result.message_count
            and monotonic() - self._silent_since >= self._mend_s
        )

    async def _replace(self) -> None:
        """Delete the queue; the next step declares it, and the net finds what it held."""
        log.error("dead_queue_deleted", queue=NOTIFIER_QUEUE)
        connection = await broker.connect(self._amqp_url, "docket notifier, mending")
        try:
            async with talking(2 * broker.TALK_PATIENCE_S):
                channel = await connection.channel()
                await channel.queue_delete(NOTIFIER_QUEUE)
        finally:
            await broker.leave(connection)
        self._silences, self._died_young = 0, False
