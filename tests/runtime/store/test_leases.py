"""Leases: the instances share the chains, and one that falls silent loses what it had."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Protocol

import asyncpg
import pytest

from docket_runtime.connection import ReconnectingConnection
from docket_runtime.database import Database
from docket_runtime.store import checkpoints
from docket_runtime.store.leases import LASTS, LeaseLost, Leases, confirm
from stopped_clock import UNHURRIED

RELAY = "relay"
CHAINS = (0, 1, 2, 3, -1)
EXPIRE = "update docket.leases set expires_at = clock_timestamp(); delete from docket.lease_holders"
"""What the time that passes does to the leases of an instance that hangs."""


class HasUrl(Protocol):
    def url(self, role: str = ...) -> str: ...


@pytest.fixture
async def reached(database: HasUrl) -> AsyncIterator[ReconnectingConnection]:
    url = database.url("docket_sla_clock")
    connection = ReconnectingConnection(Database(url, "test", may_lose=True))
    yield connection
    connection.close()


@pytest.fixture
async def warped(database: HasUrl) -> AsyncIterator[asyncpg.Connection]:
    url = database.url("docket_sla_clock")
    connection = await Database(url, "test", UNHURRIED, may_lose=True).connect()
    yield connection
    await connection.close()


def instance(consumer: str = RELAY) -> Leases:
    return Leases(consumer, renew_s=0)


async def test_one_instance_alone_leads_everything(follower: asyncpg.Connection) -> None:
    ours = instance()

    assert set(await ours.held(follower, CHAINS)) == set(CHAINS)
    assert ours.chains == tuple(sorted(CHAINS))


async def test_several_share_the_chains_and_each_chain_has_one_leader(
    follower: asyncpg.Connection,
) -> None:
    three = [instance() for _ in range(3)]

    for _ in range(3):
        held = [await each.held(follower, CHAINS) for each in three]

    assert sorted(len(each) for each in held) == [1, 2, 2]
    assert sorted(chain for each in held for chain in each) == sorted(CHAINS)


async def test_whoever_renews_in_time_keeps_the_epoch(follower: asyncpg.Connection) -> None:
    ours = instance()
    before = dict(await ours.held(follower, CHAINS))

    assert await ours.held(follower, CHAINS) == before


async def test_one_that_falls_silent_is_replaced_and_writes_nothing_any_more(
    follower: asyncpg.Connection, superuser: asyncpg.Connection
) -> None:
    frozen, other = instance(), instance()
    was = dict(await frozen.held(follower, CHAINS))[0]
    await superuser.execute(EXPIRE)

    now = (await other.held(follower, CHAINS))[0]

    assert now.epoch > was.epoch
    with pytest.raises(LeaseLost):
        await confirm(follower, was)
    with pytest.raises(LeaseLost):
        await checkpoints.save(follower, 0, RELAY, 0, was)
    await checkpoints.save(follower, 0, RELAY, 0, now)


async def test_a_lease_that_nobody_has_taken_is_no_lease_once_its_time_is_over(
    follower: asyncpg.Connection, superuser: asyncpg.Connection
) -> None:
    lease = (await instance().held(follower, CHAINS))[0]
    await superuser.execute(EXPIRE)

    with pytest.raises(LeaseLost):
        await confirm(follower, lease)


async def test_who_gives_up_is_followed_at_once(
    reached: ReconnectingConnection, follower: asyncpg.Connection
) -> None:
    ours, other = instance(), instance()
    await ours.held(follower, CHAINS)
    assert not await other.held(follower, CHAINS)

    await ours.give_up(reached)

    assert set(await other.held(follower, CHAINS)) == set(CHAINS)


async def test_consumers_are_led_each_by_itself(follower: asyncpg.Connection) -> None:
    await instance().held(follower, CHAINS)

    assert set(await instance("checkpoints").held(follower, CHAINS)) == set(CHAINS)


async def test_a_service_leads_only_what_is_its_own(follower: asyncpg.Connection) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="may not lead notifier"):
        await instance("notifier").held(follower, CHAINS)


async def test_time_counts_by_the_server_whatever_the_clock_of_a_session(
    superuser: asyncpg.Connection, warped: asyncpg.Connection
) -> None:
    await instance().held(warped, CHAINS)

    left = await superuser.fetchval("select max(expires_at) - clock_timestamp() from docket.leases")

    assert timedelta(0) < left <= LASTS
