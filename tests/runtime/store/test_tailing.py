"""The tail delivers every event exactly once and in order; a cursor over a sequence does not."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from random import Random
from typing import Protocol

import asyncpg
import pytest
from streams import Log, append_of, grown, new_ticket

from docket_runtime.database import Database
from docket_runtime.store import checkpoints
from docket_runtime.store.append import Appender, append_on
from docket_runtime.store.checkpoints import CheckpointRefused
from docket_runtime.store.tail import LogDamaged, Tail
from docket_runtime.store.values import Appended

WRITERS = 20
SHORT, LONG = 100, 1000  # events of a writer: 6,000 in three seeds, or 20,000 in each of ten
RUNS = [
    *((seed, SHORT) for seed in range(3)),
    *(pytest.param(seed, LONG, marks=pytest.mark.full) for seed in range(10)),
]
PROCESSES = 4  # appenders that race for the partition's lock


class HasUrl(Protocol):
    def url(self, role: str = ...) -> str: ...


@pytest.mark.parametrize(("seed", "events_each"), RUNS)
async def test_the_tail_delivers_all_in_order_while_many_write(
    log: Log, seed: int, events_each: int
) -> None:
    written = asyncio.Event()
    reader = asyncio.create_task(follow(log, written))

    events = await write_through_the_appender(log, Random(seed), events_each)
    written.set()
    read = await reader

    assert len(events) == WRITERS * events_each
    assert [position for position, _ in read] == list(range(1, len(events) + 1))
    assert sorted(event_id for _, event_id in read) == sorted(events)


async def test_a_cursor_over_a_sequence_loses_what_is_committed_behind_it(
    log: Log, connection: asyncpg.Connection, superuser: asyncpg.Connection
) -> None:
    """The first writer takes its number before the second one, and commits after it."""
    await superuser.execute("create table naive (position bigserial primary key)")
    await superuser.execute("grant all on naive, naive_position_seq to docket_ticket_api")
    read = "select position from naive where position > $1 order by position"
    first = superuser.transaction()
    await first.start()
    await superuser.execute("insert into naive default values")
    await connection.execute("insert into naive default values")

    seen = [row["position"] for row in await connection.fetch(read, 0)]
    await first.commit()

    assert seen == [2]
    assert await connection.fetch(read, seen[-1]) == []


async def test_the_tail_loses_nothing_to_two_such_writers(
    log: Log, connection: asyncpg.Connection, superuser: asyncpg.Connection
) -> None:
    """The second one waits for the first: a position is given to what is written next."""
    first, second = await log.api.connect(), await log.api.connect()
    slow = first.transaction()
    await slow.start()
    await append_on(first, [append_of(grown(new_ticket()))])
    behind = asyncio.create_task(append_on(second, [append_of(grown(new_ticket()))]))
    while not await superuser.fetchval("select exists (select from pg_locks where not granted)"):
        await asyncio.sleep(0)

    seen = await Tail(connection, 0).read(0)
    assert not behind.done()
    await slow.commit()
    (outcome,) = await behind

    assert seen == ()
    assert isinstance(outcome, Appended)
    assert [event.position for event in await Tail(connection, 0).read(0)] == [1, 2]
    await first.close()
    await second.close()


async def write_through_the_appender(log: Log, random: Random, count: int) -> list[object]:
    appenders = [Appender(log.api) for _ in range(PROCESSES)]
    events: list[object] = []

    async def write(n: int) -> None:
        ticket = new_ticket()
        while ticket.version < count:
            left = count - ticket.version
            stream = grown(ticket, min(left, random.randint(1, 4)))
            outcome = await appenders[n % PROCESSES].append(append_of(stream))
            assert isinstance(outcome, Appended)
            events.extend(event.event_id for event in stream.events)
            ticket = stream.after

    async with asyncio.TaskGroup() as group:
        for n in range(WRITERS):
            group.create_task(write(n))
    for appender in appenders:
        await appender.close()
    return events


async def follow(log: Log, written: asyncio.Event) -> list[tuple[int, object]]:
    connection = await log.api.connect()
    tail = Tail(connection, 0)
    seen: list[tuple[int, object]] = []
    while True:
        last = written.is_set()
        while batch := await tail.read(seen[-1][0] if seen else 0, limit=500):
            seen += [(event.position, event.event_id) for event in batch]
        if last:
            await connection.close()
            return seen
        await asyncio.sleep(0)


async def some_events(log: Log, count: int) -> None:
    appender = Appender(log.api)
    await appender.append(append_of(grown(new_ticket(), count)))
    await appender.close()


async def test_a_batch_is_what_stands_behind_a_position(
    log: Log, connection: asyncpg.Connection
) -> None:
    await some_events(log, 5)
    tail = Tail(connection, 0)

    assert [event.position for event in await tail.read(0, limit=3)] == [1, 2, 3]
    assert [event.position for event in await tail.read(3, limit=3)] == [4, 5]
    assert await tail.read(5) == ()
    last = (await tail.read(4))[0]
    assert (await tail.head()).position == 5
    assert (await tail.head()).hash == last.hash


async def test_a_missing_position_stops_the_reader(
    log: Log, connection: asyncpg.Connection, superuser: asyncpg.Connection
) -> None:
    await some_events(log, 5)
    await superuser.execute("alter table docket.events disable trigger refuse_change")
    await superuser.execute("delete from docket.events where position = 3")

    with pytest.raises(LogDamaged, match="no position 3"):
        await Tail(connection, 0).read(1)


async def test_a_checkpoint_is_kept_with_the_effects_of_its_transaction(
    log: Log, follower: asyncpg.Connection
) -> None:
    await some_events(log, 5)
    assert await checkpoints.load(follower, 0, "relay") == 0

    await checkpoints.save(follower, 0, "relay", 3)
    with suppress(ZeroDivisionError):
        async with follower.transaction():
            await checkpoints.save(follower, 0, "relay", 5)
            raise ZeroDivisionError  # the effect failed

    assert await checkpoints.load(follower, 0, "relay") == 3
    assert await checkpoints.load(follower, 0, "sla-clock") == 0


async def test_a_checkpoint_never_moves_back(log: Log, follower: asyncpg.Connection) -> None:
    await some_events(log, 5)
    await checkpoints.save(follower, 0, "relay", 4)

    with pytest.raises(CheckpointRefused, match="moved beyond 3"):
        await checkpoints.save(follower, 0, "relay", 3)


async def beyond_the_head(superuser: asyncpg.Connection) -> None:
    await superuser.execute("update docket.checkpoints set position = 6")


async def of_another_log(superuser: asyncpg.Connection) -> None:
    await superuser.execute("update docket.checkpoints set log_id = gen_random_uuid()")


@pytest.mark.parametrize(
    ("befalls", "says"), [(beyond_the_head, "the log ends at 5"), (of_another_log, "this is log")]
)
async def test_a_checkpoint_that_is_not_of_this_log_stops_the_consumer(
    log: Log,
    follower: asyncpg.Connection,
    superuser: asyncpg.Connection,
    befalls: Callable[[asyncpg.Connection], object],
    says: str,
) -> None:
    await some_events(log, 5)
    await checkpoints.save(follower, 0, "relay", 5)
    await befalls(superuser)  # type: ignore[misc]  # both are coroutines

    with pytest.raises(CheckpointRefused, match=says):
        await checkpoints.load(follower, 0, "relay")


async def test_a_foreign_open_transaction_holds_nobody_up(
    database: HasUrl, log: Log, connection: asyncpg.Connection, superuser: asyncpg.Connection
) -> None:
    await superuser.execute("create table elsewhere (n int)")
    transaction = superuser.transaction()
    await transaction.start()
    await superuser.execute("insert into elsewhere values (1)")

    await some_events(log, 3)

    assert len(await Tail(connection, 0).read(0)) == 3
    await transaction.rollback()


async def test_partitions_count_for_themselves(
    log: Log, connection: asyncpg.Connection, superuser: asyncpg.Connection
) -> None:
    await superuser.execute("insert into docket.log_partitions values (1, 0, 'x', 'epoch')")
    appender = Appender(log.api)
    await appender.append(append_of(grown(new_ticket(0), 2)))
    await appender.append(append_of(grown(new_ticket(1), 3)))
    await appender.close()

    assert [event.position for event in await Tail(connection, 0).read(0)] == [1, 2]
    assert [event.position for event in await Tail(connection, 1).read(0)] == [1, 2, 3]


async def test_the_clock_of_a_reader_changes_nothing(log: Log) -> None:
    await some_events(log, 2)
    ahead = replace(log.api, clock="warp:2030-01-01T00:00:00Z@2026-01-01T00:00:00Zx1")
    connection = await Database(ahead.url, "test", ahead.clock, may_lose=True).connect()

    assert len(await Tail(connection, 0).read(0)) == 2

    await connection.close()
