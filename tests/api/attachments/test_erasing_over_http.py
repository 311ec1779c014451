"""Erased: what a person wrote and sent is nowhere any more, and the history still stands."""

from pathlib import Path

import asyncpg
import pytest
from uploading import announcement, head, listed, put, uploaded

from traces import tables_with

WORD = "canary-4711"
FILE = f"09:00 {WORD} logged in\n".encode() * 1000


@pytest.fixture
def pat(as_):
    """Pat is the privacy officer."""
    return as_("privacy_officer", "pat")


async def told(ann, max_):
    """Let Ann bring her name in every way there is, and Max say something of his own."""
    ticket = await ann.create(
        subject=WORD, description=WORD, contact={"email": f"{WORD}@acme.example", "name": WORD}
    )
    file = await uploaded(ann, ticket, FILE, name=f"{WORD}.log")
    answer = await ann.tell(ticket, "comment", text=f"I am {WORD}.", attachments=[file])
    assert answer.status_code == 200, answer.text
    await max_.tell(ticket, "respond", text="We looked.")
    return ticket, file


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_C_40_all_that_a_person_brought_is_nowhere_any_more(
    ann, max_, pat, app, database, tmp_path
):
    ticket, file = await told(ann, max_)
    assert await tables_with(database.url(), WORD) == {"attachments": 1, "contents": 5}
    assert len(files_in(tmp_path / "files")) == 1

    answer = await pat.tell(ticket, "erase", person="ann", why="person_asked")
    assert answer.status_code == 200, answer.text
    await app.state.upkeep.step()

    assert await tables_with(database.url(), WORD) == {}
    assert files_in(tmp_path / "files") == []
    history = (await ann.get(f"/v1/tickets/{ticket['id']}/events")).json()["items"]
    assert [event["type"] for event in history[-2:]] == ["ContentErased", "AttachmentErased"]
    assert history[-1]["data"] == {
        "content_ids": [file],
        "why": "person_asked",
        "clause": "C-40",
    }
    assert history[0]["texts"] == {"subject": None, "description": None, "contact": None}
    assert [each["texts"] for each in history if each["type"] == "ResponseSent"] == [
        {"content": "We looked."}
    ]
    shown = (await ann.get(f"/v1/tickets/{ticket['id']}")).json()
    assert shown["subject"]["text"] is None
    (gone,) = await listed(max_, ticket)
    assert (gone["state"], gone["name"], gone["sha256"]) == ("erased", None, None)
    place = f"/v1/tickets/{ticket['id']}/attachments/{file}"
    assert (await ann.get(place)).status_code == 404
    assert (await head(ann, place)).status_code == 404
    assert (await put(ann, place, FILE)).status_code == 404


async def test_erasing_again_is_so_already_and_the_same_key_has_the_same_answer(ann, max_, pat):
    ticket, file = await told(ann, max_)
    path, key = f"/v1/tickets/{ticket['id']}/erase", {"Idempotency-Key": "k"}
    said = {"content_ids": [file], "why": "sent_by_mistake"}

    first = await pat.post(path, said, key)
    repeated = await pat.post(path, said, key)
    again = await pat.post(path, said)

    assert first.json()["version"] == repeated.json()["version"] == again.json()["version"]
    assert first.status_code == again.status_code == 200


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"content_ids": ["01990000-0000-7000-8000-000000000000"]}, 409, "unknown_content"),
        ({"person": "nobody"}, 409, "unknown_person"),
        ({}, 422, "malformed"),
        ({"person": "ann", "why": "because"}, 422, "malformed"),
        ({"person": "ann", "everything": True}, 422, "malformed"),
    ],
)
async def test_what_cannot_be_erased_says_why(ann, max_, pat, said, status, code):
    ticket, _ = await told(ann, max_)

    answer = await pat.tell(ticket, "erase", **{"why": "unlawful", **said})

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_neither_customer_nor_agent_erases(ann, max_, eve):
    ticket, _ = await told(ann, max_)
    said = {"person": "ann", "why": "person_asked"}

    for caller in (ann, max_):
        answer = await caller.tell(ticket, "erase", **said)
        assert (answer.status_code, answer.json()["code"]) == (403, "actor_not_entitled")
    assert (await eve.tell(ticket, "erase", **said)).status_code in (403, 404)


async def test_a_file_that_nobody_sends_is_forgotten_after_a_day(ann, app, database, tmp_path):
    ticket = await ann.create()
    left = await uploaded(ann, ticket, b"left behind")
    sent = await uploaded(ann, ticket, b"sent")
    await ann.post(f"/v1/tickets/{ticket['id']}/attachments", announcement(b"x", name="never.log"))
    await ann.tell(ticket, "comment", text="See.", attachments=[sent])
    connection = await asyncpg.connect(database.url())
    await connection.execute(
        "update docket.attachments set touched_at = touched_at - interval '25 hours'"
    )
    await connection.close()

    await app.state.upkeep.step()
    await app.state.upkeep.step()

    assert [each["id"] for each in await listed(ann, ticket)] == [sent]
    assert left not in {path.parent.name for path in files_in(tmp_path / "files")}
    assert len(files_in(tmp_path / "files")) == 1
    late = await ann.tell(ticket, "comment", text="See.", attachments=[left])
    assert (late.status_code, late.json()["code"]) == (422, "unknown_attachment")


async def test_a_cut_off_part_beside_a_file_goes_with_it(ann, pat, max_, app, tmp_path):
    """As kill -9 between writing a part and counting it leaves one that no row names."""
    ticket, file = await told(ann, max_)
    (known,) = files_in(tmp_path / "files")
    (known.parent / "01990000-0000-7000-8000-000000000000").write_bytes(b"half")

    assert (await ann.get(f"/v1/tickets/{ticket['id']}/attachments/{file}")).content == FILE
    await pat.tell(ticket, "erase", content_ids=[file], why="unlawful")
    await app.state.upkeep.step()

    assert files_in(tmp_path / "files") == []
