"""Claiming a checkpoint: one instance works on a partition, the others leave it alone meanwhile."""

import asyncpg
from streams import append_of, grown, new_ticket

from docket_runtime.store.append import append_on
from docket_runtime.store.checkpoints import claim, save

CLOCK = "sla-clock"


async def test_who_claims_a_checkpoint_has_it_until_the_transaction_ends(
    connection: asyncpg.Connection, rival: asyncpg.Connection
) -> None:
    await append_on(connection, [append_of(grown(new_ticket(), 5))])
    await save(connection, 0, CLOCK, 3)

    async with rival.transaction():
        assert await claim(rival, 0, CLOCK) == 3
        assert await claim(connection, 0, CLOCK) is None
        await save(rival, 0, CLOCK, 4)

    assert await claim(connection, 0, CLOCK) == 4


async def test_the_first_claim_is_at_0_and_makes_what_the_others_find_claimed(
    connection: asyncpg.Connection, rival: asyncpg.Connection
) -> None:
    assert await claim(connection, 0, CLOCK) == 0

    async with rival.transaction():
        assert await claim(rival, 0, CLOCK) == 0
        assert await claim(connection, 0, CLOCK) is None


async def test_each_consumer_claims_its_own(
    connection: asyncpg.Connection, rival: asyncpg.Connection
) -> None:
    async with rival.transaction():
        assert await claim(rival, 0, CLOCK) == 0
        assert await claim(connection, 0, "notifier") == 0
