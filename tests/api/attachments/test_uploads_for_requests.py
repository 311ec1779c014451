"""A file as the answer to a request: it counts when the last byte is there (R-1.14, C-04, C-05)."""

import pytest
from uploading import announce, listed, patch, put, uploaded

from chronicle import Chronicle
from docket_runtime.clock import wall_clock

LOG = b"09:00 node 3 went away\n" * 1000


async def asked(ann, max_):
    ticket = await ann.create()
    answer = await max_.tell(ticket, "request-information", items="The log and the dump.")
    assert answer.status_code == 200, answer.text
    return ticket


async def provide(ann, ticket, *files, **more):
    said = {"request": "q1", "attachments": list(files), **more}
    answer = await ann.tell(ticket, "provide-information", **said)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def history(api, ticket):
    return (await api.get(f"/v1/tickets/{ticket['id']}/events")).json()["items"]


async def types(api, ticket):
    return [event["type"] for event in await history(api, ticket)]


async def test_R_1_14_the_answer_counts_when_the_last_file_is_complete(ann, max_):
    ticket = await asked(ann, max_)
    places = [await announce(ann, ticket, LOG, name=name) for name in ("a.log", "b.log")]
    told = await provide(ann, ticket, *(place.rpartition("/")[2] for place in places))
    assert (told["waiting_for"], told["information_requests"][0]["answer"]) == ("user", "uploading")
    assert told["information_requests"][0]["attachments"] == [
        place.rpartition("/")[2] for place in places
    ]

    await put(ann, places[0], LOG)
    assert (await types(ann, ticket))[-1] == "InformationProvided"
    await patch(ann, places[1], 0, LOG[:100])
    await patch(ann, places[1], 100, LOG[100:])

    *_, provided, completed = await history(ann, ticket)
    assert (provided["type"], provided["data"]["upload_pending"]) == ("InformationProvided", True)
    assert (completed["type"], completed["data"]) == ("UploadCompleted", {"request": "q1"})
    assert (completed["actor"]["kind"], completed["actor"]["id"]) == ("customer", "ann")
    now = (await ann.get(f"/v1/tickets/{ticket['id']}")).json()
    assert (now["waiting_for"], now["information_requests"][0]["answer"]) == ("provider", "given")


async def test_C_05_files_that_are_there_already_are_provided_at_once(ann, max_):
    ticket = await asked(ann, max_)
    file = await uploaded(ann, ticket, LOG)

    told = await provide(ann, ticket, file, upload_pending=True)

    assert told["information_requests"][0]["answer"] == "given"
    assert (await types(ann, ticket))[-1] == "InformationProvided"


async def test_a_file_that_is_not_what_was_announced_provides_nothing(ann, max_):
    ticket = await asked(ann, max_)
    place = await announce(ann, ticket, LOG)
    await provide(ann, ticket, place.rpartition("/")[2])

    wrong = await put(ann, place, LOG[::-1])

    assert (wrong.status_code, wrong.json()["code"]) == (422, "digest_mismatch")
    assert (await types(ann, ticket))[-1] == "InformationProvided"
    await put(ann, place, LOG)
    assert (await types(ann, ticket))[-1] == "UploadCompleted"


async def test_C_05_a_rejected_answer_is_given_again_with_other_files(ann, max_):
    ticket = await asked(ann, max_)
    await provide(ann, ticket, await uploaded(ann, ticket, LOG))
    rejected = await max_.tell(ticket, "reject-information", request="q1", reason="Too short.")
    assert rejected.status_code == 200, rejected.text
    place = await announce(ann, ticket, LOG * 2)

    told = await provide(ann, ticket, place.rpartition("/")[2])
    assert told["information_requests"][0]["answer"] == "uploading"
    await put(ann, place, LOG * 2)

    assert (await types(ann, ticket))[-1] == "UploadCompleted"
    assert [each["sent"] for each in await listed(max_, ticket)] == [True, True]


async def test_an_upload_that_ends_after_the_ticket_tells_nothing(ann, max_):
    ticket = await asked(ann, max_)
    place = await announce(ann, ticket, LOG)
    await provide(ann, ticket, place.rpartition("/")[2])
    await ann.tell(ticket, "revoke")

    assert (await put(ann, place, LOG)).status_code == 204

    assert (await types(ann, ticket))[-1] == "TicketRevoked"


@pytest.fixture
def chronicle(database) -> Chronicle:
    return Chronicle(database.url(), f"{wall_clock():%Y-%m-%dT%H:%M:%S}")


async def test_what_a_killed_process_did_not_tell_is_told_by_the_next_round(
    app, ann, max_, chronicle
):
    """The last byte is counted and checked, and nothing was said of it: as after kill -9."""
    ticket = await asked(ann, max_)
    place = await announce(ann, ticket, LOG)
    await provide(ann, ticket, place.rpartition("/")[2])
    upkeep = app.state.upkeep
    before, upkeep.complete_request = upkeep.complete_request, nothing
    try:
        await put(ann, place, LOG)
    finally:
        upkeep.complete_request = before
    assert (await types(ann, ticket))[-1] == "InformationProvided"

    await upkeep.step()
    await upkeep.step()

    assert (await types(ann, ticket))[-1] == "UploadCompleted"
    assert (await types(ann, ticket)).count("UploadCompleted") == 1
    assert await chronicle.rows("select from docket.attachments where not settled") == []


async def nothing(_known) -> None:
    return
