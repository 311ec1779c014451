"""Files sent along with messages and new tickets: whom they are for, and when they are sent."""

from uploading import announce, announcement, listed, put, uploaded

LOG = b"09:00 node 3 went away\n" * 40_000
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 100


async def test_before_it_is_sent_a_file_is_for_its_own_side(ann, max_, eve):
    ticket = await ann.create()
    file = await uploaded(ann, ticket, b"secret")
    place = f"/v1/tickets/{ticket['id']}/attachments/{file}"

    assert await listed(max_, ticket) == []
    assert (await max_.get(place)).status_code == 404
    assert (await eve.get(place)).status_code == 404
    (shown,) = await listed(ann, ticket)
    assert (shown["sent"], shown["state"], shown["name"]) == (False, "complete", "agent.log")

    await ann.tell(ticket, "comment", text="See the file.", attachments=[file])
    assert [each["sent"] for each in await listed(max_, ticket)] == [True]
    assert (await max_.get(place)).content == b"secret"
    assert (await eve.get(place)).status_code == 404
    taken = await put(max_, place, b"secret")
    assert (taken.status_code, taken.json()["code"]) == (403, "actor_not_entitled")


async def test_a_file_is_sent_once_and_only_when_it_is_there(ann, max_):
    ticket = await ann.create()
    place = await announce(ann, ticket, b"four")
    file = place.rpartition("/")[2]

    early = await ann.tell(ticket, "comment", text="See.", attachments=[file])
    assert (early.status_code, early.json()["code"]) == (409, "attachment_incomplete")
    await put(ann, place, b"four")
    assert (await ann.tell(ticket, "comment", text="See.", attachments=[file])).status_code == 200
    twice = await ann.tell(ticket, "reply", text="Again.", attachments=[file])
    assert (twice.status_code, twice.json()["code"]) == (409, "attachment_already_sent")
    unknown = await ann.tell(ticket, "comment", text="See.", attachments=[ticket["id"]])
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_attachment")
    double = await ann.tell(ticket, "comment", text="See.", attachments=[file, file])
    assert double.status_code == 422


async def test_an_agent_sends_files_with_a_response(ann, max_):
    ticket = await ann.create()
    file = await uploaded(max_, ticket, b"patch", media_type="application/octet-stream")

    answer = await max_.tell(ticket, "respond", text="Use this.", attachments=[file])

    assert answer.status_code == 200, answer.text
    history = (await ann.get(f"/v1/tickets/{ticket['id']}/events")).json()["items"]
    (reference,) = history[-1]["data"]["attachments"]
    assert (reference["id"], set(reference)) == (file, {"id", "digest"})


async def test_an_announcement_repeated_with_its_key_is_the_same_file(ann):
    ticket = await ann.create()
    path = f"/v1/tickets/{ticket['id']}/attachments"
    key = {"Idempotency-Key": "a"}

    first = await ann.post(path, announcement(b"x"), key)
    again = await ann.post(path, announcement(b"x"), key)
    other = await ann.post(path, announcement(b"y"), key)

    assert first.json()["id"] == again.json()["id"]
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(await listed(ann, ticket)) == 1


async def test_what_was_not_sent_can_be_taken_back(ann):
    ticket = await ann.create()
    first, second = [await uploaded(ann, ticket, body) for body in (b"one", b"two")]
    await ann.tell(ticket, "comment", text="See.", attachments=[second])
    path = f"/v1/tickets/{ticket['id']}/attachments"
    headers = {"Authorization": f"Bearer {ann.token}"}

    gone = await ann.http.delete(f"{path}/{first}", headers=headers)
    kept = await ann.http.delete(f"{path}/{second}", headers=headers)

    assert gone.status_code == 204
    assert (kept.status_code, kept.json()["code"]) == (409, "attachment_already_sent")
    assert (await ann.get(f"{path}/{first}")).status_code == 404


async def test_a_ticket_that_has_ended_takes_no_files(ann):
    ticket = await ann.create()
    await ann.tell(ticket, "revoke")

    answer = await ann.post(f"/v1/tickets/{ticket['id']}/attachments", announcement(b"x"))

    assert (answer.status_code, answer.json()["clause"]) == (409, "R-6.6-a")


async def test_files_are_announced_with_a_new_ticket_and_their_bytes_come_next(ann, max_):
    files = [announcement(body, name=name) for body, name in ((LOG, "a.log"), (PNG, "b.bin"))]
    files[1]["media_type"] = "application/octet-stream"
    ticket = await ann.create(attachments=files)

    shown = {each["name"]: each for each in await listed(ann, ticket)}
    assert {(each["state"], each["sent"], each["by"]) for each in shown.values()} == {
        ("announced", True, "ann")
    }
    place = f"/v1/tickets/{ticket['id']}/attachments/{shown['a.log']['id']}"
    assert (await put(ann, place, LOG)).status_code == 204
    assert (await max_.get(place)).content == LOG
    history = (await ann.get(f"/v1/tickets/{ticket['id']}/events")).json()["items"]
    assert {each["id"] for each in history[0]["data"]["attachments"]} == {
        each["id"] for each in shown.values()
    }


async def test_what_a_new_ticket_cannot_announce_says_where(ann):
    wrong = announcement(LOG, media_type="text/html")

    answer = await ann.post("/v1/tickets", {"product": "VMmanager 6", "attachments": [wrong]})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/attachments/0/media_type"
