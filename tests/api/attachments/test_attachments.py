"""Files of a ticket: announced, sent whole or in parts, sent along with a message, fetched."""

import asyncio
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import asyncpg
import pytest
from uploading import announce, announcement, head, listed, patch, put, uploaded

from docket_runtime.unavailable import Unavailable
from ticket_api.attachments import upload

LOG = b"09:00 node 3 went away\n" * 40_000
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 100


async def test_a_file_sent_whole_comes_back_as_it_was(ann, max_):
    ticket = await ann.create()
    file = await uploaded(ann, ticket, LOG, name="узел 3.log")
    told = await ann.tell(ticket, "comment", text="The log.", attachments=[file])
    assert told.status_code == 200, told.text

    answer = await max_.get(f"/v1/tickets/{ticket['id']}/attachments/{file}")

    assert (answer.status_code, answer.content) == (200, LOG)
    headers = answer.headers
    assert headers["content-type"] == "text/plain"
    assert headers["content-disposition"].startswith("attachment; filename*=UTF-8''%D1%83")
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]
    digest = b64encode(sha256(LOG).digest()).decode()
    assert headers["repr-digest"] == f"sha-256=:{digest}:"


async def test_a_file_in_parts_goes_on_where_it_stands(ann):
    ticket = await ann.create()
    place = await announce(ann, ticket, LOG)
    assert (await head(ann, place)).headers["upload-offset"] == "0"

    first = await patch(ann, place, 0, LOG[:1000])
    assert (first.status_code, first.headers["upload-offset"]) == (204, "1000")
    assert (await listed(ann, ticket))[0]["state"] == "uploading"
    wrong = await patch(ann, place, 0, LOG[:1000])
    assert (wrong.status_code, wrong.json()["code"]) == (409, "offset_conflict")
    assert wrong.headers["upload-offset"] == "1000"
    last = await patch(ann, place, 1000, LOG[1000:])

    assert (last.status_code, last.headers["upload-offset"]) == (204, str(len(LOG)))
    asked = await head(ann, place)
    assert asked.headers["upload-offset"] == asked.headers["upload-length"] == str(len(LOG))
    assert (await ann.get(place)).content == LOG
    again = await patch(ann, place, len(LOG), b"")
    assert (again.status_code, again.json()["code"]) == (409, "offset_conflict")


async def test_what_is_not_what_was_announced_is_not_kept(ann, settings, tmp_path):
    ticket = await ann.create()
    place = await announce(ann, ticket, LOG)

    answer = await put(ann, place, LOG[:-1] + b"!")

    assert (answer.status_code, answer.json()["code"]) == (422, "digest_mismatch")
    assert (await head(ann, place)).headers["upload-offset"] == "0"
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    assert (await put(ann, place, LOG)).status_code == 204


async def test_a_page_that_claims_to_be_a_picture_is_refused(ann):
    ticket = await ann.create()
    page = b"<html><script>alert(1)</script>"
    place = await announce(ann, ticket, page, media_type="image/png")

    answer = await put(ann, place, page)

    assert (answer.status_code, answer.json()["code"]) == (422, "media_type_mismatch")
    assert await uploaded(ann, ticket, PNG, media_type="image/png")


@pytest.mark.parametrize(
    ("said", "code", "pointer"),
    [
        ({"size": 2**40}, "file_too_large", "/size"),
        ({"media_type": "text/html"}, "media_type_not_taken", "/media_type"),
        ({"media_type": "image/svg+xml"}, "media_type_not_taken", "/media_type"),
        ({"size": 0}, "malformed", "/size"),
        ({"sha256": "AB"}, "malformed", "/sha256"),
        ({"name": "../../etc/passwd"}, "malformed", "/name"),
        ({"name": "a\r\nX: y"}, "malformed", "/name"),
        ({"name": "gpj\u202e.exe"}, "malformed", "/name"),
        ({"path": "x"}, "malformed", "/path"),
    ],
)
async def test_what_cannot_be_announced_says_why(ann, said, code, pointer):
    ticket = await ann.create()

    answer = await ann.post(f"/v1/tickets/{ticket['id']}/attachments", announcement(b"x", **said))

    status = 413 if code == "file_too_large" else 422
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_more_bytes_than_announced_are_refused(ann):
    ticket = await ann.create()
    place = await announce(ann, ticket, b"four")

    answer = await patch(ann, place, 0, b"fourteen")

    assert (answer.status_code, answer.json()["code"]) == (422, "beyond_announced_size")
    assert (await put(ann, place, b"four")).status_code == 204


async def test_only_the_type_of_partial_uploads_is_taken(ann):
    ticket = await ann.create()
    place = await announce(ann, ticket, b"four")

    answer = await patch(ann, place, 0, b"four", **{"Content-Type": "text/plain"})

    assert (answer.status_code, answer.json()["code"]) == (415, "not_partial")


async def test_of_two_that_write_at_once_one_counts_and_the_file_is_whole(ann):
    ticket = await ann.create()
    place = await announce(ann, ticket, LOG)

    answers = await asyncio.gather(*(patch(ann, place, 0, LOG) for _ in range(4)))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 204
    assert set(statuses[1:]) == {409}
    assert (await ann.get(place)).content == LOG


async def test_files_sent_in_parallel_do_not_mix(ann):
    ticket = await ann.create()
    bodies = [bytes([n]) * 300_000 for n in range(65, 71)]
    files = await asyncio.gather(*(uploaded(ann, ticket, body) for body in bodies))

    for file, body in zip(files, bodies, strict=True):
        assert (await ann.get(f"/v1/tickets/{ticket['id']}/attachments/{file}")).content == body


async def test_parts_that_the_store_has_lost_are_asked_for_again(ann, tmp_path):
    ticket = await ann.create()
    place = await announce(ann, ticket, LOG)
    await patch(ann, place, 0, LOG[:1000])
    (part,) = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    part.unlink()

    answer = await patch(ann, place, 1000, LOG[1000:])

    assert (answer.status_code, answer.json()["code"]) == (409, "upload_lost")
    assert (await head(ann, place)).headers["upload-offset"] == "0"
    assert (await put(ann, place, LOG)).status_code == 204


async def test_a_file_in_crumbs_is_refused_before_it_fills_its_row(ann, monkeypatch):
    monkeypatch.setattr(upload, "MOST_PARTS", 3)
    ticket = await ann.create()
    place = await announce(ann, ticket, b"crumbs")
    answers = [await patch(ann, place, n, b"crumbs"[n : n + 1]) for n in range(4)]

    assert [answer.status_code for answer in answers] == [204, 204, 204, 409]
    assert answers[-1].json()["code"] == "too_many_parts"
    assert (await put(ann, place, b"crumbs")).status_code == 204


async def test_a_file_whose_check_was_killed_is_checked_by_the_next_round(
    ann, app, database, monkeypatch
):
    async def killed(*_):
        raise Unavailable("as if the process had ended here")

    ticket = await ann.create()
    place = await announce(ann, ticket, LOG)
    with monkeypatch.context() as dying:
        dying.setattr(upload, "check", killed)
        assert (await put(ann, place, LOG)).status_code == 503
    assert (await head(ann, place)).headers["upload-offset"] == str(len(LOG))
    assert (await ann.get(place)).json()["code"] == "attachment_incomplete"
    connection = await asyncpg.connect(database.url())
    await connection.execute(
        "update docket.attachments set touched_at = touched_at - interval '2 minutes'"
    )
    await connection.close()

    await app.state.upkeep.step()

    assert (await ann.get(place)).content == LOG


async def test_a_ticket_has_no_more_files_than_it_may_have(ann, app, settings):
    most = settings.model_copy(update={"files_per_ticket": 2})
    app.state.runtime = replace(app.state.runtime, settings=most)
    ticket = await ann.create()
    for _ in range(2):
        await announce(ann, ticket, b"x")

    answer = await ann.post(f"/v1/tickets/{ticket['id']}/attachments", announcement(b"x"))

    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_attachments")
