"""The private servers: they start on ports of their own, survive a crash, and leave no process."""

import asyncio
import signal
from pathlib import Path

import aio_pika
import asyncpg
import pytest

from docket_devstack import ports, postgres
from surroundings import Broker, Database


async def test_each_test_has_a_database_of_its_own(
    database: Database, cluster: postgres.Cluster
) -> None:
    connection = await asyncpg.connect(database.url())
    try:
        assert await connection.fetchval("select current_database()") == database.name
    finally:
        await connection.close()
    assert cluster.port != 5432


async def test_what_was_committed_before_a_crash_is_there_after_it(own_folder: Path) -> None:
    cluster = postgres.start(own_folder / "postgres")
    connection = await asyncpg.connect(cluster.url())
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert await connection.fetchval(f"show {setting}") == "on"
    await connection.execute("create table kept (answer int); insert into kept values (42)")
    connection.terminate()

    postgres.stop(cluster, how=signal.SIGKILL)
    assert cluster.server is None
    again = postgres.start(cluster.folder)

    assert again == cluster
    connection = await asyncpg.connect(again.url())
    assert await connection.fetchval("select answer from kept") == 42
    await connection.close()
    server = again.server
    assert server is not None
    postgres.stop(again)
    assert not server.alive


async def test_starting_a_running_cluster_again_changes_nothing(
    cluster: postgres.Cluster,
) -> None:
    assert postgres.start(cluster.folder) == cluster


async def test_a_queue_of_one_test_is_not_seen_by_another(broker: Broker) -> None:
    async with await aio_pika.connect(broker.url) as connection:
        channel = await connection.channel()
        await channel.declare_queue("mine", durable=True)
    async with await aio_pika.connect(broker.node.url()) as connection:
        channel = await connection.channel()
        with pytest.raises(aio_pika.exceptions.ChannelNotFoundEntity):
            await channel.declare_queue("mine", passive=True)


async def test_a_confirmed_message_survives_the_kill_of_the_node(own_broker: Broker) -> None:
    async with await aio_pika.connect(own_broker.url) as connection:
        channel = await connection.channel(publisher_confirms=True)
        quorum = {"x-queue-type": "quorum"}
        await channel.declare_queue("kept", durable=True, arguments=quorum)
        await channel.default_exchange.publish(aio_pika.Message(b"42"), "kept")

        await asyncio.to_thread(own_broker.kill)
        assert ports.becomes_free(own_broker.node.ports.amqp)

    own_broker.start()
    async with await aio_pika.connect(own_broker.url) as connection:
        channel = await connection.channel()
        queue = await channel.get_queue("kept")
        message = await queue.get(timeout=30)
        assert message is not None
        assert message.body == b"42"
        await message.ack()
