"""The relay, from the log to confirmed messages, held against raw aio-pika publishes alone.

The floor publishes the stored bodies it was handed beforehand, bare of any header, to the same
exchange and the same quorum queue, a thousand confirms in flight. Ours reads the log, makes
CloudEvents, waits for the same confirms and saves its checkpoint.
"""

import asyncio
from collections.abc import Callable, Coroutine
from time import perf_counter

import uvloop
from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractConnection

from benchmarks.append import appends
from benchmarks.figures import Effort, Subject, against, interleave
from benchmarks.servers import BenchDatabase, Servers
from docket_events.codec import routing_key
from docket_runtime.bus import broker
from docket_runtime.bus.relay import IN_FLIGHT, Relay
from docket_runtime.database import Database
from docket_runtime.store.append import Appender
from docket_runtime.store.tail import read_stored

EVENTS = 10_000
WRITERS = 64
ARCHIVE = "archive"
RAW, RELAY = "aio-pika, pipelined confirms", "docket relay"
GOAL = 0.5

_FORGET = "delete from docket.checkpoints where consumer = 'relay'"


def run(servers: Servers, effort: Effort) -> Subject:
    """Measure events a second that the broker has confirmed."""
    amqp_url = servers.broker().url()
    with servers.database() as database:
        uvloop.run(_prepare(database, amqp_url, effort.of(EVENTS, least=IN_FLIGHT)))

        def measure(
            work: Callable[[BenchDatabase, str], Coroutine[None, None, float]],
        ) -> Callable[[], float]:
            def once() -> float:
                servers.execute(database, _FORGET)
                return uvloop.run(work(database, amqp_url))

            return once

        rounds = interleave({RAW: measure(_raw), RELAY: measure(_relay)}, effort.rounds)
    return Subject("relay", against(RAW, rounds, "events/s", {RELAY: GOAL}))


async def _prepare(database: BenchDatabase, amqp_url: str, events: int) -> None:
    appender = Appender(Database(database.url("docket_ticket_api"), "bench"))

    async def write() -> None:
        for append in appends(events // WRITERS + 1):
            await appender.append(append)

    await asyncio.gather(*(write() for _ in range(WRITERS)))
    await appender.close()
    connection = await broker.connect(amqp_url, "bench")
    topology = await broker.declare(connection)
    archive = await topology.channel.declare_queue(
        ARCHIVE, durable=True, arguments={"x-queue-type": "quorum"}
    )
    await archive.bind(broker.EXCHANGE, "#")
    await broker.leave(connection)


async def _raw(database: BenchDatabase, amqp_url: str) -> float:
    source = await Database(database.url("docket_sla_clock"), "bench").connect()
    stored = await read_stored(source, 0, 0, 10 * EVENTS)
    await source.close()
    connection = await broker.connect(amqp_url, "bench")
    channel = await connection.channel()
    exchange = await channel.get_exchange(broker.EXCHANGE)
    began = perf_counter()
    for n in range(0, len(stored), IN_FLIGHT):
        await asyncio.gather(
            *(
                exchange.publish(
                    Message(event.body, delivery_mode=DeliveryMode.PERSISTENT),
                    routing_key(event.type),
                )
                for event in stored[n : n + IN_FLIGHT]
            )
        )
    took = perf_counter() - began
    await _tidy(connection)
    return len(stored) / took


async def _relay(database: BenchDatabase, amqp_url: str) -> float:
    source = await Database(database.url("docket_sla_clock"), "bench").connect()
    events = await source.fetchval("select sum(head_position)::bigint from docket.log_partitions")
    await source.close()
    relay = Relay(Database(database.url("docket_sla_clock"), "relay"), amqp_url)
    began = perf_counter()
    while await relay.step():
        pass
    took = perf_counter() - began
    await relay.close()
    await _tidy(await broker.connect(amqp_url, "bench"))
    return float(events) / took


async def _tidy(connection: AbstractConnection) -> None:
    """Empty the queues for the next round."""
    channel = await connection.channel()
    for name in (ARCHIVE, broker.NOTIFIER_QUEUE):
        queue = await channel.get_queue(name, ensure=False)
        await queue.purge()
    await connection.close()
