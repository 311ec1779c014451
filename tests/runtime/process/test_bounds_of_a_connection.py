"""What one connection may take of a process, asked over a raw socket: bytes, seconds, company.

The application behind the door answers everything; what ends a connection is the server's doing
(S-1, C2).
"""

import asyncio

import pytest
from door import GET, LARGE, WAIT_S, door

from docket_runtime.process.bounds import place_of
from docket_runtime.process.protocol import MOST_PIPELINED


@pytest.mark.parametrize(
    "block", [b"a" * 65_536, b"X-More: a\r\n" * 1000], ids=["one header", "many headers"]
)
async def test_a_head_without_end_is_cut_at_its_bytes(block):
    async with door(http_head_s=WAIT_S) as here:
        client = await here.client()
        await client.says(b"GET / HTTP/1.1\r\nX: ")

        answer = await client.keeps_saying(block, 0)

        assert answer == b"" or b" 431 " in answer.split(b"\r\n")[0]


async def test_a_request_line_without_end_is_cut_at_its_bytes():
    async with door(http_head_s=WAIT_S) as here:
        client = await here.client()
        await client.says(b"GET /")

        answer = await client.keeps_saying(b"a" * 65_536, 0)

        assert answer == b"" or b" 431 " in answer.split(b"\r\n")[0]


@pytest.mark.parametrize("drip", [b"a", b"X: y\r\n"], ids=["in a header", "in lines"])
async def test_a_head_that_drips_is_cut_at_its_seconds(drip):
    async with door() as here:
        client = await here.client()
        await client.says(b"GET / HTTP/1.1\r\nX: ")

        answer = await client.keeps_saying(drip, 0.05)

        assert b" 408 " in answer
        assert b'"request_too_slow"' in answer


async def test_empty_lines_without_end_are_cut_too():
    async with door() as here:
        client = await here.client()

        assert await client.keeps_saying(b"\r\n", 0.05) == b""


async def test_who_says_nothing_is_cut_without_an_answer():
    async with door() as here:
        client = await here.client()

        assert await client.end() == b""


async def test_an_idle_connection_is_cut_after_its_answer_too():
    async with door() as here:
        client = await here.client()
        await client.says(GET)
        await client.answer()

        assert await client.end() == b""


async def test_the_second_request_of_a_connection_has_the_same_time():
    async with door() as here:
        client = await here.client()
        await client.says(GET)
        await client.answer()
        await client.says(b"GET / HT")

        assert b" 408 " in await client.end()


@pytest.mark.parametrize(
    "framing", [b"Content-Length: 100000", b"Transfer-Encoding: chunked"], ids=["sized", "chunked"]
)
async def test_a_body_that_stops_is_cut(framing):
    async with door() as here:
        client = await here.client()
        await client.says(b"POST / HTTP/1.1\r\nHost: x\r\n" + framing + b"\r\n\r\n")

        assert b" 408 " in await client.end()


async def test_a_body_that_drips_is_cut_and_one_that_flows_is_not():
    async with door(http_least_rate=1000) as here:
        slow, fast = await here.client(), await here.client()
        for client in (slow, fast):
            await client.says(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")

        cut = asyncio.create_task(slow.keeps_saying(b"a", 0.05))
        for _ in range(20):
            await fast.says(b"b" * 5000)
            await asyncio.wait([cut], timeout=0.05)

        assert b" 408 " in await cut
        assert b" 200 " in await fast.answer()


async def test_what_is_left_of_a_body_after_its_answer_has_an_end():
    async with door(http_body_s=WAIT_S) as here:
        client = await here.client()
        await client.says(b"POST /at-once HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")

        answer = await client.keeps_saying(b"1\r\na\r\n", 0.05)

        assert b" 200 " in answer


async def test_a_body_that_ends_after_its_answer_keeps_its_connection():
    async with door() as here:
        client = await here.client()
        await client.says(b"POST /at-once HTTP/1.1\r\nContent-Length: 3\r\n\r\n")
        await client.answer()

        await client.says(b"abc" + GET)

        assert b" 200 " in await client.answer()


async def test_who_does_not_read_its_answer_is_cut():
    async with door() as here:
        client = await here.client()
        client.writer.transport.pause_reading()
        await client.says(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")

        async with asyncio.timeout(WAIT_S):
            while not here.server.server_state.connections:
                await asyncio.sleep(0.01)
            while here.server.server_state.connections:
                await asyncio.sleep(0.01)

        client.writer.transport.resume_reading()
        assert len(await client.end()) < LARGE


async def test_requests_ahead_of_their_answers_are_bounded():
    async with door() as here:
        few, many = await here.client(), await here.client()

        await few.says(GET * MOST_PIPELINED)
        await many.says(GET * 1000)

        for _ in range(MOST_PIPELINED):
            assert b" 200 " in await few.answer()
        assert (await many.end()).count(b" 200 ") < 1000


async def test_what_is_no_http_is_a_problem():
    async with door() as here:
        client = await here.client()
        await client.says(b"\x16\x03\x01 hello\r\n\r\n")

        answer = await client.end()

        assert b" 400 " in answer
        assert b"application/problem+json" in answer


async def test_an_address_has_so_many_connections():
    async with door(http_connections_per_address=3, http_head_s=WAIT_S) as here:
        clients = [await here.client() for _ in range(3)]
        await clients[0].says(GET)
        await clients[0].answer()  # by now all three are counted

        one_more = await (await here.client()).end()
        clients[0].writer.close()
        async with asyncio.timeout(WAIT_S):
            while len(here.server.server_state.connections) > 2:
                await asyncio.sleep(0.01)
        again = await here.client()
        await again.says(GET)

        assert b" 503 " in one_more
        assert b'"too_many_connections"' in one_more
        assert b" 200 " in await again.answer()


@pytest.mark.parametrize("proxies", ["127.0.0.1", "10.0.0.0/8, 127.0.0.0/24"])
async def test_a_process_has_so_many_connections_and_a_proxy_is_not_one_client(proxies: str):
    bounds = {"http_connections_per_address": 1, "http_connections": 2, "http_head_s": WAIT_S}
    async with door(**bounds, proxies=proxies) as here:
        first, second = await here.client(), await here.client()
        for client in (first, second):
            await client.says(GET)
            assert b" 200 " in await client.answer()

        assert b" 503 " in await (await here.client()).end()


def test_in_ipv6_a_network_is_one_address():
    assert place_of("2001:db8:1:2:3:4:5:6") == place_of("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert place_of("2001:db8:1:3::1") != place_of("2001:db8:1:2::1")
    assert place_of("::ffff:192.0.2.7") == place_of("192.0.2.7") == "192.0.2.7"
    assert place_of("/run/docket.sock") == "/run/docket.sock"
