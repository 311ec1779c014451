"""Requests are counted: of a principal, of an account, of an address without a token (C1, S-11)."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from ticket_api.auth.admission import ALONE, COSTLY, LASTING
from ticket_api.auth.roles import table
from ticket_api.http.windows import Windows

POLICY = re.compile(r'"[a-z]+";q=\d+;w=\d+')
LEFT = re.compile(r'"[a-z]+";r=\d+;t=\d+')


def rates(**named: str) -> Any:
    """Let a test set rates of its own, as `5 per 60 seconds`."""
    return pytest.mark.parametrize("own_rates", [named], ids=[",".join(named)])


@pytest.fixture
def settings(settings: Any, own_rates: dict[str, str]) -> Any:
    return settings.model_copy(update=own_rates)


async def many(caller: Any, path: str, times: int) -> list[httpx.Response]:
    return [await caller.get(path) for _ in range(times)]


def statuses(answers: list[httpx.Response]) -> list[int]:
    return [answer.status_code for answer in answers]


@rates(rate="5 per 60 seconds")
async def test_a_principal_makes_so_many_requests_and_no_other_is_hindered(ann, eve):
    answers = await many(ann, "/v1/packs", 7)

    assert statuses(answers) == [200] * 5 + [429] * 2
    assert (await eve.get("/v1/packs")).status_code == 200
    last = answers[-1]
    assert last.json()["code"] == "too_many_requests"
    assert 1 <= int(last.headers["Retry-After"]) <= 60


@rates(rate="5 per 60 seconds")
async def test_every_answer_says_what_is_left(ann):
    answers = await many(ann, "/v1/packs", 6)

    for answer in answers:
        assert all(POLICY.fullmatch(each) for each in answer.headers.get_list("RateLimit-Policy"))
        assert all(LEFT.fullmatch(each) for each in answer.headers.get_list("RateLimit"))
    left = [answer.headers.get_list("RateLimit")[0] for answer in answers]
    assert [each.split(";")[1] for each in left] == ["r=4", "r=3", "r=2", "r=1", "r=0", "r=0"]
    assert answers[0].headers.get_list("RateLimit-Policy")[0] == '"principal";q=5;w=60'


@rates(rate="1 per 1 seconds")
async def test_a_rate_is_one_of_a_time_and_comes_back(ann):
    answers = await many(ann, "/v1/packs", 3)
    assert 429 in statuses(answers)

    while (await ann.get("/v1/packs")).status_code == 429:
        pass


@rates(rate="2 per 60 seconds", rate_service="4 per 60 seconds")
async def test_a_service_has_a_rate_of_its_own(shop):
    assert statuses(await many(shop, "/v1/packs", 5)) == [200] * 4 + [429]


@rates(rate_account="4 per 60 seconds")
async def test_the_people_of_an_account_share_a_rate(as_):
    ann, bob, eve = (as_("customer", *who) for who in (("ann", "a"), ("bob", "a"), ("eve", "b")))

    answers = [*await many(ann, "/v1/packs", 3), *await many(bob, "/v1/packs", 3)]

    assert statuses(answers) == [200] * 4 + [429] * 2
    assert (await eve.get("/v1/packs")).status_code == 200


@rates(rate_costly="3 per 60 seconds")
async def test_what_is_costly_has_a_smaller_rate(ann, max_):
    ticket = await ann.create()
    path = f"/v1/tickets/{ticket['id']}"

    answers = await many(ann, f"{path}/replay?as_of=1", 4)

    assert statuses(answers) == [200] * 3 + [429]
    assert (await ann.get(path)).status_code == 200
    assert (await max_.get(f"{path}/replay?as_of=1")).status_code == 200


@rates(rate_anonymous="4 per 60 seconds")
async def test_an_address_without_a_good_token_is_counted_wherever_it_asks(http, ann, as_):
    paths = ("/v1/tickets", "/openapi.json", "/surely-not-there", "/console")
    asked = [(await http.get(path)).status_code for path in paths]
    assert asked == [401, 200, 404, 401]

    for path in (*paths, "/schemas/TicketCreated/1"):
        assert (await http.get(path)).status_code == 429, path
    wrong = {"Authorization": "Bearer surely.not.good"}
    assert (await http.get("/v1/tickets", headers=wrong)).status_code == 429
    assert (await http.post("/console/sign-in", content=b"token=x")).status_code == 429
    assert (await http.get("/livez")).status_code == 200
    assert (await ann.get("/v1/packs")).status_code == 200


@rates(rate="1 per 60 seconds")
async def test_of_those_who_ask_too_often_one_line_is_written(ann):
    with capture_logs() as lines:
        await many(ann, "/v1/packs", 20)

    asked = [line for line in lines if line["event"] == "request"]
    assert [line["status"] for line in asked] == [200, 429]
    assert asked[1]["code"] == "too_many_requests"


@rates()
def test_every_operation_with_a_price_is_there(own_rates):
    named = {name for name in ALONE | COSTLY | LASTING if not name.startswith("console_")}

    assert named <= table().keys()


@rates()
def test_windows_that_have_ended_are_forgotten(own_rates, monkeypatch):
    now = datetime(2026, 6, 8, tzinfo=UTC)
    monkeypatch.setattr("ticket_api.http.windows.wall_clock", lambda: now)
    windows = Windows()

    assert [windows.incr("a", 10), windows.incr("a", 10), windows.incr("b", 30)] == [1, 2, 1]
    now += timedelta(seconds=11)
    assert (windows.get("a"), windows.get("b")) == (0, 1)
    assert windows.incr("c", 10) == 1

    assert windows.reset() == 2
    assert windows.get("b") == 0
