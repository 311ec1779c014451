"""What other terms would have made of the log, and what comes due, over HTTP."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from chronicle import Chronicle, utc
from docket_devstack.workspace import PROJECT
from docket_events.notice import RegistrationNoticeSent
from docket_events.ticket import TicketCreated
from docket_import.cases import cases_of, survey
from docket_import.loading import load
from docket_import.mapping import history_of
from docket_import.rules import ImportRules
from docket_runtime.database import Database
from docket_runtime.new_ids import new_id
from docket_simulation.what_if.supposition import Supposition
from docket_simulation.what_if.tally import Tally, judge
from ticket_api.analysis.pool import AnalysisPool
from ticket_api.analysis.schemas import ForecastAnswer, WhatIfAnswer

SAMPLE = PROJECT / "data/uci-incidents/events.sample.jsonl"
WHAT_IF, FORECAST = "/v1/audit/what-if", "/v1/audit/forecast"
NOON = datetime(2026, 6, 8, 12, tzinfo=UTC)
"""Where the clock of these tests stands."""


@pytest.fixture
async def sample(database: Any) -> None:
    connection = await Database(database.url("docket_ticket_api"), "test", may_lose=True).connect()
    await load(connection, survey(SAMPLE), ImportRules("uci-498"))
    await connection.close()


@pytest.fixture
def ada(as_: Any) -> Any:
    return as_("auditor", "ada")


def by_hand(supposed: Supposition) -> Tally:
    tally = Tally(most=0)
    for case in cases_of(survey(SAMPLE)):
        history = history_of(case, ImportRules("uci-498"))
        created = history[0].event
        assert isinstance(created, TicketCreated)
        tally.add(judge(created.number, created, history, supposed, NOON))
    return tally


@pytest.mark.usefixtures("sample")
async def test_C_02_the_log_is_judged_under_the_other_reading(ada: Any) -> None:
    expected = by_hand(Supposition(readings={"info": "resume"}))

    answer = await ada.get(WHAT_IF, reading="info=resume", limit=2)

    assert answer.status_code == 200, answer.text
    told = WhatIfAnswer.model_validate_json(answer.content)
    assert told.breaches == expected.breaches
    assert told.supposed_breaches == expected.supposed_breaches
    assert told.appeared == expected.appeared
    assert told.vanished == expected.vanished
    assert len(told.vanishing) == min(2, sum(expected.vanished.values()))


@pytest.mark.usefixtures("sample")
async def test_a_period_and_another_packs_targets(ada: Any) -> None:
    targets = {"targets": "I-2025-09-08", "level": "Privilege"}
    first = "2016-03-02T00:00:00Z"

    before = (await ada.get(WHAT_IF, **targets, created_to=first)).json()
    after = (await ada.get(WHAT_IF, **targets, created_from=first)).json()
    whole = (await ada.get(WHAT_IF, **targets)).json()

    assert min(before["tickets"], after["tickets"]) > 0
    assert before["tickets"] + after["tickets"] == whole["tickets"] == 300
    assert before["supposed_breaches"] + after["supposed_breaches"] == whole["supposed_breaches"]
    assert whole["sum"].startswith(f"{whole['breaches']} breaches in 300 tickets")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "nothing_supposed"),
        ({"reading": "speed=fast"}, "unknown_reading"),
        ({"reading": "info"}, "unknown_reading"),
        ({"calendar": "NEVER"}, "unknown_calendar"),
        ({"revision": "Q"}, "unknown_pack"),
        ({"reading": "info=resume", "created_from": "2016-03-02"}, "malformed"),
    ],
)
async def test_a_supposition_that_makes_no_sense_is_malformed(
    ada: Any, asked: dict[str, str], code: str
) -> None:
    answer = await ada.get(WHAT_IF, **asked)

    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.usefixtures("sample")
async def test_what_does_not_fit_a_ticket_is_told(ada: Any) -> None:
    answer = await ada.get(WHAT_IF, targets="I-2025-09-08", level="Golden")

    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_offer")


async def test_one_long_question_of_a_principal_at_a_time(ada: Any) -> None:
    answers = await asyncio.gather(*(ada.get(FORECAST) for _ in range(3)))

    assert sorted(answer.status_code for answer in answers) == [200, 429, 429]
    for answer in answers:
        if answer.status_code == 429:
            assert answer.json()["code"] == "one_at_a_time"
            assert answer.headers["Retry-After"]
    assert (await ada.get(FORECAST)).status_code == 200


async def test_the_long_questions_of_several_people_take_turns(as_: Any) -> None:
    several = [as_("auditor", name) for name in ("ada", "ben", "cas")]

    answers = await asyncio.gather(*(each.get(FORECAST) for each in several))

    assert [answer.status_code for answer in answers] == [200, 200, 200]


async def test_a_long_question_has_an_end_and_leaves_the_next_one_a_process(
    as_: Any, app: Any
) -> None:
    app.state.pool = slow = AnalysisPool(app.state.pool._database, patience_s=0.0)
    cut = await as_("auditor", "ada").get(FORECAST)
    slow._worker._patience_s = 100
    again = await as_("auditor", "ada").get(FORECAST)
    slow.close()

    assert (cut.status_code, cut.json()["code"]) == (503, "busy")
    assert again.status_code == 200


async def test_R_6_7_an_open_ticket_is_due_in_its_hour(
    ann: Any, max_: Any, ada: Any, database: Any
) -> None:
    ticket = await ann.create()
    log = Chronicle(database.url(), "2026-06-08T12:00:00")
    told = RegistrationNoticeSent(utc("2026-06-08T12:00:00"), new_id())
    await log.then(UUID(ticket["id"]), ("2026-06-08T12:00:00", told))
    await max_.tell(ticket, "prioritize", priority="High", reason="it is")

    seen = ForecastAnswer.model_validate_json((await ada.get(FORECAST, days=7)).content)

    (due,) = seen.ahead
    assert (due.ticket, due.priority, due.clause) == (ticket["number"], "High", "R-6.7-HIGH")
    assert due.due_at == utc("2026-06-10T10:00:00")
    (hour,) = seen.hours
    assert (hour.from_, hour.team) == (utc("2026-06-10T10:00:00"), "desk")
    assert hour.tickets == [ticket["number"]]
    assert (await ada.get(FORECAST, days=1)).json()["ahead"] == []


async def test_nobody_else_asks_over_the_whole_log(ann: Any) -> None:
    for path in (WHAT_IF, FORECAST):
        assert (await ann.get(path)).status_code == 403
