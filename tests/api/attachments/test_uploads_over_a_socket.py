"""Files over a real socket: cut, gone on with elsewhere, erased while somebody fetches them."""

import asyncio
import os
from hashlib import sha256
from urllib.parse import urlsplit

import httpx
import pytest
from streaming import serving
from uploading import PARTIAL, announcement

from ticket_api.attachments import upload

BODY = bytes(range(256)) * 40_000  # 10 MB, three parts
WAIT = 20


def client(url: str, token: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=WAIT
    )


@pytest.fixture
def anns(signer):
    return signer.token("customer", "ann", "acme")


async def announced(ann: httpx.AsyncClient, body: bytes) -> tuple[str, str]:
    """Open a ticket and announce a file; return the paths of both."""
    ticket = (await ann.post("/v1/tickets", json={"product": "VMmanager 6"})).json()["id"]
    said = announcement(body, media_type="application/octet-stream")
    answer = await ann.post(f"/v1/tickets/{ticket}/attachments", json=said)
    return f"/v1/tickets/{ticket}", answer.headers["location"]


def going_on(offset: int) -> dict[str, str]:
    return {"Upload-Offset": str(offset), "Content-Type": PARTIAL}


async def test_an_upload_that_was_cut_goes_on_with_every_byte_that_arrived(settings, anns):
    async with serving(settings) as url, client(url, anns) as ann:
        _, place = await announced(ann, BODY)
        sent = upload.PART + 12_345

        async def cut():
            yield BODY[:sent]
            raise ConnectionError("the cable is out")

        with pytest.raises(ConnectionError):
            await ann.patch(place, content=cut(), headers=going_on(0))

        async with asyncio.timeout(WAIT):
            while (offset := int((await ann.head(place)).headers["upload-offset"])) < sent:
                await asyncio.sleep(0.05)
        assert offset == sent
        last = await ann.patch(place, content=BODY[offset:], headers=going_on(offset))
        assert last.status_code == 204, last.text
        assert sha256((await ann.get(place)).content).digest() == sha256(BODY).digest()


async def test_another_instance_goes_on_with_an_upload_and_a_third_serves_the_file(settings, anns):
    first, second, third = (serving(settings) for _ in range(3))
    async with first as one, second as two, third as three:
        async with client(one, anns) as ann:
            _, place = await announced(ann, BODY)
            half = len(BODY) // 2
            await ann.patch(place, content=BODY[:half], headers=going_on(0))
        async with client(two, anns) as ann:
            last = await ann.patch(place, content=BODY[half:], headers=going_on(half))
            assert last.status_code == 204, last.text
        async with client(three, anns) as ann:
            assert (await ann.get(place)).content == BODY


async def test_who_fetches_a_file_that_is_erased_meanwhile_does_not_take_a_part_for_the_whole(
    settings, anns, signer
):
    body = BODY * 4
    pats = signer.token("privacy_officer", "pat")
    async with serving(settings, send_buffer=64 * 1024) as url, client(url, anns) as ann:
        ticket, place = await announced(ann, body)
        assert (await ann.put(place, content=body)).status_code == 204
        file = place.rpartition("/")[2]
        said = {"text": "See the file.", "attachments": [file]}
        assert (await ann.post(f"{ticket}/comment", json=said)).status_code == 200

        async with ann.stream("GET", place) as answer:
            stream = answer.aiter_bytes()
            await anext(stream)
            async with client(url, pats) as pat:
                why = {"content_ids": [file], "why": "unlawful"}
                assert (await pat.post(f"{ticket}/erase", json=why)).status_code == 200
            async with asyncio.timeout(WAIT):
                while list_of(settings.files_url):
                    await asyncio.sleep(0.05)
            with pytest.raises(httpx.RemoteProtocolError):
                [chunk async for chunk in stream]
        assert (await ann.get(place)).status_code == 404


def list_of(url: str) -> list[str]:
    # not Path.rglob, which raises for a folder that goes meanwhile
    return [file for _, _, files in os.walk(urlsplit(url).path) for file in files]


async def test_a_chunked_body_without_a_length_ends_at_the_announced_size(settings, anns):
    async with serving(settings) as url, client(url, anns) as ann:
        _, place = await announced(ann, b"x" * 1000)

        async def endless():
            for _ in range(2000):
                yield b"x" * 100_000

        try:
            answer = await ann.put(place, content=endless())
        except (httpx.WriteError, httpx.ReadError):  # it had its answer before it had said all
            return
        assert (answer.status_code, answer.json()["code"]) == (422, "beyond_announced_size")


async def test_a_store_out_of_reach_is_503_and_the_log_goes_on(settings, anns, tmp_path):
    nowhere = (tmp_path / "keys.json" / "files").as_uri()
    broken = settings.model_copy(update={"files_url": nowhere})
    async with serving(broken) as url, client(url, anns) as ann:
        _, place = await announced(ann, BODY)

        answer = await ann.put(place, content=BODY)

        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert int(answer.headers["retry-after"]) >= 1
        assert (await ann.get("/readyz")).status_code == 200
        assert (await ann.head(place)).headers["upload-offset"] == "0"
