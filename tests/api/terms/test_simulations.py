"""The terms asked over HTTP: the same answers as the command, and nothing stored."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from docket_simulation.clauses import all_clauses
from docket_simulation.simulator import answer_line
from ticket_api.terms.asking import Simulations
from ticket_api.terms.schemas import MOST_ASKS, MOST_EVENTS, QUESTION

HISTORIES = Path(__file__).parents[2] / "data" / "domain" / "histories.json"


async def test_a_simulation_has_the_answer_of_the_command(ann: Any) -> None:
    for told in json.loads(HISTORIES.read_text())[:5]:
        policy = told["policy"]
        question = {
            "id": told["id"],
            "pack": policy["pack"],
            "policy": policy,
            "events": told["events"],
            "asks": [{"ask": "response_clock", "at": check["at"]} for check in told["checks"]],
        }

        answered = await ann.post("/v1/simulations", question)

        assert answered.status_code == 200
        assert answered.json() == json.loads(answer_line(json.dumps(question).encode()))
        for answer, check in zip(answered.json()["answers"], told["checks"], strict=True):
            assert {name: answer.get(name) for name in check["expect"]} == check["expect"]


async def test_a_simulation_stores_nothing(ann: Any) -> None:
    before = (await ann.get("/v1/tickets")).json()

    assert (await ann.post("/v1/simulations", QUESTION)).status_code == 200

    assert (await ann.get("/v1/tickets")).json() == before


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 422, "malformed"),
        (b"[]", 422, "malformed"),
        (b'{"asks": 3}', 422, "malformed"),
        (b"[" * 3000, 422, "malformed"),
        (json.dumps({**QUESTION, "asks": [{}] * (MOST_ASKS + 1)}).encode(), 422, "malformed"),
        (json.dumps({**QUESTION, "events": [{}] * (MOST_EVENTS + 1)}).encode(), 422, "malformed"),
    ],
)
async def test_a_body_that_is_no_question_is_malformed(
    ann: Any, body: bytes, status: int, code: str
) -> None:
    answered = await ann.post("/v1/simulations", body)

    assert (answered.status_code, answered.json()["code"]) == (status, code)


async def test_an_ask_that_cannot_be_answered_is_no_problem_of_the_request(ann: Any) -> None:
    answered = await ann.post("/v1/simulations", {**QUESTION, "asks": [{"ask": "weather"}]})

    assert answered.status_code == 200
    assert answered.json()["answers"][0]["error"] == "unknown_ask"


def waits(events: int, asks: int) -> dict[str, Any]:
    """Return a question of so many waits and equal asks."""
    began = datetime(2026, 6, 8, 9, tzinfo=UTC)
    told = [*QUESTION["events"]]
    for n in range((events - 2) // 2):
        at = began + timedelta(minutes=10 * n + 10)
        over = at + timedelta(minutes=5)
        party = {"id": f"p{n}", "party": "x"}
        told.append({"at": at.isoformat(), "type": "ThirdPartyWaitStarted", "data": party})
        ended = {"id": f"p{n}"}
        told.append({"at": over.isoformat(), "type": "ThirdPartyResponseReceived", "data": ended})
    ask = {"ask": "response_clock", "at": "2026-06-18T12:00:00Z"}
    return {**QUESTION, "events": told, "asks": [ask] * asks}


async def test_a_simulation_costs_its_events_times_its_asks(ann: Any, settings: Any) -> None:
    most = settings.simulation_cost

    dear = await ann.post("/v1/simulations", waits(most // 100 + 2, 100))

    assert (dear.status_code, dear.json()["code"]) == (422, "too_costly")
    assert f"at most {most}" in dear.json()["detail"]


async def test_an_answer_has_an_end(app: Any, ann: Any, settings: Any) -> None:
    app.state.simulations = narrow = Simulations(settings.model_copy(update={"answer_bytes": 1024}))

    long = await ann.post("/v1/simulations", waits(100, 10))
    narrow.close()

    assert (long.status_code, long.json()["code"]) == (422, "answer_too_large")


async def test_a_simulation_holds_up_nobody_else(app: Any, ann: Any, eve: Any) -> None:
    await ann.post("/v1/simulations", QUESTION)  # so that its process is there
    asked = asyncio.create_task(ann.post("/v1/simulations", waits(800, 25)))
    answered = 0
    while not asked.done():
        assert (await eve.get("/v1/packs")).status_code == 200
        answered += not asked.done()
        await asyncio.sleep(0)  # a client in the same process leaves the loop no turn of its own

    assert (await asked).status_code == 200
    assert answered > 5


async def test_a_principal_has_one_simulation_at_a_time(ann: Any, eve: Any) -> None:
    questions = [who.post("/v1/simulations", QUESTION) for who in (ann, ann, eve)]

    answers = await asyncio.gather(*questions)

    assert sorted(answer.status_code for answer in answers) == [200, 200, 429]


async def test_only_json_is_taken(ann: Any) -> None:
    answered = await ann.post("/v1/simulations", QUESTION, {"Content-Type": "text/plain"})

    assert answered.status_code == 415


async def test_the_packs_and_their_editions_are_listed(ann: Any) -> None:
    listed = (await ann.get("/v1/packs")).json()["items"]

    assert {(pack["letter"], pack["pack"]) for pack in listed} == {
        ("R", "regulations"),
        ("I", "infrastructure"),
        ("H", "h-sphere"),
        ("M", "ispmanager"),
    }
    for pack in listed:
        for edition in pack["revisions"]:
            path = f"/v1/packs/{pack['pack']}/{edition['revision']}"
            told = (await ann.get(path)).json()
            assert told["revision"] == edition["revision"]
            assert told["title"] == pack["title"]
            assert (
                told == (await ann.get(f"/v1/packs/{pack['letter']}/{edition['revision']}")).json()
            )


async def test_an_edition_says_every_number_with_its_clause(ann: Any) -> None:
    told = (await ann.get("/v1/packs/regulations/R-2025-03-27")).json()

    assert told["targets"]["High"]["hours"] == 16
    assert told["targets"]["High"]["clause"] == "R-6.7-HIGH"
    assert told["about"]["amendment"]["days"] == 10


async def test_every_clause_can_be_asked(ann: Any) -> None:
    for clause in list(all_clauses().values())[::60]:
        told = (await ann.get(f"/v1/clauses/{clause.id}")).json()
        assert (told["id"], told["says"]) == (clause.id, clause.says)


@pytest.mark.parametrize(
    "path", ["/v1/packs/regulations/R-1999", "/v1/packs/z/R-2025-03-27", "/v1/clauses/R-99"]
)
async def test_what_does_not_exist_is_not_found(ann: Any, path: str) -> None:
    answered = await ann.get(path)

    assert answered.status_code == 404
    assert answered.json()["code"] == "not_found"


@pytest.mark.parametrize("path", ["/v1/packs", "/v1/packs/R/R-2025-03-27", "/v1/clauses/R-1.1"])
async def test_the_terms_are_told_to_those_with_a_token(http: httpx.AsyncClient, path: str) -> None:
    assert (await http.get(path)).status_code == 401
    assert (await http.post("/v1/simulations", json=QUESTION)).status_code == 401


async def test_every_clause_or_reading_that_a_refusal_can_name_is_told(ann: Any) -> None:
    recorded = files("ticket_api.openapi").joinpath("refusals.json").read_text(encoding="utf-8")
    named = {
        clause
        for statuses in json.loads(recorded).values()
        for codes in statuses.values()
        for clauses in codes.values()
        for clause in clauses
    }
    assert {"C-08", "C-40", "R-6.9-b"} <= named

    for clause in sorted(named):
        answered = await ann.get(f"/v1/clauses/{quote(clause)}")
        assert answered.status_code == 200, clause
        assert answered.json()["id"] == clause


async def test_C_09_a_reading_says_the_question_the_answer_and_where_it_is_data(ann: Any) -> None:
    told = (await ann.get("/v1/clauses/C-09")).json()

    assert (told["id"], told["kind"]) == ("C-09", "reading")
    assert told["says"]
    assert told["chosen"]
    assert "R-6.5" in told["clauses"]
    assert told["values"]["priority"]["R-2025-03-27"] == "anchored"
    assert (await ann.get("/v1/clauses/C-72")).status_code == 404
