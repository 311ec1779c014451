"""A ticket whose history nobody can read is set aside and named; every other one is answered."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest

from chronicle import Chronicle, utc
from docket_events.notice import RegistrationNoticeSent
from docket_runtime.new_ids import new_id
from garbage import GARBAGE, spoil
from people import created

REPORTS = ("/v1/audit/pauses", "/v1/audit/breaches")


@pytest.fixture
def ada(as_):
    return as_("auditor", "ada")


@pytest.fixture(params=GARBAGE.values(), ids=GARBAGE.keys())
async def tickets(request, ann, database: Any) -> tuple[str, str]:
    """The ids of a ticket that can be read, and of one that cannot."""
    fine, spoilt = (await ann.create())["id"], (await ann.create())["id"]
    await spoil(database.url(), UUID(spoilt), *request.param)
    return fine, spoilt


async def test_reports_name_it_and_count_the_others(ada, tickets) -> None:
    _, spoilt = tickets

    for path in REPORTS:
        answer = await ada.get(path)
        assert answer.status_code == 200, answer.text
        assert (answer.json()["tickets"], answer.json()["set_aside"]) == (2, [spoilt])


async def test_the_log_shows_the_event_without_its_data(ada, tickets) -> None:
    answer = await ada.get("/v1/audit/events")

    assert answer.status_code == 200, answer.text
    *_, last = answer.json()["items"]
    assert last["ticket_id"] == tickets[1]
    assert last["data"] in (None, {})


async def test_every_export_is_whole(ada, tickets, tmp_path: Path) -> None:
    async def export(format_: str) -> bytes:
        answer = await ada.get("/v1/audit/export", format=format_)
        assert answer.status_code == 200, answer.text
        return answer.content

    lines = [json.loads(line) for line in (await export("jsonl")).splitlines()]
    rows = list(csv.DictReader(io.StringIO((await export("csv")).decode())))
    traces = ElementTree.fromstring(await export("xes")).findall(".//{*}trace")
    ocel = json.loads(await export("ocel"))

    assert [len(lines), len(rows), len(traces), len(ocel["events"])] == [3, 3, 2, 3]
    assert {event["type"] for event in ocel["events"]} <= {t["name"] for t in ocel["eventTypes"]}
    assert (lines[-1]["ticket_id"], rows[-1]["ticket_id"]) == (tickets[1], tickets[1])
    assert lines[-1]["data"] in (None, {})
    assert rows[-1]["data"] in ("", "{}")
    with zipfile.ZipFile(io.BytesIO(await export("bundle"))) as archive:
        assert len(archive.read("log/0.jsonl").splitlines()) == 3
        archive.extractall(tmp_path)
    # the garbage is not what its hash says, and every other event is
    verified = subprocess.run(
        [sys.executable, "-I", "verify.py"], cwd=tmp_path, capture_output=True, text=True
    )
    assert "position 3 is not what was written" in verified.stdout
    assert "Traceback" not in verified.stderr
    assert "position 2" not in verified.stdout


async def test_the_other_ticket_is_read_and_goes_on(ann, tickets) -> None:
    fine, spoilt = tickets

    assert (await ann.get(f"/v1/tickets/{fine}")).status_code == 200
    assert (await ann.post(f"/v1/tickets/{fine}/comment", {"text": "Hello"})).status_code == 200
    assert len((await ann.get("/v1/tickets")).json()["items"]) == 2
    assert (await ann.get(f"/v1/tickets/{spoilt}")).status_code == 500


@pytest.mark.parametrize("tickets", [GARBAGE["no text"]], ids=["no text"], indirect=True)
async def test_questions_over_the_whole_log_name_it_and_judge_the_others(ada, tickets) -> None:
    suppose = await ada.get("/v1/audit/what-if", reading="info=resume")
    ahead = await ada.get("/v1/audit/forecast")

    for answer in (suppose, ahead):
        assert answer.status_code == 200, answer.text
        assert answer.json()["set_aside"] == [tickets[1]]
    assert suppose.json()["tickets"] == 1


async def test_so_is_one_that_is_read_and_cannot_be_judged(ann, ada, database: Any) -> None:
    """As where the terms of a ticket are not installed any more."""
    await ann.create()
    log = Chronicle(database.url(), "2026-06-08T12:00:00")
    told = RegistrationNoticeSent(utc("2026-06-08T12:00:00"), new_id())
    lost = await log.ticket(
        ("2026-06-08T11:00:00", created(pack="nowhere", revision="N-1")),
        ("2026-06-08T12:00:00", told),
    )

    suppose = await ada.get("/v1/audit/what-if", reading="info=resume")
    ahead = await ada.get("/v1/audit/forecast")
    pauses = await ada.get("/v1/audit/pauses")

    for answer in (suppose, ahead, pauses):
        assert answer.status_code == 200, answer.text
        assert answer.json()["set_aside"] == [str(lost)]
    assert suppose.json()["tickets"] == 1
