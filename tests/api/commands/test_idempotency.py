"""Repeating a request: one batch of events, and the first answer again."""

import asyncio


async def test_the_same_key_and_body_gives_the_first_answer_again(ann):
    ticket = await ann.create()
    path = f"/v1/tickets/{ticket['id']}/suspend"

    first = await ann.post(path, {}, {"Idempotency-Key": "k1"})
    again = await ann.post(path, {}, {"Idempotency-Key": "k1"})

    assert (first.status_code, again.status_code) == (200, 200)
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers


async def test_the_first_answer_comes_again_although_the_ticket_has_moved_on(ann):
    ticket = await ann.create()
    path = f"/v1/tickets/{ticket['id']}/suspend"
    first = await ann.post(path, {}, {"Idempotency-Key": "k1", "If-Match": '"1"'})
    await ann.tell(ticket, "resume")

    again = await ann.post(path, {}, {"Idempotency-Key": "k1", "If-Match": '"1"'})

    assert again.content == first.content


async def test_the_same_key_with_another_body_is_422(ann):
    first = await ann.post("/v1/tickets", {"product": "VMmanager 6"}, {"Idempotency-Key": "k"})
    other = await ann.post("/v1/tickets", {"product": "DCImanager 6"}, {"Idempotency-Key": "k"})

    assert first.status_code == 201
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_key_belongs_to_the_one_who_sent_it(ann, as_):
    bob = as_("customer", "bob", "acme")
    mine = await ann.post("/v1/tickets", {"product": "VMmanager 6"}, {"Idempotency-Key": "k"})
    his = await bob.post("/v1/tickets", {"product": "VMmanager 6"}, {"Idempotency-Key": "k"})

    assert mine.json()["id"] != his.json()["id"]


async def test_a_hundred_at_once_make_one_batch_and_get_equal_answers(ann):
    ticket = await ann.create()
    path = f"/v1/tickets/{ticket['id']}/comment"
    body = {"text": "It happened again."}

    answers = await asyncio.gather(
        *(ann.post(path, body, {"Idempotency-Key": "once"}) for _ in range(100))
    )

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    history = (await ann.get(f"/v1/tickets/{ticket['id']}/events")).json()["items"]
    assert [event["type"] for event in history] == ["TicketCreated", "UserCommented"]


async def test_a_hundred_creations_at_once_make_one_ticket(ann):
    answers = await asyncio.gather(
        *(
            ann.post("/v1/tickets", {"product": "VMmanager 6"}, {"Idempotency-Key": "new"})
            for _ in range(100)
        )
    )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len((await ann.get("/v1/tickets")).json()["items"]) == 1


async def test_a_malformed_key_is_422(ann):
    for key in ("", "x" * 256):
        answer = await ann.post("/v1/tickets", {"product": "VMmanager 6"}, {"Idempotency-Key": key})
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed_idempotency_key")
