"""Three nodes of a broker, each killed under load and brought back: nothing stops, nothing is lost.

Everybody starts on the first node and moves to the next one when theirs is killed, so each kill
cuts the connections of all.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from time import monotonic

import aio_pika
import asyncpg
import pytest
from aio_pika.abc import AbstractIncomingMessage
from house import Caller, House, eventually, open_house

from docket_devstack import rabbitmq, rabbitmq_cluster
from docket_devstack.rabbitmq_cluster import Cluster
from docket_runtime.bus import broker as bus
from docket_runtime.bus import dead_letter_queue
from docket_runtime.bus.dead_letter_queue import DeadLetterMonitor
from docket_runtime.unavailable import Unavailable
from notifier.bus_consumer import BusConsumer

WITHIN_S = 5.0
A_SECOND = 5
ARCHIVE = "archive"
OLD = "old"
"""A virtual host in which release 0.1.0 has been."""
WITNESS = "witness"
"""A key by which only this test has bound notifier's queue: who deletes the queue loses it."""

HEAD = "select sum(head_position)::int from docket.log_partitions"
RELAYED = "select coalesce(sum(position), 0)::int from docket.checkpoints where consumer = 'relay'"


@dataclass(frozen=True)
class Addressed:
    """What a house needs to know of its broker."""

    url: str


@dataclass
class Load:
    """Somebody who opens tickets all the time, A_SECOND."""

    ann: Caller
    tickets: list[str] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    def run(self) -> None:
        """Open tickets until it is over; each must be taken."""
        while not self.over.wait(1 / A_SECOND):
            body = {"product": "VMmanager 6", "contact": {"email": "ann@acme.example"}}
            answer = self.ann.post("/v1/tickets", **body)
            assert answer.status_code == 201, answer.text
            self.tickets.append(answer.json()["id"])

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Open tickets while the block runs."""
        with ThreadPoolExecutor(1) as thread:
            running = thread.submit(self.run)
            try:
                yield
            finally:
                self.over.set()
            running.result()


@pytest.fixture
def brokers(servers, own_folder) -> Cluster:
    return rabbitmq_cluster.start(own_folder / "brokers", servers.broker_files())


@pytest.fixture
def house(database, brokers, tmp_path: Path) -> Iterator[House]:
    yield from open_house(database, Addressed(brokers.url()), tmp_path)


def ask(url: str, query: str) -> int:
    async def asked() -> int:
        connection = await asyncpg.connect(url)
        try:
            return int(await connection.fetchval(query))
        finally:
            await connection.close()

    return asyncio.run(asked())


async def set_up(url: str) -> None:
    """Declare an archive of all events, and mark notifier's queue with a binding of our own."""
    connection = await bus.connect(url, "archive")
    topology = await bus.declare(connection)
    await dead_letter_queue.declare(connection)
    quorum = {"x-queue-type": "quorum"}
    archive = await topology.channel.declare_queue(ARCHIVE, durable=True, arguments=quorum)
    await archive.bind(bus.EXCHANGE, "#")
    await topology.queue.bind(bus.EXCHANGE, WITNESS)
    await connection.close()


async def count(url: str, queue: str) -> int:
    connection = await bus.connect(url, "count")
    channel = await connection.channel()
    declared = await channel.declare_queue(queue, passive=True)
    await connection.close()
    return declared.declaration_result.message_count or 0


async def witnessed(url: str) -> bool:
    """Tell whether the queue has our binding still: a message by its key reaches it."""
    connection = await bus.connect(url, "witness")
    topology = await bus.declare(connection)
    taken = await bus.publish(topology.exchange, aio_pika.Message(b"{}"), WITNESS)
    await connection.close()
    return taken


async def archived(url: str, ids: set[str]) -> set[str]:
    """Return which of these events the archive has."""
    connection = await bus.connect(url, "archive")
    channel = await connection.channel()
    archive = await channel.get_queue(ARCHIVE)
    seen: set[str] = set()
    all_seen = asyncio.Event()

    async def keep(message: AbstractIncomingMessage) -> None:
        seen.add(str(message.message_id))
        if ids <= seen:
            all_seen.set()

    await archive.consume(keep, no_ack=True)
    try:
        await asyncio.wait_for(all_seen.wait(), 30)
    except TimeoutError:
        return ids & seen
    finally:
        await connection.close()
    return ids


async def events(url: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch("select event_id, ticket_id, type from docket.events"))
    finally:
        await connection.close()


async def declare_classic(node: rabbitmq.Node) -> None:
    """Make dead letters as release 0.1.0 did: in a queue that lies on this node alone."""
    connection = await bus.connect(node.url(OLD), "0.1.0")
    channel = await connection.channel()
    await channel.declare_queue(bus.DEAD, durable=True)
    await connection.close()


async def works_without_dead_letters(amqp_url: str) -> None:
    """Assert that who connects gets on while the node of that classic queue is down (O-2)."""
    connection = await bus.connect(amqp_url, "test")
    await bus.declare(connection)
    await connection.close()
    messages, monitor = BusConsumer(amqp_url, None), DeadLetterMonitor(amqp_url)
    await messages.step()
    await messages.close()
    with pytest.raises(Unavailable, match="home node"):
        await monitor.step()
    assert "home node" in str(await monitor.check())
    await monitor.close()


async def is_used_as_it_is(amqp_url: str) -> bool:
    monitor = DeadLetterMonitor(amqp_url)
    await monitor.step()
    await monitor.close()
    return "is used as it is" in str(await monitor.check())


@pytest.mark.full
@pytest.mark.timeout(400)
def test_each_node_may_die_and_come_back(house: House, brokers: Cluster, servers, capsys) -> None:
    url, amqp_url = house.database.url(), brokers.url()
    asyncio.run(set_up(amqp_url))
    brokers.nodes[1].create_vhost(OLD)
    asyncio.run(declare_classic(brokers.nodes[1]))
    brokers.wait_until_whole([bus.NOTIFIER_QUEUE, bus.DEAD, ARCHIVE])
    house.start()
    load = Load(house.caller("customer", "ann", "acme"))
    told: list[str] = []
    with load.going_on():
        eventually(lambda: ask(url, RELAYED) > 10, "the relay is at work")
        for number, node in enumerate(brokers.nodes, 1):
            last = number == len(brokers.nodes)
            if last:  # what waits in the queue survives its node, too
                house.stop("notifier")
                eventually(lambda: asyncio.run(count(amqp_url, bus.NOTIFIER_QUEUE)) > 5, "waiting")
            rabbitmq.kill(node)
            killed = monotonic()
            head = ask(url, HEAD)
            eventually(lambda head=head: ask(url, RELAYED) > head, "the relay goes on", 60)
            back_s = monotonic() - killed
            waiting = asyncio.run(count(amqp_url, bus.NOTIFIER_QUEUE))
            if node is brokers.nodes[1]:
                asyncio.run(works_without_dead_letters(brokers.url(OLD)))
            if last:
                assert waiting > 5
                house.start("notifier")
            began = monotonic()
            rabbitmq.boot(node, servers.broker_files())
            brokers.wait_until_whole([bus.NOTIFIER_QUEUE, bus.DEAD, ARCHIVE])
            joined_s = monotonic() - began
            told.append(
                f"node {number}: relay back in {back_s:.2f} s, rejoined in {joined_s:.1f} s"
            )
            assert back_s <= WITHIN_S, told

    assert asyncio.run(is_used_as_it_is(brokers.url(OLD)))
    eventually(lambda: ask(url, RELAYED) == ask(url, HEAD), "the bus has all")
    tickets = load.tickets

    def notices() -> Counter[str]:
        sent = [row for row in asyncio.run(events(url)) if row["type"] == "RegistrationNoticeSent"]
        return Counter(str(row["ticket_id"]) for row in sent)

    eventually(lambda: len(notices()) == len(tickets), "everybody is told", 60)
    eventually(lambda: ask(url, RELAYED) == ask(url, HEAD), "the bus has all")
    assert notices() == dict.fromkeys(tickets, 1)
    assert len(house.mailboxes.about("registered")) == len(tickets)
    ids = {str(row["event_id"]) for row in asyncio.run(events(url))}
    assert asyncio.run(archived(amqp_url, ids)) == ids
    assert asyncio.run(witnessed(amqp_url)), "notifier's queue is the one it was"
    log = (house.folder / "notifier.log").read_text()
    assert "dead_queue_deleted" not in log
    with capsys.disabled():
        print(
            f"\n{len(tickets)} tickets, {len(ids)} events, all in the archive; " + "; ".join(told)
        )
