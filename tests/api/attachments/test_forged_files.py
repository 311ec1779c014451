"""Files as they were sent: what somebody has changed of one since is not served."""

from hashlib import sha256
from pathlib import Path

import asyncpg
import pytest
from uploading import announce, listed, patch, uploaded

from docket_runtime.new_ids import new_id
from ticket_api.attachments.evidence import checked
from ticket_api.http.problems import Problem
from ticket_api.tickets.files import Attachment

LOG = b"09:00 node 3 went away\n"
FORGED = b"09:00 node 3 is as fine\n"


@pytest.fixture
async def superuser(database):
    connection = await asyncpg.connect(database.url())
    await connection.execute("alter table docket.contents disable trigger all")
    yield connection
    await connection.close()


@pytest.fixture
async def ticket(ann):
    return await ann.create()


@pytest.fixture
async def place(ann, ticket):
    """The place of a file that a message has sent."""
    file = await uploaded(ann, ticket, LOG)
    told = await ann.tell(ticket, "comment", text="The log.", attachments=[file])
    assert told.status_code == 200, told.text
    return f"/v1/tickets/{ticket['id']}/attachments/{file}"


def forge_bytes(folder: Path, forged: bytes = FORGED) -> None:
    (part,) = [path for path in folder.rglob("*") if path.is_file()]
    part.write_bytes(forged)


async def test_a_row_that_says_something_else_changes_nothing(ann, ticket, place, superuser):
    before = await listed(ann, ticket)
    await superuser.execute(
        "update docket.attachments set name = 'forged.txt', media_type = 'text/html', size = 3,"
        " sha256 = $1",
        sha256(FORGED).digest(),
    )

    answer = await ann.get(place)

    assert (answer.status_code, answer.content) == (200, LOG)
    assert answer.headers["content-type"] == "text/plain"
    assert "agent.log" in answer.headers["content-disposition"]
    assert await listed(ann, ticket) == before


async def test_other_bytes_are_not_served_whatever_digest_the_row_has(
    ann, place, superuser, tmp_path
):
    forge_bytes(tmp_path / "files")
    await superuser.execute(
        "update docket.attachments set sha256 = $1, size = $2", sha256(FORGED).digest(), len(FORGED)
    )

    answer = await ann.get(place)

    assert (answer.status_code, answer.json()["code"]) == (502, "evidence_mismatch")
    assert FORGED not in answer.content


async def test_an_announcement_that_is_another_is_neither_shown_nor_served(
    ann, ticket, place, superuser
):
    await superuser.execute(
        "update docket.contents set body = convert_to(replace(convert_from(body, 'UTF8'),"
        " 'agent.log', 'forged.lo'), 'UTF8') where kind = 'attachment'"
    )

    for path in (place, place.rpartition("/")[0]):
        answer = await ann.get(path)
        assert (answer.status_code, answer.json()["code"]) == (502, "evidence_mismatch")
        assert "forged" not in answer.text


async def test_a_row_that_was_taken_out_does_not_let_the_file_be_sent_anew_as_another(
    ann, place, superuser
):
    await superuser.execute("delete from docket.attachments")

    state = await ann.http.head(place, headers={"Authorization": f"Bearer {ann.token}"})
    assert state.headers["upload-length"] == str(len(LOG))
    other = await patch(ann, place, 0, FORGED[: len(LOG)])
    assert (other.status_code, other.json()["code"]) == (422, "digest_mismatch")


async def test_a_file_that_no_message_has_sent_is_its_senders_own(ann, ticket, tmp_path):
    place = await announce(ann, ticket, LOG)
    await patch(ann, place, 0, LOG)
    assert (await ann.get(place)).content == LOG
    forge_bytes(tmp_path / "files")
    assert (await ann.get(place)).status_code == 502


@pytest.mark.parametrize("forged", [[b"one", b"tw0"], [b"one"], [b"one", b"two", b"more"], []])
async def test_of_a_file_in_parts_that_is_another_the_last_part_never_goes_out(forged):
    whole = b"onetwo"
    known = Attachment(
        0, new_id(), new_id(), "customer", "ann", b"", "x", "text/plain", len(whole),
        sha256(whole).digest(), (), len(whole), None, None, None,
    )  # fmt: skip

    async def parts():
        for part in forged:
            yield part

    sending, sent = checked(parts(), known), list[bytes]()

    async def send() -> None:
        sent.extend([part async for part in sending])

    for part in forged[:-1]:
        assert await anext(sending) == part
    with pytest.raises(Problem) as problem:
        await send()

    assert (problem.value.status, sent) == (502, [])
