"""Leading a partition: one session does a consumer's work on it, and gives way when it ends."""

import asyncpg

from docket_runtime.store.lease import lead

PARTITION, OTHER = 0, 1
GUESSED = "select pg_advisory_lock(hashtext('docket.relay'), 0)"
RELAY = "relay"


async def test_one_session_leads_a_partition_until_it_ends(
    connection: asyncpg.Connection, rival: asyncpg.Connection
) -> None:
    assert await lead(rival, PARTITION, RELAY)
    assert await lead(rival, PARTITION, RELAY), "it leads when it asks again"
    assert not await lead(connection, PARTITION, RELAY)

    await rival.close()

    assert await lead(connection, PARTITION, RELAY)


async def test_partitions_and_consumers_are_led_each_by_itself(
    connection: asyncpg.Connection, rival: asyncpg.Connection
) -> None:
    assert await lead(rival, PARTITION, RELAY)

    assert await lead(connection, OTHER, RELAY)
    assert await lead(connection, PARTITION, "signer")
    assert not await lead(rival, OTHER, RELAY)
    assert not await lead(rival, PARTITION, "signer")


async def test_the_lock_of_another_role_keeps_nobody_from_leading(
    connection: asyncpg.Connection, follower: asyncpg.Connection
) -> None:
    await connection.execute(GUESSED)

    assert await lead(follower, PARTITION, RELAY)
