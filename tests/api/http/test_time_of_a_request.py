"""A request has its time; who sends slowly is told apart from an answer that is late (C2)."""

import asyncio

import pytest
from streaming import serving

from ticket_api.tickets.reader import TicketReader

SHORT_S = 0.5
NOBODY = "01990000-0000-7000-8000-000000000000"


@pytest.fixture
def settings(settings):
    return settings.model_copy(update={"request_s": SHORT_S})


async def test_an_answer_that_takes_too_long_is_not_available_now(ann, monkeypatch):
    async def stuck(*asked: object, **more: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(TicketReader, "ticket", stuck)
    monkeypatch.setattr(TicketReader, "history", stuck)
    answer = await ann.get(f"/v1/tickets/{NOBODY}")

    assert (answer.status_code, answer.json()["code"]) == (503, "took_too_long")
    assert answer.headers["Retry-After"]


async def test_a_body_that_takes_too_long_is_its_senders_fault(http, ann):
    async def drip():
        yield b'{"product":'
        await asyncio.Event().wait()

    answer = await http.post("/v1/tickets", content=drip(), headers=ann._auth)

    assert (answer.status_code, answer.json()["code"]) == (408, "request_too_slow")


async def test_a_stream_outlives_the_time_of_a_request(settings, signer):
    token = signer.token("customer", "ann", "acme")
    async with serving(settings) as url:
        port = int(url.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"GET /v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"
        writer.write(head.encode())
        await reader.readuntil(b"\r\n\r\n")

        async def heard() -> bytes:
            while chunk := await reader.read(65_536):
                if not chunk:
                    break
            return b"ended"

        with pytest.raises(TimeoutError):
            await asyncio.wait_for(heard(), 3 * SHORT_S)
        writer.close()
