"""What a person wrote reaches no queue of the broker: neither beside the log nor inside it."""

import msgspec
from listener import listening
from test_relay import NOW, drained, relay_of

from chronicle import Chronicle, content
from docket_events.ids import in_partition
from docket_events.ticket import ResponseSent
from docket_runtime.new_ids import new_id
from garbage import spoil
from people import created

WORD = "Canary4711"


async def test_neither_a_text_nor_an_event_of_before_with_one_inside(database, broker) -> None:
    chronicle, ticket = Chronicle(database.url(), NOW), in_partition(new_id(), 0)
    subject, topic = content(ticket, "subject", WORD.encode())
    answer, text = content(ticket, "response", WORD.encode())
    await chronicle.ticket(
        ("2026-06-12T10:00:00", created(subject=topic)),
        ("2026-06-12T10:05:00", ResponseSent(text)),
        contents=[subject, answer],
        ticket_id=ticket,
    )
    inside = msgspec.json.encode({"from": "Low", "to": "High", "reason": WORD})
    await spoil(database.url(), ticket, "PriorityChanged", inside)

    relay = relay_of(database.url("docket_sla_clock"), broker.url)
    async with listening(broker.url) as listener:
        await drained(relay)
        heard = await listener.wait_for(3)
    await relay.close()

    assert [each.type for each in await chronicle.history(ticket)][-1] == "PriorityChanged"
    assert len(heard) == 3
    for message in heard:
        assert WORD.encode() not in message.body
        assert WORD not in f"{message.properties} {message.routing_key} {message.exchange}"
