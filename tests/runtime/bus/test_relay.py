"""The relay: each event reaches the bus, in order, at least once, whatever the broker does."""

import asyncio
from collections import defaultdict

import pytest
from aio_pika.abc import AbstractIncomingMessage
from cloudevents.core.bindings.rabbitmq import RabbitMQMessage, from_binary_event, to_binary_event
from listener import listening

from chronicle import Chronicle
from docket_events.access import AccessRestricted
from docket_events.codec import encode
from docket_events.ticket import PriorityChanged, UserCommented
from docket_runtime.bus import broker as broker_module
from docket_runtime.bus.relay import Relay
from docket_runtime.database import Database
from docket_runtime.unavailable import Unavailable
from people import created

NOW = "2026-06-12T12:00:00"


def relay_of(url: str, amqp_url: str) -> Relay:
    return Relay(Database(url, "relay", may_lose=True), amqp_url)


async def drained(relay: Relay) -> None:
    """Let the relay go on until it finds nothing, also while the broker comes back."""
    async with asyncio.timeout(60):
        while True:
            try:
                if not await relay.step():
                    return
            except Unavailable:
                await asyncio.sleep(0.05)


async def test_each_event_is_a_cloud_event_that_the_library_reads(database, broker) -> None:
    chronicle = Chronicle(database.url(), NOW)
    ticket = await chronicle.ticket(
        ("2026-06-12T10:00:00", created()), ("2026-06-12T10:05:00", PriorityChanged("High", "Low"))
    )
    relay = relay_of(database.url("docket_sla_clock"), broker.url)
    async with listening(broker.url) as listener:
        await drained(relay)
        first, second = await listener.wait_for(2)
    await relay.close()

    history = await chronicle.history(ticket)
    assert first.routing_key == "ticket.ticket-created"
    assert first.message_id == str(history[0].event_id)
    assert first.delivery_mode == 2
    assert first.body == encode(history[0].event)
    message = RabbitMQMessage(dict(second.headers), second.content_type, second.body)
    event = from_binary_event(message)
    assert event.get_type() == "docket.ticket.priority-changed.v2"
    assert event.get_id() == str(history[1].event_id)
    assert event.get_subject() == str(ticket)
    assert event.get_time() == history[1].occurred_at
    assert event.get_extension("sequence") == "2"
    assert event.get_extension("partitionkey") == str(ticket)
    assert event.get_data() == {"from": "Low", "to": "High"}
    assert to_binary_event(event).headers == message.headers


async def test_what_is_told_of_an_account_is_a_cloud_event_too(database, broker) -> None:
    chronicle = Chronicle(database.url(), NOW)
    stream = await chronicle.account("acme", ("2026-06-12T10:00:00", AccessRestricted("acme")))
    relay = relay_of(database.url("docket_sla_clock"), broker.url)
    async with listening(broker.url) as listener:
        await drained(relay)
        (message,) = await listener.wait_for(1)
    await relay.close()

    assert message.routing_key == "ticket.access-restricted"
    event = from_binary_event(
        RabbitMQMessage(dict(message.headers), message.content_type, message.body)
    )
    assert event.get_type() == "docket.ticket.access-restricted.v2"
    assert event.get_subject() == str(stream)
    assert event.get_data() == {"account_id": "acme"}


async def test_events_arrive_in_the_order_of_the_log_and_nothing_is_left_behind(
    database, broker
) -> None:
    chronicle = Chronicle(database.url(), NOW)
    tickets = [
        await chronicle.ticket(
            ("2026-06-12T10:00:00", created(number=str(n))),
            *[(f"2026-06-12T11:{m:02}:00", UserCommented()) for m in range(40)],
        )
        for n in range(60)
    ]
    relay = relay_of(database.url("docket_sla_clock"), broker.url)
    async with listening(broker.url) as listener:
        await drained(relay)
        heard = await listener.wait_for(60 * 41)
    await relay.close()

    versions = defaultdict(list)
    for message in heard:
        versions[message.headers["ce-subject"]].append(int(message.headers["ce-sequence"]))
    assert versions == {str(ticket): list(range(1, 42)) for ticket in tickets}
    (row,) = await chronicle.rows("select position from docket.checkpoints where consumer='relay'")
    assert row["position"] == 60 * 41


async def test_an_event_that_nobody_subscribed_to_stalls_nothing(database, broker) -> None:
    chronicle = Chronicle(database.url(), NOW)
    ticket = await chronicle.ticket(
        ("2026-06-12T10:00:00", created()), ("2026-06-12T10:05:00", UserCommented())
    )
    relay = relay_of(database.url("docket_sla_clock"), broker.url)
    assert await relay.step()
    assert not await relay.step()
    await chronicle.then(ticket, ("2026-06-12T10:06:00", UserCommented()))
    assert await relay.step()
    await relay.close()


async def test_a_missing_queue_stops_the_checkpoint_until_the_topology_is_whole(
    database, broker
) -> None:
    chronicle = Chronicle(database.url(), NOW)
    await chronicle.ticket(("2026-06-12T10:00:00", created()))
    relay = relay_of(database.url("docket_sla_clock"), broker.url)
    await drained(relay)
    connection = await broker_module.connect(broker.url, "vandal")
    topology = await broker_module.declare(connection)
    await topology.queue.delete(if_unused=False, if_empty=False)
    await chronicle.ticket(("2026-06-12T10:01:00", created(number="2")))

    with pytest.raises(broker_module.Misrouted, match="ticket-created"):
        await relay.step()
    (row,) = await chronicle.rows("select position from docket.checkpoints where consumer='relay'")
    assert row["position"] == 1
    assert await relay.step()
    assert await waiting_in(connection) == 1
    await connection.close()
    await relay.close()


async def test_only_one_of_two_relays_leads_and_the_other_takes_over(database, broker) -> None:
    chronicle = Chronicle(database.url(), NOW)
    await chronicle.ticket(("2026-06-12T10:00:00", created()))
    leader, other = (relay_of(database.url("docket_sla_clock"), broker.url) for _ in range(2))
    assert await leader.step()
    await chronicle.ticket(("2026-06-12T10:01:00", created(number="2")))
    assert not await other.step()
    await leader.close()
    async with asyncio.timeout(10):
        while not await other.step():
            await asyncio.sleep(0.01)
    await other.close()
    (row,) = await chronicle.rows("select position from docket.checkpoints where consumer='relay'")
    assert row["position"] == 2


async def test_a_broker_killed_under_load_loses_nothing_that_was_confirmed(
    database, own_broker
) -> None:
    chronicle = Chronicle(database.url(), NOW)
    for n in range(40):
        await chronicle.ticket(
            ("2026-06-12T10:00:00", created(number=str(n))),
            *[("2026-06-12T11:00:00", UserCommented()) for _ in range(99)],
        )
    relay = relay_of(database.url("docket_sla_clock"), own_broker.url)
    connection = await broker_module.connect(own_broker.url, "archive")
    topology = await broker_module.declare(connection)
    archive = await topology.channel.declare_queue(
        "archive", durable=True, arguments={"x-queue-type": "quorum"}
    )
    await archive.bind(broker_module.EXCHANGE, "#")
    await broker_module.leave(connection)

    assert await relay.step()
    work = asyncio.create_task(drained(relay))
    await asyncio.to_thread(own_broker.kill)
    await asyncio.to_thread(own_broker.start)
    await work
    await relay.close()

    connection = await broker_module.connect(own_broker.url, "archive")
    channel = await connection.channel()
    archive = await channel.get_queue("archive")
    seen: set[str | None] = set()

    async def keep(message: AbstractIncomingMessage) -> None:
        seen.add(message.message_id)

    await archive.consume(keep, no_ack=True)
    stored = await chronicle.rows("select event_id from docket.events")
    async with asyncio.timeout(60):
        while seen != {str(row["event_id"]) for row in stored}:
            await asyncio.sleep(0.05)
    await connection.close()


async def waiting_in(connection) -> int:
    channel = await connection.channel()
    queue = await channel.declare_queue(broker_module.NOTIFIER_QUEUE, passive=True)
    return queue.declaration_result.message_count
