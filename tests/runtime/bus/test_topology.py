"""What is declared: the main things without the others, and nothing is replaced on a mismatch."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from aio_pika import Message
from aio_pika.abc import AbstractConnection
from aio_pika.exceptions import ChannelNotFoundEntity
from structlog.testing import capture_logs

from chronicle import Chronicle
from docket_runtime import metrics
from docket_runtime.bus import broker as bus
from docket_runtime.bus import dead_letter_queue, dead_letters
from docket_runtime.bus.dead_letter_queue import DeadLetterMonitor, arguments_for
from docket_runtime.bus.relay import Relay
from docket_runtime.database import Database
from notifier.bus_consumer import BusConsumer
from notifier.set_aside import SetAside
from people import created

PROJECT = Path(__file__).parents[3]
QUORUM = {"x-queue-type": "quorum"}


@pytest.fixture
async def connection(broker) -> AsyncIterator[AbstractConnection]:
    connection = await bus.connect(broker.url, "test")
    yield connection
    await connection.close()


@pytest.fixture
async def monitor(broker) -> AsyncIterator[DeadLetterMonitor]:
    monitor = DeadLetterMonitor(broker.url)
    yield monitor
    await monitor.close()


async def test_dead_letters_lie_in_a_quorum_queue(broker, connection, monitor) -> None:
    await bus.declare(connection)
    assert await monitor.check() is not None, "nobody has looked yet"
    await monitor.step()
    assert await monitor.check() is None
    assert bus.DEAD in broker.node.quorum_queues()
    assert bus.NOTIFIER_QUEUE in broker.node.quorum_queues()


async def test_the_relay_needs_no_queue_of_dead_letters(database, broker, connection) -> None:
    chronicle = Chronicle(database.url(), "2026-06-12T12:00:00")
    await chronicle.ticket(("2026-06-12T10:00:00", created()))
    relay = Relay(Database(database.url("docket_sla_clock"), "relay", may_lose=True), broker.url)
    assert await relay.step()
    assert await relay.topology() is None
    await relay.close()
    channel = await connection.channel()
    with pytest.raises(ChannelNotFoundEntity, match=f"no queue '{bus.DEAD}'"):
        await channel.declare_queue(bus.DEAD, passive=True)


@pytest.mark.parametrize(
    ("version", "limit"),
    [("3.10.8", None), ("3.13.7", None), ("4.0.0", -1), ("4.3.1", -1), ("10.1", -1), ("x", None)],
)
def test_deliveries_are_unlimited_where_the_broker_limits_them(version, limit) -> None:
    transport = SimpleNamespace(connection=SimpleNamespace(server_properties={"version": version}))
    arguments = arguments_for(SimpleNamespace(transport=transport))
    assert arguments.get("x-delivery-limit") == limit
    assert arguments["x-queue-type"] == "quorum"


async def test_a_classic_queue_of_an_earlier_release_is_used_and_said_so(
    broker, connection, monitor
) -> None:
    channel = await connection.channel(publisher_confirms=True)
    await channel.declare_queue(bus.DEAD, durable=True)
    await channel.default_exchange.publish(Message(b"{}", message_id="of 0.1.0"), bus.DEAD)

    with capture_logs() as logs:
        await monitor.step()
        await monitor.step()
    said = await monitor.check()
    assert said is not None
    assert "docket.notifier.dead is used as it is" in said
    assert "x-queue-type" in said
    assert [line["event"] for line in logs] == ["dead_letters_as_they_are"], "said once"
    assert metrics.DEAD_LETTERS.labels(bus.DEAD)._value.get() == 1

    dead = await dead_letter_queue.declare(connection)
    assert await bus.publish(dead.exchange, Message(b"{}", message_id="of today"), "")
    letters = await dead_letters.look(broker.url)
    assert [letter.message_id for letter in letters] == ["of 0.1.0", "of today"]


async def test_a_replaced_queue_ends_the_note(broker, connection, monitor) -> None:
    """As the operator's page says: replay what is in it, delete it, and it is made anew."""
    channel = await connection.channel(publisher_confirms=True)
    await channel.declare_queue(bus.DEAD, durable=True)
    await monitor.step()
    assert await monitor.check() is not None
    await channel.queue_delete(bus.DEAD)
    await monitor.step()
    assert await monitor.check() is None
    assert bus.DEAD in broker.node.quorum_queues()


async def test_the_rights_that_the_page_for_operators_grants_are_enough(
    database, broker, granted_user
) -> None:
    """The relay publishes, notifier sets poison aside, and the command puts it back."""
    chronicle = Chronicle(database.url(), "2026-06-12T12:00:00")
    await chronicle.ticket(("2026-06-12T10:00:00", created()))
    url = broker.url.replace("guest:guest", f"{granted_user}:{granted_user}")
    relay = Relay(Database(database.url("docket_sla_clock"), "relay", may_lose=True), url)
    assert await relay.step()
    await relay.close()
    connection = await bus.connect(url, "test")
    topology = await bus.declare(connection)
    hint = await topology.queue.get(timeout=5)
    aside = SetAside(url)
    assert await aside.bury(hint, "as a test")
    await aside.again(hint, 1)
    await aside.close()
    await hint.ack()
    await connection.close()
    assert len(await dead_letters.replay(url)) == 1


@pytest.fixture
def granted_user(broker) -> str:
    """A user with the rights that docs/operating/rabbitmq.md names."""
    page = (PROJECT / "docs/operating/rabbitmq.md").read_text()
    found = re.search(r"set_permissions -p \S+ docket '(\S+)' '(\S+)' '(\S+)'", page)
    assert found is not None
    rights = dict(zip(("configure", "write", "read"), found.groups(), strict=True))
    broker.node.create_user(name := f"user-{broker.vhost}", broker.vhost, rights)
    return name


@pytest.mark.parametrize(
    ("other", "named"),
    [
        ({"x-dead-letter-exchange": bus.DEAD}, "x-queue-type"),
        (QUORUM, "x-dead-letter-exchange"),
    ],
)
async def test_a_queue_of_ours_with_other_properties_is_named_with_the_property(
    database, broker, connection, other, named
) -> None:
    chronicle = Chronicle(database.url(), "2026-06-12T12:00:00")
    await chronicle.ticket(("2026-06-12T10:00:00", created()))
    channel = await connection.channel()
    await channel.declare_queue(bus.NOTIFIER_QUEUE, durable=True, arguments=other)
    relay = Relay(Database(database.url("docket_sla_clock"), "relay", may_lose=True), broker.url)
    messages = BusConsumer(broker.url, None)
    for each in (relay, messages):
        with pytest.raises(bus.Mismatched):
            await each.step()
        said = await each.topology()
        assert said is not None
        assert "queue 'docket.notifier'" in said
        assert named in said

    await channel.queue_delete(bus.NOTIFIER_QUEUE)
    for each in (relay, messages):
        await each.step()
        assert await each.topology() is None
        await each.close()


async def test_dead_letters_are_an_error_of_their_own_where_even_their_exchange_is_another(
    connection, monitor
) -> None:
    channel = await connection.channel()
    await channel.declare_exchange(bus.DEAD, "topic", durable=True)
    await bus.declare(connection)
    with pytest.raises(bus.Mismatched, match=f"exchange '{bus.DEAD}'"):
        await monitor.step()
    said = await monitor.check()
    assert said is not None
    assert "exchange 'docket.notifier.dead'" in said
