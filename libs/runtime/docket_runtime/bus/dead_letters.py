"""Dead letters: listing the messages that were set aside, and replaying them."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractIncomingMessage

from docket_runtime.bus import broker, dead_letter_queue
from docket_runtime.bus.broker import Misrouted, Topology, talking

REASON_HEADER = "docket-reason"
ATTEMPT_HEADER = "docket-attempt"
ATTEMPTS = 5
MOST_HEADERS = 16 * 1024


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was set aside: `number` counts from 1, the oldest first."""

    number: int
    message_id: str | None
    type: str | None
    ticket: str | None
    reason: str
    attempts: int
    body: bytes


def aside(message: AbstractIncomingMessage, headers: dict[str, str | int]) -> Message:
    """Return a copy of a message with these headers, without the broker's own.

    Only headers that any broker takes again are kept, `MOST_HEADERS` characters in all: who sent
    the message chose them.
    """
    kept: dict[str, str | bytes | int] = {}
    room = MOST_HEADERS
    for name, value in message.headers.items():
        if name.startswith("x-") or not isinstance(value, str | bytes | int):
            continue
        room -= len(name) + len(str(value))
        if room >= 0:
            kept[name] = value
    return Message(
        message.body,
        headers={**kept, **headers},
        content_type=message.content_type,
        delivery_mode=DeliveryMode.PERSISTENT,
        message_id=message.message_id,
        type=message.type,
    )


def attempts_of(message: AbstractIncomingMessage) -> int | None:
    """Return how often the handling of a message has failed, None if its header is no such count.

    The header is ours, but anybody who can publish can set it: one that is below 0 or beyond
    `ATTEMPTS` would let the message live for ever.
    """
    attempts = message.headers.get(ATTEMPT_HEADER, 0)
    return attempts if isinstance(attempts, int) and 0 <= attempts <= ATTEMPTS else None


async def look(amqp_url: str) -> list[DeadLetter]:
    """Return all dead letters and leave them where they are; raise Unavailable."""
    async with _queue(amqp_url) as (_, messages):
        return [_letter(number, message) for number, message in enumerate(messages, 1)]


async def replay(amqp_url: str, numbers: Collection[int] | None = None) -> list[DeadLetter]:
    """Put dead letters back into notifier's queue, all of them or those of these numbers.

    A dead letter is removed only after the broker has confirmed its copy. Raises Unavailable.
    """
    put_back: list[DeadLetter] = []
    async with _queue(amqp_url) as (topology, messages):
        for number, message in enumerate(messages, 1):
            if numbers is not None and number not in numbers:
                continue
            copy = aside(message, {ATTEMPT_HEADER: 0})
            exchange = topology.channel.default_exchange
            if not await broker.publish(exchange, copy, broker.NOTIFIER_QUEUE):
                raise Misrouted(f"the queue {broker.NOTIFIER_QUEUE} is gone")
            async with talking():
                await message.ack()
            put_back.append(_letter(number, message))
    return put_back


@asynccontextmanager
async def _queue(
    amqp_url: str,
) -> AsyncIterator[tuple[Topology, list[AbstractIncomingMessage]]]:
    """Hold every dead letter while the block runs; what it does not acknowledge goes back."""
    connection = await broker.connect(amqp_url, "docket dead-letters")
    try:
        topology = await broker.declare(connection)
        dead = await dead_letter_queue.declare(connection)
        messages: list[AbstractIncomingMessage] = []
        while True:
            async with talking():
                message = await dead.queue.get(fail=False)
            if message is None:
                break
            messages.append(message)
        yield topology, messages
    finally:
        await broker.leave(connection)


def _letter(number: int, message: AbstractIncomingMessage) -> DeadLetter:
    headers = message.headers
    return DeadLetter(
        number=number,
        message_id=message.message_id,
        type=_text(headers.get("ce-type")),
        ticket=_text(headers.get("ce-subject")),
        reason=_text(headers.get(REASON_HEADER)) or _of_broker(headers.get("x-death")),
        attempts=attempts_of(message) or 0,
        body=message.body,
    )


def _of_broker(deaths: object) -> str:
    """Return the broker's reason, where it set the message aside itself."""
    if isinstance(deaths, list) and deaths and isinstance(deaths[0], dict):
        return f"set aside by the broker: {_text(deaths[0].get('reason'))}"
    return "unknown"


def _text(value: object) -> str | None:
    if value is None:
        return None
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
