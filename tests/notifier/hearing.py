"""What tests of messages share: a ticket of Ann's, a relay run dry, steps until something holds."""

import asyncio
from collections.abc import Awaitable, Callable

from chronicle import ANNS_ADDRESS, Chronicle, content
from docket_events.ids import in_partition
from docket_runtime.bus import broker as bus
from docket_runtime.bus.relay import Relay
from docket_runtime.database import Database
from docket_runtime.new_ids import new_id
from docket_runtime.unavailable import Unavailable
from people import created

NOW = "2026-06-12T10:00:05"


async def anns_ticket(chronicle: Chronicle, number: str = "1"):
    ticket_id = in_partition(new_id(), 0)
    contact, ref = content(ticket_id, "contact", ANNS_ADDRESS)
    return await chronicle.ticket(
        ("2026-06-12T10:00:00", created(number=number, contact=ref)),
        ticket_id=ticket_id,
        contents=[contact],
    )


async def relayed(database, broker) -> None:
    relay = Relay(Database(database.url("docket_sla_clock"), "relay", may_lose=True), broker.url)
    try:
        while await relay.step():
            pass
    finally:
        await relay.close()


async def until(condition: Callable[[], Awaitable[bool]], step: Callable[[], Awaitable[bool]]):
    """Take steps until the condition holds, as a loop does: what is out of reach is tried again."""
    async with asyncio.timeout(60):
        while not await condition():
            try:
                worked = await step()
            except Unavailable:
                worked = False
            if not worked:
                await asyncio.sleep(0.01)


async def emptied(topology: bus.Topology, queue: str = bus.NOTIFIER_QUEUE) -> bool:
    return await waiting(topology, queue) == 0


async def waiting(topology: bus.Topology, queue: str) -> int:
    """Count the messages of a queue that no consumer has."""
    declared = await topology.channel.declare_queue(queue, passive=True)
    return declared.declaration_result.message_count
