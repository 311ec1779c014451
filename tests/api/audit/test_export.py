"""Proof and export over HTTP."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import asyncpg
import httpx
import pytest
from structlog.testing import capture_logs

from chronicle import Chronicle
from people import created
from ticket_api.app import build

FORMATS = {
    "jsonl": "application/x-ndjson",
    "csv": "text/csv",
    "xes": "application/xml",
    "ocel": "application/json",
    "ics": "text/calendar",
    "bundle": "application/zip",
}


@pytest.fixture
def ada(as_):
    return as_("auditor", "ada")


def counted(format_: str, body: bytes) -> int | None:
    """Return how many events an export has, None for a format that has none."""
    match format_:
        case "jsonl":
            return sum("event_id" in json.loads(line) for line in body.splitlines())
        case "csv":
            return len(list(csv.DictReader(io.StringIO(body.decode()))))
        case "xes":
            return len(ElementTree.fromstring(body).findall(".//{*}event"))
        case "ocel":
            return len(json.loads(body)["events"])
        case "bundle":
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                return len(archive.read("log/0.jsonl").splitlines())
        case _:
            return None


@pytest.mark.parametrize("format_", FORMATS)
async def test_the_log_is_taken_away_whole(ann, max_, ada, database: Any, format_: str) -> None:
    for _ in range(3):
        ticket = await ann.create()
        await max_.tell(ticket, "prioritize", priority="High", reason="it is")

    answer = await ada.get("/v1/audit/export", format=format_)

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(FORMATS[format_])
    assert answer.headers["content-disposition"].startswith("attachment")
    many = counted(format_, answer.content)
    assert many in (None, 6)
    connection = await asyncpg.connect(database.url("docket_access_reader"))
    rows = await connection.fetch("select operation, subject from docket.access_events")
    await connection.close()
    assert [tuple(row) for row in rows] == [("export_log", "ada")]


async def test_a_part_is_the_part_that_was_asked_for(ann, eve, ada) -> None:
    await ann.create()
    await eve.create()

    one = await ada.get("/v1/audit/export", format="csv", account="acme")
    none = await ada.get("/v1/audit/export", format="csv", to="2020-01-01T00:00:00Z")

    assert counted("csv", one.content) == 1
    assert counted("csv", none.content) == 0
    assert "docket-selected" not in one.headers


@pytest.mark.parametrize("format_", FORMATS)
async def test_C_15_an_answer_without_any_event_says_so(ann, ada, format_: str) -> None:
    await ann.create()

    none = await ada.get("/v1/audit/export", format=format_, to="2020-01-01T00:00:00Z")

    assert (none.status_code, none.headers["Docket-Selected"]) == (200, "0")


@pytest.mark.parametrize(
    "written", [None, b"not a key", b"\xff"], ids=["missing", "none", "no text"]
)
async def test_keys_that_cannot_be_read_are_said_and_only_a_bundle_needs_them(
    settings, ada, tmp_path: Path, written: bytes | None
) -> None:
    keys = tmp_path / "checkpoint.keys"
    if written is not None:
        keys.write_bytes(written)
    app = build(settings.model_copy(update={"checkpoint_keys": str(keys)}))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://docket") as client:
            there = replace(ada, http=client)
            with capture_logs() as lines:
                bundle = await there.get("/v1/audit/export", format="bundle")
            rows = await there.get("/v1/audit/export", format="csv")

    assert (bundle.status_code, bundle.json()["code"]) == (503, "keys_unreadable")
    assert bundle.headers["Retry-After"]
    assert str(tmp_path) not in bundle.text
    assert [line["event"] for line in lines if line["log_level"] == "error"] == [
        "checkpoint_keys_unreadable"
    ]
    assert rows.status_code == 200


async def test_one_ticket_alone_is_taken_by_id_or_number(ann, eve, ada) -> None:
    one, _, other = await ann.create(), await ann.create(), await eve.create()

    taken = await ada.get("/v1/audit/export", format="jsonl", ticket=[one["id"], other["number"]])
    proof = await ada.get("/v1/audit/export", format="bundle", ticket=one["number"])

    ids = {json.loads(line)["ticket_id"] for line in taken.content.splitlines()}
    assert ids == {one["id"], other["id"]}
    assert counted("bundle", proof.content) > 0


async def test_cells_are_guarded_unless_they_are_asked_for_raw(ada, database: Any) -> None:
    long_ago = "2026-06-08T09:00:00"  # when an account might have been called so
    story = (long_ago, created(account_id="=1+1"))
    await Chronicle(database.url(), long_ago).ticket(story)

    guarded = await ada.get("/v1/audit/export", format="csv")
    raw = await ada.get("/v1/audit/export", format="csv", raw_cells="true", bom="true")

    (row,) = csv.DictReader(io.StringIO(guarded.content.decode()))
    assert row["account_id"] == "'=1+1"
    (row,) = csv.DictReader(io.StringIO(raw.content.decode("utf-8-sig")))
    assert row["account_id"] == "=1+1"
    assert raw.content.startswith(b"\xef\xbb\xbf")


async def test_a_short_field_takes_nothing_that_does_something(max_) -> None:
    body = {"product": "VMmanager 6", "subject": "x", "account_id": "a", "requester_id": "r"}

    for field in ("account_id", "requester_id", "product", "kind", "subject"):
        for text in ("a\x1b]0;x", "a\x9b", "a\u2028b", "a\u202eb", "a\nb"):
            answer = await max_.post("/v1/tickets", {**body, "channel": "phone", field: text})

            assert answer.status_code == 422, (field, text)
            assert answer.json()["errors"][0]["pointer"] == f"/{field}"


async def test_nobody_else_takes_the_log_away(ann, max_) -> None:
    for caller in (ann, max_):
        for path in ("export", "verify"):
            assert (await caller.get(f"/v1/audit/{path}")).status_code == 403


async def test_a_format_that_is_none_is_malformed(ada) -> None:
    assert (await ada.get("/v1/audit/export", format="pdf")).status_code == 422
    assert (await ada.get("/v1/audit/export", **{"from": "yesterday"})).status_code == 422


async def test_the_verification_tells_how_far_it_is_and_what_it_found(
    ann, ada, database: Any
) -> None:
    ticket = await ann.create()
    answer = await ada.get("/v1/audit/verify")
    assert answer.status_code == 200, answer.text
    before = answer.json()
    connection = await asyncpg.connect(database.url("docket_sla_clock"))
    await connection.execute(
        "insert into docket.log_verifications values (0, 1, 2, now(), now(), 'a hash is wrong', 1,"
        " now())"
    )
    await connection.close()
    after = (await ada.get("/v1/audit/verify")).json()

    assert UUID(ticket["id"])
    (part,) = before["partitions"]
    assert (before["ok"], part["head_position"], part["verified_to"]) == (True, 1, 0)
    (part,) = after["partitions"]
    assert (after["ok"], part["fault"], part["rounds"]) == (False, "a hash is wrong", 2)


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({"account": "nosuch"}, "unknown_account"),
        ({"product": "nosuch"}, "unknown_product"),
        ({"ticket": "nosuch"}, "unknown_ticket"),
        ({"from": "2026-10-01T00:00:00Z", "to": "2026-09-01T00:00:00Z"}, "empty_period"),
    ],
)
async def test_an_export_that_cannot_have_anything_is_refused(ann, ada, question, code) -> None:
    await ann.create()

    answer = await ada.get("/v1/audit/export", format="bundle", **question)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
