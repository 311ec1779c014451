"""Those who read live streams: slow ones, late ones, many at once, and those who may not."""

import asyncio
from collections import Counter
from contextlib import aclosing, suppress

import asyncpg
import httpx
import structlog
from busy_log import opened, the_log
from streaming import Sent, as_caller, hearing, listen, serving, told

from docket_runtime.clock import wall_clock
from docket_runtime.database import Database
from ticket_api.auth import tokens
from ticket_api.http import sse
from ticket_api.http.log_position import head_of_log
from ticket_api.streams import feed
from ticket_api.streams.routes import follow_log


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
    monkeypatch.setattr(sse, "SEND_PATIENCE_S", 0.5)
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
    monkeypatch.setattr(sse, "HEARTBEAT_S", 0.2)
    monkeypatch.setattr(tokens, "LEEWAY_S", 0)
    async with (
        serving(settings) as address,
        as_caller(address, signer.token("agent", "max")) as max_,
    ):
        await opened(max_, account_id="evil")
        expires = int(wall_clock().timestamp()) + 3  # it counts from when all is ready
        token = signer.token("customer", "ann", "acme", exp=expires)
        async with as_caller(address, token) as ann:
            first, *pulses = [block async for block in listen(ann, "/v1/stream")]

    assert first.retry == 1000
    assert {(pulse.id, *pulse.comments) for pulse in pulses} == {(first.id, "still here")}


async def test_unknown_types_and_foreign_tickets_have_no_stream(ann, eve, max_):
    ticket = await ann.create()
    assert (await max_.get("/v1/stream", type="TicketLost")).status_code == 422
    assert (await eve.get(f"/v1/tickets/{ticket['id']}/stream")).status_code == 404
    answer = await ann.get(f"/v1/tickets/{ticket['id']}/stream", {"Last-Event-ID": "x"})
    assert answer.status_code == 422


async def test_500_listeners_ask_the_database_no_more_than_one_does(
    partitioned, writer, monkeypatch
):
    database = Database(partitioned.url("docket_ticket_api"), "feed", may_lose=True)
    shared, engine = feed.Feed(database), database.engine()
    asked, fetch = Counter[str](), asyncpg.Connection.fetch

    async def counted(connection, query, *arguments, **more):
        asked[query] += 1
        return await fetch(connection, query, *arguments, **more)

    async def first_event(place):
        events = follow_log(place, lambda news: True, shared)
        async with aclosing(events):
            return [await anext(events) for _ in range(2)][1]

    await writer.open(0)
    listeners = [asyncio.create_task(first_event(await head_of_log(engine))) for _ in range(500)]
    await asyncio.sleep(0)
    assert await shared.step(), "the window opens"
    monkeypatch.setattr(asyncpg.Connection, "fetch", counted)
    await writer.comment(0)
    while not await shared.step():
        pass
    ids = set(await asyncio.gather(*listeners))
    shared.close()
    await engine.dispose()
    assert len(ids) == 1
    assert asked.total() <= 4  # two for the step, two at most for a step that came too early
