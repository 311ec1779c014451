"""Versions: ETag, If-Match, and thirty-two people at one ticket."""

import asyncio
from collections import Counter


async def test_a_stale_if_match_is_412_with_the_version_of_now(ann):
    ticket = await ann.create()
    await ann.tell(ticket, "comment", text="one more thing")

    answer = await ann.post(f"/v1/tickets/{ticket['id']}/suspend", {}, {"If-Match": '"1"'})

    assert (answer.status_code, answer.headers["etag"]) == (412, '"2"')
    assert answer.json()["code"] == "version_conflict"


async def test_of_thirty_two_with_the_same_version_one_wins(ann):
    ticket = await ann.create()
    path = f"/v1/tickets/{ticket['id']}/comment"

    answers = await asyncio.gather(
        *(ann.post(path, {"text": f"I am {n}"}, {"If-Match": '"1"'}) for n in range(32))
    )

    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 31}
    assert (await ann.get(f"/v1/tickets/{ticket['id']}")).json()["version"] == 2


async def test_of_sixteen_who_suspend_one_wins_and_the_others_learn_why(ann):
    ticket = await ann.create()

    answers = await asyncio.gather(*(ann.tell(ticket, "suspend") for _ in range(16)))

    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 15}
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"already_suspended"}


async def test_without_if_match_a_command_is_decided_again_on_the_new_version(ann):
    ticket = await ann.create()

    answers = await asyncio.gather(*(ann.tell(ticket, "comment", text=str(n)) for n in range(3)))

    assert [answer.status_code for answer in answers] == [200] * 3
    assert (await ann.get(f"/v1/tickets/{ticket['id']}")).json()["version"] == 4


async def test_a_ticket_that_has_not_changed_is_304(ann):
    ticket = await ann.create()
    path = f"/v1/tickets/{ticket['id']}"

    same = await ann.get(path, {"If-None-Match": '"1"'})
    other = await ann.get(path, {"If-None-Match": '"7"'})

    assert (same.status_code, other.status_code) == (304, 200)


async def test_an_if_match_that_is_no_version_of_ours_is_412(ann):
    ticket = await ann.create()

    answer = await ann.post(f"/v1/tickets/{ticket['id']}/suspend", {}, {"If-Match": '"x"'})

    assert answer.status_code == 412
