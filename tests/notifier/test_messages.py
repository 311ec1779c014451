"""The messages loop: messages are hints, poison is set aside with its reason, nothing is lost."""

import asyncio
import random
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from aio_pika import Message
from hearing import NOW, anns_ticket, emptied, relayed, until, waiting

from docket_events.ids import in_partition
from docket_events.ticket import ClosureDecided
from docket_runtime.bus import broker as bus
from docket_runtime.bus.dead_letters import ATTEMPTS
from docket_runtime.bus.relay import to_message
from docket_runtime.new_ids import new_id
from docket_runtime.store.tail import read_stored
from docket_runtime.unavailable import Unavailable
from notifier.bus_consumer import BusConsumer
from people import IMPORT, created


async def test_a_relayed_event_becomes_a_notice(
    chronicle, database, broker, messages, postbox
) -> None:
    ticket = await anns_ticket(chronicle)
    await relayed(database, broker)

    async def told() -> bool:
        return (await chronicle.types(ticket))[-1] == "RegistrationNoticeSent"

    await until(told, messages.step)
    assert len(postbox.mails) == 1


async def test_duplicates_and_any_order_change_nothing(
    chronicle, database, messages, postbox, topology
) -> None:
    tickets = [await anns_ticket(chronicle, str(n)) for n in range(10)]
    for ticket in tickets:
        await chronicle.then(
            ticket, ("2026-06-12T10:00:01", ClosureDecided("resolved", "R-6.10-a"))
        )
    connection = await chronicle.database.connect()
    events = [event for event in await read_stored(connection, 0, 0) for _ in range(3)]
    await connection.close()
    random.Random(20260612).shuffle(events)
    for event in events:
        key = bus.routing_key(event.type)
        assert await bus.publish(topology.exchange, to_message(0, event), key)

    async def handled() -> bool:
        return len(postbox.mails) >= 20 and not await messages.step()

    await until(handled, messages.step)
    for ticket in tickets:
        assert await chronicle.types(ticket) == [
            "TicketCreated",
            "ClosureDecided",
            "RegistrationNoticeSent",
            "ClosureNoticeSent",
        ]
    assert len(postbox.mails) == 20


async def test_an_imported_event_is_passed_over(chronicle, database, broker, messages) -> None:
    await chronicle.ticket(("2016-02-29T01:16:00", created(revision="R-1999")), actor=IMPORT)
    ticket = await anns_ticket(chronicle, "2")
    await relayed(database, broker)

    async def told() -> bool:
        return (await chronicle.types(ticket))[-1] == "RegistrationNoticeSent"

    await until(told, messages.step)


POISON = {
    "no JSON": ({"ce-type": "docket.ticket.ticket-created.v1"}, b"{", "not the data of its type"),
    "an unknown type": ({"ce-type": "docket.ticket.ticket-sung.v1"}, b"{}", "no event type"),
    "a foreign type": ({"ce-type": "com.example.order.v1"}, b"{}", "no event type"),
    "no type": ({}, b"{}", "no event type"),
    "a newer version": (
        {"ce-type": "docket.ticket.user-commented.v99"},
        b"{}",
        "schema version is newer",
    ),
    "no ticket": (
        {"ce-type": "docket.ticket.user-commented.v1", "ce-subject": "17"},
        b"{}",
        "no ticket id",
    ),
    "an attempt that never ends (S-21)": (
        {"ce-type": "docket.ticket.user-commented.v1", "docket-attempt": -1_000_000_000},
        b"{}",
        "no count from 0 to 5",
    ),
    "an attempt that is no number": (
        {"ce-type": "docket.ticket.user-commented.v1", "docket-attempt": "many"},
        b"{}",
        "no count from 0 to 5",
    ),
    "a body without a bottom": (
        {"ce-type": "docket.ticket.user-commented.v1"},
        b'{"content": ' + b"[" * 100_000,
        "not the data of its type",
    ),
    "headers that no frame holds twice": (
        {"ce-type": "docket.ticket.user-commented.v1", "a": "x" * 65_000, "b": "y" * 65_000},
        b"{",
        "not the data of its type",
    ),
    "headers of every type": (
        {
            "ce-type": "docket.ticket.user-commented.v1",
            "a": Decimal("1.5"),
            "b": [None, {"c": [datetime(2026, 6, 12, tzinfo=UTC)]}],
            "d": 1.5,
            "e": bytearray(b"\xff"),
        },
        b"{",
        "not the data of its type",
    ),
    "two megabytes": (
        {"ce-type": "docket.ticket.user-commented.v1"},
        b" " * 2_000_000,
        "more than 1048576 bytes",
    ),
}


@pytest.mark.parametrize("poison", POISON)
async def test_poison_is_set_aside_with_its_reason_and_the_next_message_is_handled(
    chronicle, messages, topology, dead, database, broker, poison
) -> None:
    headers, body, reason = POISON[poison]
    subject = {"ce-subject": str(in_partition(new_id(), 0))}
    await bus.publish(
        topology.channel.default_exchange,
        Message(body, headers=subject | headers, message_id="poison"),
        bus.NOTIFIER_QUEUE,
    )
    ticket = await anns_ticket(chronicle)
    await relayed(database, broker)

    async def told() -> bool:
        return (await chronicle.types(ticket))[-1] == "RegistrationNoticeSent"

    await until(told, messages.step)
    letter = await dead.queue.get(timeout=5)
    assert letter.message_id == "poison"
    assert letter.body == body
    assert reason in letter.headers["docket-reason"]


async def test_a_message_whose_ticket_is_at_fault_dies_after_its_last_attempt(
    messages, topology, dead
) -> None:
    await bus.publish(
        topology.channel.default_exchange,
        Message(
            b"{}",
            headers={
                "ce-type": "docket.ticket.user-commented.v1",
                "ce-subject": str(in_partition(new_id(), 0)),
            },
        ),
        bus.NOTIFIER_QUEUE,
    )

    async def buried() -> bool:
        return await waiting(topology, bus.DEAD) == 1

    await until(buried, messages.step)
    letter = await dead.queue.get(timeout=5)
    assert letter.headers["docket-reason"] == f"UnknownTicket after {ATTEMPTS} attempts"


async def test_a_mail_server_that_is_down_costs_no_attempt_and_loses_no_notice(
    chronicle, database, broker, messages, topology, dead, postbox
) -> None:
    tickets = [await anns_ticket(chronicle, str(n)) for n in range(5)]
    await relayed(database, broker)
    postbox.close()
    refusals = 0
    async with asyncio.timeout(20):
        while refusals < ATTEMPTS + 2:
            try:
                await messages.step()
                await asyncio.sleep(0.01)
            except Unavailable:
                refusals += 1
    postbox.open()

    async def told() -> bool:
        return len(postbox.mails) == 5

    await until(told, messages.step)
    for ticket in tickets:
        assert await chronicle.types(ticket) == ["TicketCreated", "RegistrationNoticeSent"]
    assert await emptied(topology, bus.DEAD)


async def test_what_a_killed_notifier_had_not_acknowledged_comes_to_its_heir(
    chronicle, database, broker, desk_at, postbox
) -> None:
    ticket = await anns_ticket(chronicle)
    await relayed(database, broker)
    postbox.close()
    dying = BusConsumer(broker.url, desk_at(NOW))
    async with asyncio.timeout(20):
        while True:
            try:
                await dying.step()
                await asyncio.sleep(0.01)
            except Unavailable:
                break
    await dying.close()
    postbox.open()
    heir = BusConsumer(broker.url, desk_at(NOW))

    async def told() -> bool:
        return (await chronicle.types(ticket))[-1] == "RegistrationNoticeSent"

    await until(told, heir.step)
    await heir.close()
    assert len(postbox.mails) == 1
