"""A broker that blocks who publishes, and one that falls silent: relay and notifier get over it."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from hearing import NOW, anns_ticket, until
from wire import wire_to

from docket_runtime.bus import broker as bus
from docket_runtime.bus.relay import Relay
from docket_runtime.database import Database
from docket_runtime.unavailable import Unavailable
from notifier.bus_consumer import BusConsumer, Patience

PATIENCE_S = 0.5
HURRIED = Patience(look_s=0.0, consume_s=PATIENCE_S)


@pytest.fixture
def hurried(monkeypatch):
    """Let whoever talks to the broker lose patience with it sooner than they would."""
    monkeypatch.setattr(bus, "CONNECT_PATIENCE_S", PATIENCE_S)
    monkeypatch.setattr(bus, "PUBLISH_PATIENCE_S", PATIENCE_S)
    monkeypatch.setattr(bus.talking.__wrapped__, "__defaults__", (PATIENCE_S,))


@pytest.fixture
async def both(database, desk_at):
    """Give relay and notifier over a broker's address."""
    async with AsyncExitStack() as stack:

        def over(amqp_url: str) -> tuple[Relay, BusConsumer]:
            reached = Database(database.url("docket_sla_clock"), "relay", may_lose=True)
            relay = Relay(reached, amqp_url)
            messages = BusConsumer(amqp_url, desk_at(NOW), HURRIED)
            stack.push_async_callback(relay.close)
            stack.push_async_callback(messages.close)
            return relay, messages

        yield over


async def is_told(chronicle, ticket, relay, messages) -> None:
    """Let both take steps until the ticket's user was told, which needs the bus and the desk."""

    async def told() -> bool:
        return (await chronicle.types(ticket))[-1] == "RegistrationNoticeSent"

    async def step() -> bool:
        try:
            await relay.step()
        finally:
            await messages.step()
        return False

    await until(told, step)


async def gives_up(step) -> None:
    """Assert that a step says Unavailable, and soon: nothing hangs on the broker."""
    async with asyncio.timeout(10 * PATIENCE_S):
        with pytest.raises(Unavailable):
            await step()


async def test_a_broker_short_of_memory_delays_the_bus_and_nothing_else(
    chronicle, own_broker, both, hurried
) -> None:
    """F11: publishers are blocked (connection.blocked), consumers are not, the log goes on."""
    relay, messages = both(own_broker.url)
    await is_told(chronicle, await anns_ticket(chronicle), relay, messages)
    alarm = own_broker.alarmed()
    await asyncio.to_thread(alarm.__enter__)
    try:
        ticket = await anns_ticket(chronicle, "2")
        await gives_up(relay.step)
        await gives_up(relay.step)  # and again: a blocked broker is not taken for a mended one
        (row,) = await chronicle.rows(
            "select position from docket.checkpoints where consumer = 'relay'"
        )
        position = row["position"]
    finally:
        await asyncio.to_thread(alarm.__exit__, None, None, None)
    assert position < (await chronicle.history(ticket))[-1].position
    await is_told(chronicle, ticket, relay, messages)


async def test_a_connection_that_fell_silent_is_given_up_and_made_anew(
    chronicle, broker, both, hurried
) -> None:
    """F10: the peer says nothing and the socket stays open, as behind a dead firewall."""
    async with wire_to(broker.url) as (wire, amqp_url):
        # by its own heartbeats the broker finds out that nobody hears what it hands over
        relay, messages = both(f"{amqp_url}?heartbeat=2")
        await is_told(chronicle, await anns_ticket(chronicle), relay, messages)

        wire.go_dead()
        ticket = await anns_ticket(chronicle, "2")
        for _ in range(2):  # on the connection there was, and on one that leads nowhere
            await gives_up(relay.step)
            await gives_up(messages.step)
        assert await chronicle.types(ticket) == ["TicketCreated"]

        wire.mend()
        await is_told(chronicle, ticket, relay, messages)
        await relay.close()
        await messages.close()


def test_heartbeats_find_a_silent_peer_within_twenty_seconds() -> None:
    """F10: by two heartbeats at most, and sooner by the look that notifier takes at its queue."""
    assert 2 * bus.HEARTBEAT_S <= 20
    assert Patience().look_s + bus.TALK_PATIENCE_S <= 20
