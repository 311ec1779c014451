"""Live streams: all that happened, once, in order, to those who may see it."""

import asyncio
import random
from collections import defaultdict
from contextlib import AsyncExitStack, aclosing

import asyncpg
import pytest
from busy_log import opened, the_log
from streaming import as_caller, hearing, listen, serving

RECONNECTS, EVENTS = 200, 5000


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
