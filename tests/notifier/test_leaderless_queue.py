"""A queue that nobody can consume: it is waited for, and only one that died young is replaced."""

import asyncio
from contextlib import suppress
from time import monotonic

import pytest
from aio_pika import Message
from aio_pika.exceptions import ChannelNotFoundEntity
from hearing import NOW, anns_ticket, until
from structlog.testing import capture_logs

from docket_devstack import rabbitmq
from docket_runtime.bus import broker as bus
from docket_runtime.bus.relay import Relay
from docket_runtime.database import Database
from docket_runtime.unavailable import Unavailable
from notifier.bus_consumer import BusConsumer, Patience
from notifier.leaderless_queue import SILENCES, LeaderlessQueue
from surroundings import Broker

IMPATIENT = Patience(look_s=0.0, consume_s=0.0, mend_s=0.0)
"""Takes every consume for a silence at once, whatever the broker does."""


@pytest.fixture
def young_broker(servers, own_folder) -> Broker:
    """A node that no other test has: what it forgets it may never get rid of."""
    files = servers.broker_files()
    return Broker(rabbitmq.start(own_folder / "rabbitmq", files), files, "/")


@pytest.mark.full  # what RabbitMQ does when killed so early differs from one run to the next
async def test_a_queue_that_died_with_its_young_broker_is_replaced(
    chronicle, database, young_broker, desk_at
) -> None:
    """RabbitMQ forgets the members of a quorum queue if it is killed right after declaring it."""
    patience = Patience(consume_s=0.5, mend_s=2.0)
    messages = BusConsumer(young_broker.url, desk_at(NOW), patience)
    await messages.step()
    await asyncio.to_thread(rabbitmq.kill, young_broker.node)  # before it has written its queues
    ticket = await anns_ticket(chronicle)
    reached = Database(database.url("docket_sla_clock"), "relay", may_lose=True)
    relay = Relay(reached, young_broker.url)

    async def told() -> bool:
        return (await chronicle.types(ticket))[-1] == "RegistrationNoticeSent"

    async with asyncio.TaskGroup() as meanwhile:
        meanwhile.create_task(asyncio.to_thread(young_broker.start))
        meanwhile.create_task(until(told, relay.step))
        meanwhile.create_task(until(told, messages.step))
    await relay.close()
    await messages.close()


async def steps_in_vain(messages: BusConsumer, times: int = 2 * SILENCES) -> None:
    for _ in range(times):
        with pytest.raises(Unavailable):
            await messages.step()


@pytest.fixture
async def kept(topology) -> None:
    """A message that lies in notifier's queue and must not be lost."""
    exchange = topology.channel.default_exchange
    assert await bus.publish(exchange, Message(b"{}", message_id="kept"), bus.NOTIFIER_QUEUE)


async def is_kept(url: str) -> bool:
    connection = await bus.connect(url, "test")
    topology = await bus.declare(connection)
    message = await topology.queue.get(timeout=20)
    await connection.close()
    return message is not None and message.message_id == "kept"


async def test_a_queue_that_was_there_is_never_deleted_however_silent(
    broker, kept, with_patience
) -> None:
    messages = with_patience(IMPATIENT)
    with capture_logs() as logs:
        await steps_in_vain(messages)
    said = await messages.topology()
    assert said is not None
    assert "docket.notifier is declared and cannot be consumed" in said
    assert [line["event"] for line in logs] == ["queue_without_leader"], "said once"
    await messages.close()
    assert await is_kept(broker.url)


async def test_a_queue_that_is_consumed_again_is_no_trouble_any_more(
    kept, with_patience, monkeypatch
) -> None:
    messages = with_patience(IMPATIENT)
    await steps_in_vain(messages)
    monkeypatch.setattr(messages, "_patience", Patience())
    await messages.step()
    assert await messages.topology() is None


@pytest.mark.parametrize(
    ("made", "age_s", "nodes", "message", "deleted"),
    [
        (True, 1, 1, False, True),
        (False, 1, 1, False, False),
        (True, 60, 1, False, False),
        (True, 1, 2, False, False),
        (True, 1, 1, True, False),
    ],
    ids=["the fault", "of before", "grown up", "of a cluster", "with a message"],
)
async def test_only_a_queue_that_can_hold_nothing_is_replaced(
    broker, monkeypatch, made, age_s, nodes, message, deleted
) -> None:
    """Made here, lost at once, on the only node, empty: all of it, or nothing is deleted."""
    url = ",".join([broker.url] * nodes)
    connection = await bus.connect(url, "test")
    if not made:
        await bus.declare(connection)
    queue = LeaderlessQueue(url, mend_s=0.0)
    await queue.before_declaring(connection)
    topology = await bus.declare(connection)
    if message:
        exchange = topology.channel.default_exchange
        assert await bus.publish(exchange, Message(b"{}"), bus.NOTIFIER_QUEUE)
        topology = await bus.declare(connection)
    now = monotonic() + age_s
    monkeypatch.setattr("notifier.leaderless_queue.monotonic", lambda: now)
    queue.connection_lost()
    await queue.before_declaring(connection)
    for _ in range(SILENCES):
        assert not await is_gone(connection)
        with pytest.raises(Unavailable):
            await queue.consume(topology, None, 0.0)
    assert await is_gone(connection) == deleted
    await connection.close()


async def is_gone(connection) -> bool:
    channel = await connection.channel()
    try:
        await channel.declare_queue(bus.NOTIFIER_QUEUE, passive=True)
    except ChannelNotFoundEntity:
        return True
    await channel.close()
    return False


@pytest.mark.parametrize("how", ["frozen", "restarting"])
async def test_a_node_that_is_away_never_costs_a_queue(
    chronicle, own_broker, desk_at, monkeypatch, how
) -> None:
    """The consumer made the queue itself and takes every answer for a silence: the worst case."""
    monkeypatch.setattr(bus, "CONNECT_PATIENCE_S", 0.2)
    monkeypatch.setattr(bus.talking.__wrapped__, "__defaults__", (0.2,))
    patience = Patience(look_s=0.0, consume_s=0.2, mend_s=0.0)
    messages = BusConsumer(own_broker.url, desk_at(NOW), patience)
    await until_consumed(messages)
    connection = await bus.connect(own_broker.url, "test")
    topology = await bus.declare(connection)
    await messages.close()
    assert await bus.publish(
        topology.channel.default_exchange,
        Message(b"{}", message_id="kept", delivery_mode=2),
        bus.NOTIFIER_QUEUE,
    )
    await bus.leave(connection)
    with capture_logs() as logs:
        if how == "frozen":
            with own_broker.frozen():
                await steps_in_vain(messages)
        else:
            await asyncio.to_thread(own_broker.kill)
            back = asyncio.create_task(asyncio.to_thread(own_broker.start))
            while not back.done():
                with suppress(Unavailable):
                    await messages.step()
                await asyncio.sleep(0.05)
            await back
    await messages.close()
    assert "dead_queue_deleted" not in [line["event"] for line in logs]
    monkeypatch.undo()
    assert await is_kept(own_broker.url)


async def until_consumed(messages: BusConsumer) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                await messages.step()
                return
            except Unavailable:
                await asyncio.sleep(0.05)
