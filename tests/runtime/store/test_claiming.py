"""Claiming a checkpoint: one instance works on a partition, the others leave it alone meanwhile."""

import asyncpg
from streams import append_of, grown, new_ticket

from docket_runtime.store.append import append_on
from docket_runtime.store.checkpoints import claim, save

CLOCK = "sla-clock"


async def test_who_claims_a_checkpoint_has_it_until_the_transaction_ends(
    connection: asyncpg.Connection,
    follower: asyncpg.Connection,
    other_follower: asyncpg.Connection,
) -> None:
    await append_on(connection, [append_of(grown(new_ticket(), 5))])
    await save(follower, 0, CLOCK, 3)

    async with other_follower.transaction():
        assert await claim(other_follower, 0, CLOCK) == 3
        assert await claim(follower, 0, CLOCK) is None
        await save(other_follower, 0, CLOCK, 4)

    assert await claim(follower, 0, CLOCK) == 4


async def test_the_first_claim_is_at_0_and_makes_what_the_others_find_claimed(
    follower: asyncpg.Connection, other_follower: asyncpg.Connection
) -> None:
    assert await claim(follower, 0, CLOCK) == 0

    async with other_follower.transaction():
        assert await claim(other_follower, 0, CLOCK) == 0
        assert await claim(follower, 0, CLOCK) is None


async def test_each_consumer_claims_its_own(
    follower: asyncpg.Connection, other_follower: asyncpg.Connection
) -> None:
    async with other_follower.transaction():
        assert await claim(other_follower, 0, CLOCK) == 0
        assert await claim(follower, 0, "relay") == 0
