"""Dead letters: seen with their reason as often as one likes, and put back one by one."""

import json
from collections.abc import AsyncIterator

import pytest
from aio_pika import Message
from typer.testing import CliRunner

from docket_cli.main import app
from docket_runtime.bus import broker as bus
from docket_runtime.bus import dead_letter_queue, dead_letters
from docket_runtime.bus.dead_letter_queue import DeadLetterQueue


@pytest.fixture
async def topology(broker) -> AsyncIterator[bus.Topology]:
    connection = await bus.connect(broker.url, "test")
    yield await bus.declare(connection)
    await connection.close()


@pytest.fixture
async def dead(broker) -> AsyncIterator[DeadLetterQueue]:
    connection = await bus.connect(broker.url, "test")
    yield await dead_letter_queue.declare(connection)
    await connection.close()


async def bury(dead: DeadLetterQueue, *names: str) -> None:
    for name in names:
        headers = {
            "ce-type": "docket.ticket.ticket-sung.v1",
            "ce-subject": "01990000-0000-7000-8000-000000000001",
            "docket-reason": "ce-type is no event type that this version knows",
            "docket-attempt": 2,
        }
        message = Message(b"{}", headers=headers, message_id=name)
        assert await bus.publish(dead.exchange, message, "")


async def test_looking_changes_nothing_however_often(broker, dead) -> None:
    await bury(dead, "a", "b")
    for _ in range(25):
        letters = await dead_letters.look(broker.url)
        assert [(letter.number, letter.message_id) for letter in letters] == [(1, "a"), (2, "b")]
    assert letters[0].reason == "ce-type is no event type that this version knows"
    assert letters[0].attempts == 2
    assert letters[0].type == "docket.ticket.ticket-sung.v1"


async def test_a_replayed_letter_is_back_in_the_queue_with_its_attempts_forgiven(
    broker, topology, dead
) -> None:
    await bury(dead, "a", "b", "c")
    put_back = await dead_letters.replay(broker.url, [2])
    assert [letter.message_id for letter in put_back] == ["b"]
    message = await topology.queue.get(timeout=5)
    assert (message.message_id, message.headers["docket-attempt"]) == ("b", 0)
    await message.ack()
    assert [letter.message_id for letter in await dead_letters.look(broker.url)] == ["a", "c"]
    assert len(await dead_letters.replay(broker.url)) == 2
    assert await dead_letters.look(broker.url) == []


async def test_what_the_broker_sets_aside_has_its_reason_too(broker, topology, dead) -> None:
    message = Message(b"{}", message_id="rejected")
    exchange = topology.channel.default_exchange
    assert await bus.publish(exchange, message, bus.NOTIFIER_QUEUE)
    taken = await topology.queue.get(timeout=5)
    await taken.reject(requeue=False)
    async with bus.talking():
        while not (letters := await dead_letters.look(broker.url)):
            pass
    assert letters[0].reason == "set aside by the broker: rejected"


def test_the_command_lists_shows_and_replays(broker, monkeypatch) -> None:
    monkeypatch.setenv("DOCKET_ENV", "test")
    monkeypatch.setenv("DOCKET_AMQP_URL", broker.url)
    run = CliRunner().invoke
    assert json.loads(run(app, ["dead-letters", "ls", "--json"]).stdout) == []
    assert run(app, ["dead-letters", "replay"]).exit_code == 1
    assert run(app, ["dead-letters", "show", "1"]).exit_code == 1
    replayed = run(app, ["dead-letters", "replay", "--all", "--json"])
    assert (replayed.exit_code, json.loads(replayed.stdout)) == (0, [])
