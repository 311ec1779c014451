"""Suppositions and forecasts on pages: refused, empty, cut, and each of these is said."""

from typing import Any

import httpx
import pytest
from reading import fields, words

from late_evidence import LATE_ANSWER, write_all

WHAT_IF = "/console/what-if"


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"calendar": "ALWAYS", "since": "2026-06-09", "until": "2026-06-08"}, "not behind"),
        ({"calendar": "ALWAYS", "since": "2026-06-09", "until": "2026-06-09"}, "not behind"),
        ({"calendar": "ALWAYS", "since": "soon"}, "'soon' is no instant: write"),
        ({"calendar": "ALWAYS", "most": "all"}, "1 to 1,000"),
        ({"calendar": "ALWAYS", "level": "Privilege"}, "say of which edition"),
        ({"reading": "speed=fast"}, "no reading 'speed'"),
        ({"since": "2026-06-09"}, "suppose a reading"),
    ],
)
async def test_what_cannot_be_answered_is_refused_and_kept_in_the_form(
    desk: httpx.AsyncClient, query: dict[str, str], says: str
) -> None:
    answer = await desk.get(WHAT_IF, params=query)

    assert answer.status_code == 422
    assert says in words(answer.text)
    held = fields(answer.text)
    assert {name: value for name, value in held.items() if value} == query


async def test_a_period_without_tickets_says_so_and_draws_nothing(desk: httpx.AsyncClient) -> None:
    query = {"calendar": "ALWAYS", "since": "2026-01-01", "until": "2026-02-01T12:00"}

    page = (await desk.get(WHAT_IF, params=query)).text

    assert "counted in ALWAYS, created from 2026-01-01, created before 2026-02-01T12:00:" in words(
        page
    )
    assert "no ticket was created in that time: nothing was judged" in words(page)
    assert "<figure>" not in page


async def test_a_cut_list_of_changes_says_how_much_it_shows(
    database: Any, desk: httpx.AsyncClient
) -> None:
    """C-09: an answer in time by working hours is late by the hours of the day."""
    await write_all(database.url(), {str(n): LATE_ANSWER for n in range(3)})
    query = {"calendar": "ALWAYS", "since": "2026-06-01"}

    cut = words((await desk.get(WHAT_IF, params={**query, "most": "2"})).text)
    whole = words((await desk.get(WHAT_IF, params=query)).text)

    assert "Breaches that appear: 2 of 3, in the order of the log; the rest:" in cut
    assert "Breaches that appear: all 3, in the order of the log" in whole


async def test_a_forecast_without_anything_due_is_a_sentence(desk: httpx.AsyncClient) -> None:
    page = (await desk.get("/console/forecast")).text

    assert "Nothing is due in that time." in words(page)
    assert "<figure>" not in page


@pytest.mark.parametrize("days", ["0", "61", "x", "0060999"])
async def test_days_that_are_none_are_refused_and_kept_in_the_form(
    desk: httpx.AsyncClient, days: str
) -> None:
    answer = await desk.get("/console/forecast", params={"days": days})

    assert answer.status_code == 422
    assert fields(answer.text) == {"days": days}
