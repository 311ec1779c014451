"""The messages loop in trouble: queues that were deleted or died, a broker that was killed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest
from hearing import NOW, anns_ticket, relayed, until
from structlog.testing import capture_logs

from docket_devstack import rabbitmq
from docket_runtime.bus.relay import Relay
from docket_runtime.database import Database
from docket_runtime.unavailable import Unavailable
from notifier.bus_consumer import BusConsumer, Patience
from surroundings import Broker


@pytest.fixture
async def with_patience(broker, desk_at) -> AsyncIterator[Callable[[Patience], BusConsumer]]:
    """Give a messages loop of some patience with the broker."""
    async with AsyncExitStack() as stack:

        def made(patience: Patience) -> BusConsumer:
            messages = BusConsumer(broker.url, desk_at(NOW), patience)
            stack.push_async_callback(messages.close)
            return messages

        yield made


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
    messages = BusConsumer(young_broker.url, desk_at(NOW), Patience(consume_s=0.5))
    await messages.step()
    await asyncio.to_thread(rabbitmq.kill, young_broker.node)  # before it has written its queues
    ticket = await anns_ticket(chronicle)
    await asyncio.to_thread(young_broker.start)
    reached = Database(database.url("docket_sla_clock"), "relay", may_lose=True)
    relay = Relay(reached, young_broker.url)

    async def told() -> bool:
        return (await chronicle.types(ticket))[-1] == "RegistrationNoticeSent"

    async def step() -> bool:
        try:
            await relay.step()
        except Unavailable:
            return await messages.step()
        return await messages.step()

    await until(told, step)
    await relay.close()
    await messages.close()


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
