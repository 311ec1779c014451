"""The messages loop in trouble: queues deleted, a broker killed, dead letters out of reach."""

import asyncio

import pytest
from aio_pika import Message
from hearing import NOW, anns_ticket, emptied, relayed, until
from structlog.testing import capture_logs

from docket_runtime.bus import broker as bus
from docket_runtime.bus.dead_letters import look
from notifier.bus_consumer import BusConsumer, Patience


async def test_a_queue_that_was_deleted_is_heard_again(
    chronicle, database, broker, with_patience, topology
) -> None:
    """Also where RabbitMQ takes us for a consumer of the new queue, as it does once in thirty."""
    messages = with_patience(Patience(look_s=0.0, renew_s=1.0))
    await messages.step()
    await topology.queue.delete(if_unused=False, if_empty=False)
    ticket = await anns_ticket(chronicle)
    await relayed(database, broker)

    async def told() -> bool:
        return (await chronicle.types(ticket))[-1] == "RegistrationNoticeSent"

    await until(told, messages.step)


@pytest.mark.parametrize(("renew_s", "renewed"), [(60.0, 0), (0.0, 2)])
async def test_a_consumer_that_hears_nothing_for_long_is_made_anew(
    chronicle, database, broker, with_patience, renew_s, renewed
) -> None:
    """At each look, once that time is over; what is published afterwards reaches the new one."""
    messages = with_patience(Patience(look_s=0.0, renew_s=renew_s))
    with capture_logs() as logs:
        for _ in range(3):
            await messages.step()

    assert [entry["event"] for entry in logs].count("consumer_renewed") == renewed
    ticket = await anns_ticket(chronicle)
    await relayed(database, broker)

    async def told() -> bool:
        return (await chronicle.types(ticket))[-1] == "RegistrationNoticeSent"

    await until(told, messages.step)


async def test_dead_letters_that_cannot_be_buried_hold_up_nothing(
    chronicle, database, broker, topology, messages, monkeypatch
) -> None:
    """Another took the name of their exchange: poison is kept, tickets are attended to."""
    monkeypatch.setattr("notifier.set_aside.AGAIN_S", 0.0)
    connection = await bus.connect(broker.url, "vandal")
    channel = await connection.channel()
    other = await channel.declare_exchange(bus.DEAD, "topic", durable=True)
    exchange = topology.channel.default_exchange
    for name in ("one", "two"):
        await bus.publish(exchange, Message(b"{}", message_id=name), bus.NOTIFIER_QUEUE)
    ticket = await anns_ticket(chronicle)
    await relayed(database, broker)

    async def told() -> bool:
        return (await chronicle.types(ticket))[-1] == "RegistrationNoticeSent"

    await until(told, messages.step)
    await other.delete()
    await connection.close()

    async def buried() -> bool:
        return [letter.message_id for letter in await look(broker.url)] == ["one", "two"]

    await until(buried, messages.step)
    await messages.close()
    assert await emptied(topology)


async def test_a_broker_that_was_killed_is_heard_again(
    chronicle, database, own_broker, desk_at
) -> None:
    messages = BusConsumer(own_broker.url, desk_at(NOW))
    await messages.step()
    await asyncio.to_thread(own_broker.kill)
    ticket = await anns_ticket(chronicle)
    await asyncio.to_thread(own_broker.start)
    await relayed(database, own_broker)

    async def told() -> bool:
        return (await chronicle.types(ticket))[-1] == "RegistrationNoticeSent"

    await until(told, messages.step)
    await messages.close()
