"""A desk at which a test attends to tickets, with a real mail server behind it."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from hearing import NOW
from msgspec import json

from chronicle import ANNS_ADDRESS, Chronicle, content, frozen
from docket_events.ids import in_partition
from docket_runtime.bus import broker as bus
from docket_runtime.bus import dead_letter_queue
from docket_runtime.bus.dead_letter_queue import DeadLetterQueue
from docket_runtime.clock import Clock, parse_warp
from docket_runtime.database import Database
from docket_runtime.mail.server import Mailer
from docket_runtime.new_ids import new_id
from notifier.bus_consumer import BusConsumer, Patience
from notifier.courier import Courier
from notifier.dispatcher import Dispatcher
from notifier.letter_templates import our_templates
from notifier.letter_text import Writer
from notifier.letters import Letters
from notifier.mail_limits import MailLimits
from people import ANN, created
from postbox import Postbox, open_postbox

WRITER = Writer(our_templates())
LETTERS = Letters("support@docket.localhost", "docket.localhost", "agents@docket.localhost")


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with open_postbox() as box:
        yield box


@pytest.fixture
def limits() -> MailLimits:
    return MailLimits(60, 600, 200, 1200)


@pytest.fixture
async def desk_at(database, postbox, limits) -> AsyncIterator[Callable[[str], Dispatcher]]:
    """Give a desk whose present is frozen at an instant."""
    made: list[Dispatcher] = []

    def desk_at(now: str) -> Dispatcher:
        reached = Database(database.url("docket_notifier"), "notifier", frozen(now), may_lose=True)
        clock = Clock(parse_warp(frozen(now)))
        half_an_hour = timedelta(minutes=30)
        courier = Courier(Mailer(postbox.url), LETTERS, WRITER, limits)
        made.append(Dispatcher(reached, clock, courier, half_an_hour))
        return made[-1]

    yield desk_at
    for desk in made:
        await desk.close()


@pytest.fixture
def chronicle(database) -> Chronicle:
    return Chronicle(database.url(), "2026-06-12T10:00:00")


@pytest.fixture
def ticket_to(chronicle):
    """Give a ticket of the Client Area whose notices go to an address, kept as it is."""

    async def opened(email: str, topic: str = "No network", number: str = "D-1"):
        ticket_id = in_partition(new_id(), 0)
        contact, ref = content(ticket_id, "contact", json.encode({"email": email, "name": "Ann"}))
        subject, topic_ref = content(ticket_id, "subject", topic.encode())
        return await chronicle.ticket(
            ("2026-06-12T10:00:00", created(number=number, contact=ref, subject=topic_ref)),
            actor=ANN,
            contents=[contact, subject],
            ticket_id=ticket_id,
        )

    return opened


@pytest.fixture
async def anns(chronicle):
    """A ticket that Ann opened in the Client Area at ten, with her address."""
    ticket_id = in_partition(new_id(), 0)
    contact, ref = content(ticket_id, "contact", ANNS_ADDRESS)
    topic, subject = content(ticket_id, "subject", b"No network\r\nBcc: all@x")
    return await chronicle.ticket(
        ("2026-06-12T10:00:00", created(contact=ref, subject=subject)),
        actor=ANN,
        contents=[contact, topic],
        ticket_id=ticket_id,
    )


@pytest.fixture
async def messages(broker, desk_at) -> AsyncIterator[BusConsumer]:
    made = BusConsumer(broker.url, desk_at(NOW))
    yield made
    await made.close()


@pytest.fixture
async def topology(broker) -> AsyncIterator[bus.Topology]:
    """The exchange and the queues, over a connection of the test's own."""
    connection = await bus.connect(broker.url, "test")
    yield await bus.declare(connection)
    await connection.close()


@pytest.fixture
async def dead(broker) -> AsyncIterator[DeadLetterQueue]:
    """The queue of dead letters, over a connection of the test's own."""
    connection = await bus.connect(broker.url, "test")
    yield await dead_letter_queue.declare(connection)
    await connection.close()


@pytest.fixture
async def with_patience(broker, desk_at) -> AsyncIterator[Callable[[Patience], BusConsumer]]:
    """Give a messages loop of some patience with the broker."""
    async with AsyncExitStack() as stack:

        def made(patience: Patience) -> BusConsumer:
            messages = BusConsumer(broker.url, desk_at(NOW), patience)
            stack.push_async_callback(messages.close)
            return messages

        yield made
