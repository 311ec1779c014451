"""What sending files may take: one sender a file, so many at a time, so many bytes (S-4, D1)."""

import asyncio

import httpx
import pytest
from streaming import serving
from test_uploads_over_a_socket import WAIT, client, going_on
from uploading import announcement

BODY = b"x" * 200_000


@pytest.fixture
def anns(signer):
    return signer.token("customer", "ann", "acme")


class Sender:
    """Sends the first half of a file, and the rest when it is told to."""

    def __init__(self, http, place: str, body: bytes = BODY) -> None:
        self.begun = asyncio.Event()
        self.rest = asyncio.Event()
        self._body = body
        headers = {**going_on(0), "Content-Length": str(len(body))}
        sending = http.patch(place, content=self._parts(), headers=headers)
        self.answer = asyncio.create_task(sending)

    async def _parts(self):
        half = len(self._body) // 2
        yield self._body[:half]
        self.begun.set()
        await self.rest.wait()
        yield self._body[half:]


async def announced(ann, times: int) -> list[str]:
    ticket = (await ann.post("/v1/tickets", json={"product": "VMmanager 6"})).json()["id"]
    said = announcement(BODY, media_type="application/octet-stream")
    path = f"/v1/tickets/{ticket}/attachments"
    return [(await ann.post(path, json=said)).headers["location"] for _ in range(times)]


async def refusal(http, place: str, **more):
    """Return the first refusal of an upload that comes while another one is being received."""
    while True:
        answer = await http.patch(place, content=b"", headers=going_on(0), **more)
        if answer.status_code >= 300:
            return answer
        await asyncio.sleep(0)


async def test_a_file_has_one_sender_at_a_time(settings, anns):
    async with serving(settings) as url, client(url, anns) as ann:
        (place,) = await announced(ann, 1)
        first = Sender(ann, place)
        await first.begun.wait()

        second = await refusal(ann, place)
        first.rest.set()

        assert (second.status_code, second.json()["code"]) == (409, "upload_in_progress")
        assert second.headers["Retry-After"]
        assert (await first.answer).status_code == 204


async def test_a_principal_sends_so_many_files_at_a_time(settings, signer, anns):
    few = settings.model_copy(update={"uploads_per_principal": 1})
    bobs = signer.token("customer", "bob", "acme")
    async with serving(few) as url, client(url, anns) as ann, client(url, bobs) as bob:
        one, other = await announced(ann, 2)
        first = Sender(ann, one)
        await first.begun.wait()

        second = await refusal(ann, other)
        bobs_own = await bob.put(other, content=BODY)
        first.rest.set()

        assert (second.status_code, second.json()["code"]) == (429, "too_many_uploads")
        assert (await first.answer).status_code == 204
        assert bobs_own.status_code == 204, bobs_own.text


async def test_a_process_receives_so_many_files_at_a_time(settings, signer, anns):
    few = settings.model_copy(update={"uploads": 1})
    bobs = signer.token("customer", "bob", "acme")
    async with serving(few) as url, client(url, anns) as ann, client(url, bobs) as bob:
        one, other = await announced(ann, 2)
        first = Sender(ann, one)
        await first.begun.wait()

        second = await refusal(bob, other)
        first.rest.set()

        assert (second.status_code, second.json()["code"]) == (503, "busy")
        assert (await first.answer).status_code == 204


async def test_a_sender_who_falls_silent_is_cut_and_goes_on_with_what_arrived(settings, anns):
    hasty = settings.model_copy(update={"http_body_s": 0.3})
    async with serving(hasty) as url, client(url, anns) as ann:
        (place,) = await announced(ann, 1)
        silent = Sender(ann, place)
        await silent.begun.wait()

        async with asyncio.timeout(WAIT):
            while not (there := int((await ann.head(place)).headers["upload-offset"])):
                await asyncio.sleep(0.05)
        silent.rest.set()  # this client does not listen before it has said all
        with pytest.raises((httpx.TransportError, AssertionError)):
            assert (await silent.answer).status_code != 408
        again = await ann.patch(place, content=BODY[there:], headers=going_on(there))

        assert there == len(BODY) // 2
        assert again.status_code == 204, again.text


@pytest.mark.parametrize(
    ("quota", "code"),
    [("ticket_bytes", "ticket_quota_exceeded"), ("account_bytes", "account_quota_exceeded")],
)
async def test_the_files_of_a_ticket_and_of_an_account_have_a_quota(settings, anns, quota, code):
    small = settings.model_copy(update={quota: 3 * len(BODY)})
    async with serving(small) as url, client(url, anns) as ann:
        places = await announced(ann, 2)
        path = places[0].rpartition("/")[0]
        said = announcement(BODY, media_type="application/octet-stream")

        answers = [await ann.post(path, json=said) for _ in range(2)]
        assert (answers[-1].status_code, answers[-1].json()["code"]) == (413, code)
        await ann.delete(places[0])

        assert (await ann.post(path, json=said)).status_code == 201


async def test_a_customer_beyond_the_quota_adds_no_more_texts_and_is_answered_on(
    settings, signer, anns
):
    small = settings.model_copy(update={"account_bytes": 10_000})
    maxs = signer.token("agent", "max")
    async with serving(small) as url, client(url, anns) as ann, client(url, maxs) as max_:
        opened = await ann.post("/v1/tickets", json={"product": "VMmanager 6"})
        place = f"/v1/tickets/{opened.json()['id']}"
        long = {"text": "x" * 4000}

        comments = [await ann.post(f"{place}/comment", json=long) for _ in range(4)]
        more = await ann.post("/v1/tickets", json={"product": "y", "description": "x" * 9000})

        assert comments[0].status_code == 200
        for answer in (comments[-1], more):
            assert (answer.status_code, answer.json()["code"]) == (413, "account_quota_exceeded")
        assert (await max_.post(f"{place}/respond", json=long)).status_code == 200
        assert (await ann.post(f"{place}/revoke", json={})).status_code == 200
