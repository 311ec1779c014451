"""Live streams: all that happened, once, in order, to those who may see it."""

import asyncio
import random
from collections import Counter, defaultdict
from contextlib import AsyncExitStack, aclosing, suppress

import asyncpg
import httpx
import pytest
import structlog
from streaming import Sent, as_caller, hearing, listen, serving, told

from chronicle import ANN, created, utc
from docket_events.ids import in_partition, partition_of_account
from docket_events.recorded import Fact
from docket_events.ticket import UserCommented
from docket_lifecycle.fold import evolve, fold
from docket_runtime.clock import new_id, wall_clock
from docket_runtime.database import Database
from docket_runtime.store.append import Appender
from docket_runtime.store.model import Append, Appended, NewEvent, StreamAppend
from ticket_api import auth, feed, live
from ticket_api.stream_routes import follow_log

PARTITIONS = 4
RECONNECTS, EVENTS = 200, 5000
AT = utc("2026-06-08T11:00:00")


@pytest.fixture
async def partitioned(database):
    """The test's database with a log of several partitions."""
    superuser = await asyncpg.connect(database.url())
    await superuser.execute("alter table docket.log_meta disable trigger all")
    await superuser.execute("update docket.log_meta set partitions = $1", PARTITIONS)
    for n in range(1, PARTITIONS):
        await superuser.execute("insert into docket.log_partitions values ($1, 0, 'x', 'epoch')", n)
    await superuser.close()
    return database


class Writer:
    """Writes comments on tickets of many accounts, as fast as it is let."""

    def __init__(self, database) -> None:
        self._appender = Appender(Database(database.url("docket_ticket_api"), "writer"))
        self._tickets = {}
        self._last = {}

    async def open(self, number: int) -> None:
        account = f"account {number % 10}"
        ticket_id = in_partition(new_id(), partition_of_account(account, PARTITIONS))
        event = created(number=str(number), account_id=account)
        self._tickets[number] = fold(ticket_id, [Fact(event, AT)])
        await self._write(number, None, event)

    async def comment(self, number: int) -> None:
        before = self._tickets[number]
        event = UserCommented()
        self._tickets[number] = evolve(before, Fact(event, AT))
        await self._write(number, before, event)

    async def close(self) -> None:
        await self._appender.close()

    async def _write(self, number, before, event) -> None:
        after = self._tickets[number]
        stream = StreamAppend(
            after.id, before.version if before else 0, (NewEvent(new_id(), event, AT),), after
        )
        partition = partition_of_account(after.account_id, PARTITIONS)
        outcome = await self._appender.append(Append(partition, (stream,), ANN, new_id()))
        assert isinstance(outcome, Appended)


@pytest.fixture
async def writer(partitioned):
    made = Writer(partitioned)
    yield made
    await made.close()


async def the_log(database) -> list[tuple[str, int]]:
    connection = await asyncpg.connect(database.url())
    rows = await connection.fetch(
        "select ticket_id::text, version from docket.events order by ticket_id, version"
    )
    await connection.close()
    return [tuple(row) for row in rows]


async def test_200_reconnects_while_5000_events_are_written_lose_and_repeat_nothing(
    partitioned, writer, settings, signer
):
    chance, tickets = random.Random(4), 50
    dice = random.Random(5)
    let = asyncio.Semaphore(0)

    async def write(numbers: range, events: int) -> None:
        for number in numbers:
            await writer.open(number)
        for _ in range(events):
            await let.acquire()
            await writer.comment(chance.choice(numbers))

    writers = [range(n, n + 10) for n in range(0, tickets, 10)]
    share = (EVENTS - tickets) // len(writers)
    arrived = list[tuple[str, int]]()
    async with asyncio.timeout(40), serving(settings) as address:
        writing = asyncio.gather(*(write(numbers, share) for numbers in writers))
        last, cuts = None, 0
        async with as_caller(address, signer.token("agent", "max")) as http:
            while len(arrived) < EVENTS:
                for _ in range(2 * share * len(writers) // RECONNECTS):
                    let.release()
                left = dice.randrange(1, 40) if cuts < RECONNECTS else EVENTS
                cuts += 1
                async with aclosing(listen(http, "/v1/stream", last, since="start")) as stream:
                    async for block in stream:
                        last = block.id or last
                        if block.data is not None:
                            arrived.append((block.data["ticket_id"], block.data["version"]))
                            left -= 1
                        if not left or len(arrived) == EVENTS:
                            break
        await writing

    versions = defaultdict(list)
    for ticket_id, version in arrived:
        versions[ticket_id].append(version)
    assert cuts > RECONNECTS
    assert sorted(arrived) == await the_log(partitioned)
    assert all(seen == sorted(seen) for seen in versions.values())


async def opened(http, **more) -> str:
    """Open a ticket and return its id."""
    body = {"product": "VMmanager 6", "subject": "Nodes", "description": "None answers.", **more}
    answer = await http.post("/v1/tickets", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def test_what_comes_is_told_to_those_who_may_see_it_and_as_they_filter(settings, signer):
    async with AsyncExitStack() as doors:
        address = await doors.enter_async_context(serving(settings))

        async def as_(*who):
            return await doors.enter_async_context(as_caller(address, signer.token(*who)))

        async def listener(http, **query):
            return await doors.enter_async_context(hearing(http, "/v1/stream", **query))

        ann, eve = await as_("customer", "ann", "acme"), await as_("customer", "eve", "evil")
        max_ = await as_("agent", "max")
        past = await opened(eve)
        anns, maxs = await listener(ann), await listener(max_)
        of_evil = await listener(max_, account="evil")
        of_evil_for_ann = await listener(ann, account="evil")
        billing = await listener(max_, product=["BILLmanager 6", "DCImanager 6"])
        suspended = await listener(max_, type=["TicketSuspended", "TicketResumed"])
        since_start = await listener(max_, since="start")
        hers = await opened(eve, product="BILLmanager 6")
        mine = await opened(ann)
        await ann.post(f"/v1/tickets/{mine}/suspend", json={})
        end = await maxs.until(3)

        def tickets(sent):
            return [each.data["ticket_id"] for each in sent]

        assert tickets(end) == [hers, mine, mine]
        assert [each.type for each in await anns.until(2)] == ["TicketCreated", "TicketSuspended"]
        assert tickets(await of_evil.until(1)) == [hers]
        assert tickets(await billing.until(1)) == [hers]
        assert tickets(await suspended.until(1)) == [mine]
        assert tickets(await since_start.until(4)) == [past, hers, mine, mine]
        assert [each.id for each in since_start.events[1:]] == [each.id for each in end]
        assert tickets(anns.events) == [mine, mine]
        assert not of_evil_for_ann.events


async def test_a_ticket_is_followed_from_any_version_on(settings, signer):
    async with (
        serving(settings) as address,
        as_caller(address, signer.token("customer", "ann", "acme")) as ann,
    ):
        ticket = await opened(ann)
        path = f"/v1/tickets/{ticket}"
        for n in range(3):
            await ann.post(f"{path}/comment", json={"text": str(n)})
        async with (
            hearing(ann, f"{path}/stream") as whole,
            hearing(ann, f"{path}/stream", "3") as rest,
        ):
            await opened(ann)
            await ann.post(f"{path}/comment", json={"text": "more"})
            assert [sent.id for sent in await whole.until(5)] == ["1", "2", "3", "4", "5"]
            assert [sent.id for sent in await rest.until(2)] == ["4", "5"]


async def test_readers_who_fell_out_of_the_window_read_the_log(settings, signer, monkeypatch):
    monkeypatch.setattr(feed, "KEPT", 3)
    monkeypatch.setattr(feed, "PAGE", 7)
    async with (
        serving(settings) as address,
        as_caller(address, signer.token("agent", "max")) as max_,
        hearing(max_, "/v1/stream") as first,
    ):
        tickets = [await opened(max_, account_id="acme") for _ in range(20)]
        again = await told(max_, "/v1/stream", 20, first.blocks[0].id)
        path = f"/v1/tickets/{tickets[0]}"
        async with hearing(max_, f"{path}/stream") as one:
            for _ in range(9):
                await max_.post(f"{path}/note", json={"text": "seen"})
            versions = [sent.data["version"] for sent in await one.until(10)]

    assert [sent.data["position"] for sent in again] == list(range(1, 21))
    assert versions == list(range(1, 11))


async def test_an_event_that_cannot_be_read_is_told_without_data_and_holds_up_nobody(
    settings, signer, database
):
    async with (
        serving(settings) as address,
        as_caller(address, signer.token("agent", "max")) as max_,
    ):
        odd = await opened(max_, account_id="acme")
        connection = await asyncpg.connect(database.url())
        await connection.execute(
            "insert into docket.events select partition, position + 1, ticket_id, version + 1,"
            " gen_random_uuid(), 'TicketTeleported', 1, body, occurred_at, recorded_at, actor_kind,"
            " actor_id, on_behalf_of, correlation_id, causation_id, hash from docket.events"
        )
        await connection.execute(
            "update docket.log_partitions set head_position = head_position + 1"
        )
        await connection.close()
        other = await opened(max_, account_id="acme")
        first, second, third = await told(max_, "/v1/stream", 3, since="start")

    assert [sent.data["ticket_id"] for sent in (first, second, third)] == [odd, odd, other]
    assert (second.type, second.data["data"]) == ("TicketTeleported", None)


async def test_a_slow_reader_is_cut_and_misses_nothing_when_it_comes_back(
    settings, signer, writer, partitioned, monkeypatch
):
    monkeypatch.setattr(live, "SEND_PATIENCE_S", 0.5)
    await asyncio.gather(*(writer.open(number) for number in range(1000)))
    token = signer.token("agent", "max")
    seen = list[Sent]()
    async with (
        serving(settings, send_buffer=8192) as address,
        as_caller(address, token, receive_buffer=16384) as slow,
        as_caller(address, token) as fast,
        asyncio.timeout(30),
        aclosing(listen(slow, "/v1/stream", since="start")) as blocks,
    ):
        with structlog.testing.capture_logs() as lines:
            seen.append(await anext(blocks))
            while not any(line["event"] == "stream_cut" for line in lines):
                await asyncio.sleep(0.01)
        with suppress(httpx.RemoteProtocolError):
            async for block in blocks:
                seen.append(block)
        rest = await told(fast, "/v1/stream", 1001 - len(seen), seen[-1].id)
    assert 1 < len(seen) < 1001
    told_of = [sent.data["ticket_id"] for sent in [*seen[1:], *rest]]
    assert sorted(told_of) == [ticket for ticket, _ in await the_log(partitioned)]


async def test_a_stream_ends_with_the_token_and_a_heartbeat_tells_the_place(
    settings, signer, monkeypatch
):
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.2)
    monkeypatch.setattr(auth, "LEEWAY_S", 0)
    token = signer.token("customer", "ann", "acme", exp=int(wall_clock().timestamp()) + 2)
    async with (
        serving(settings) as address,
        as_caller(address, signer.token("agent", "max")) as max_,
        as_caller(address, token) as ann,
    ):
        await opened(max_, account_id="evil")
        first, *pulses = [block async for block in listen(ann, "/v1/stream")]

    assert first.retry == 1000
    assert {(pulse.id, *pulse.comments) for pulse in pulses} == {(first.id, "still here")}


@pytest.mark.parametrize("id_", ["x", "17", "0123456-0.1", "01234567-0.x", "-1", "9" * 11_000])
async def test_an_id_that_is_none_of_ours_is_422(max_, id_):
    answer = await max_.get("/v1/stream", {"Last-Event-ID": id_})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


@pytest.mark.parametrize("id_", ["01234567-0.1", "{log}-0.99"])
async def test_an_id_of_another_log_or_beyond_its_end_is_410(max_, database, id_):
    connection = await asyncpg.connect(database.url())
    log = str(await connection.fetchval("select log_id from docket.log_meta"))
    await connection.close()
    answer = await max_.get("/v1/stream", {"Last-Event-ID": id_.format(log=log[-8:])})
    assert (answer.status_code, answer.json()["code"]) == (410, "log_replaced")


async def test_unknown_types_and_foreign_tickets_have_no_stream(ann, eve, max_):
    ticket = await ann.create()
    assert (await max_.get("/v1/stream", type="TicketLost")).status_code == 422
    assert (await eve.get(f"/v1/tickets/{ticket['id']}/stream")).status_code == 404
    answer = await ann.get(f"/v1/tickets/{ticket['id']}/stream", {"Last-Event-ID": "x"})
    assert answer.status_code == 422


async def test_500_listeners_ask_the_database_no_more_than_one_does(
    partitioned, writer, monkeypatch
):
    shared = feed.Feed(Database(partitioned.url("docket_ticket_api"), "feed"))
    asked, fetch = Counter[str](), asyncpg.Connection.fetch

    async def counted(connection, query, *arguments, **more):
        asked[query] += 1
        return await fetch(connection, query, *arguments, **more)

    async def first_event(place):
        events = follow_log(place, lambda news: True, shared)
        async with aclosing(events):
            return [await anext(events) for _ in range(2)][1]

    await writer.open(0)
    listeners = [asyncio.create_task(first_event(await shared.place())) for _ in range(500)]
    await asyncio.sleep(0)
    assert await shared.step(), "the window opens"
    monkeypatch.setattr(asyncpg.Connection, "fetch", counted)
    await writer.comment(0)
    while not await shared.step():
        pass
    ids = set(await asyncio.gather(*listeners))
    shared.close()
    assert len(ids) == 1
    assert asked.total() <= 4  # two for the step, two at most for a step that came too early
