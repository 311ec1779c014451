"""What the address says, what the form holds and what the page shows are the same point."""

from dataclasses import replace
from html import unescape
from pathlib import Path

import httpx
import pytest
from reading import fields, point, shown, words

import ticket_api.console
from docket_events.combining import MergedInto
from late_evidence import LATE_ANSWER, LATE_INFORMATION, Written, high, write

OVERDUE = "2026-06-09T16:00:01Z"
STATIC = Path(ticket_api.console.__file__).parent / "static"


async def asked(desk: httpx.AsyncClient, path: str, **query: str) -> httpx.Response:
    return await desk.get(path, params=query, follow_redirects=True)


async def test_C_09_the_form_asks_for_the_instant_that_it_shows(database, desk) -> None:
    """A ticket due at 16:00 whose breach was recorded a second later is overdue at 17:00."""
    path = f"/console/tickets/{await write(database.url(), LATE_ANSWER)}"
    sent = {**fields((await desk.get(path)).text), "known_at": "2026-06-09T17:00:00Z"}
    form = {name: sent[name] for name in ("as_of", "known_at")}
    assert form["as_of"] == ""

    by_form = await asked(desk, path, **form)
    by_address = await desk.get(path, params={"known_at": "2026-06-09T17:00:00Z"})

    assert shown(by_form.text) == shown(by_address.text)
    assert shown(by_form.text)["overdue"] == "True"
    assert by_form.url.params == by_address.url.params


@pytest.mark.parametrize(
    ("query", "one"),
    [
        ({}, {}),
        ({"as_of": "", "known_at": ""}, {}),
        ({"as_of": "v4"}, {"as_of": "4"}),
        ({"at": "2026-06-10T13:00:00Z", "as_of": "6"}, {"as_of": "2026-06-10T13:00:00Z"}),
        ({"as_of": "2026-06-10"}, {"as_of": "2026-06-10T00:00:00Z"}),
        ({"known_at": "2026-06-10T15:00+02:00"}, {"known_at": "2026-06-10T13:00:00Z"}),
        ({"known_at": "2026-06-12T09:00:00.5Z"}, {"known_at": "2026-06-12T09:00:00.500000Z"}),
    ],
)
async def test_a_point_has_one_address_and_the_form_holds_it(
    database, desk, query: dict[str, str], one: dict[str, str]
) -> None:
    path = f"/console/tickets/{await write(database.url(), LATE_INFORMATION)}"

    answer = await asked(desk, path, **query)

    assert answer.status_code == 200
    assert dict(answer.url.params) == one
    held, said = fields(answer.text), point(answer.text)
    assert (held["as_of"], held["known_at"]) == (one.get("as_of", ""), one.get("known_at", ""))
    assert (said["as-of"], said["known-at"]) == (held["as_of"], held["known_at"])
    assert httpx.URL(said["path"]).params == answer.url.params


@pytest.mark.parametrize("page", ["", "/seen"])
async def test_sliders_are_set_to_what_the_page_shows(database, desk, page: str) -> None:
    path = f"/console/tickets/{await write(database.url(), LATE_INFORMATION)}{page}"

    said = point((await desk.get(path, params={"as_of": "2026-06-10T13:00:00Z"})).text)

    assert (said["version"], said["last"]) == ("6", "6")
    assert said["instant"] == "2026-06-10T13:00:00Z"
    assert int(said["first"]) <= int(said["at"]) <= int(said["end"])


async def test_a_version_that_was_not_known_then_is_named(database, desk) -> None:
    path = f"/console/tickets/{await write(database.url(), LATE_ANSWER)}"
    query = {"as_of": "6", "known_at": OVERDUE}

    page = (await desk.get(path, params=query)).text

    assert f"Version 6 was not written down by {OVERDUE}" in words(page)
    assert point(page)["version"] == shown(page)["version"] == "4"
    assert 'rel="next"' not in page


async def test_what_was_written_down_is_shown_as_exactly_as_it_can_be_asked_for(
    database, desk
) -> None:
    """An instant taken from the page counts the event beside which it stands."""
    late = replace(LATE_ANSWER.story[3], recorded="2026-06-09T16:00:01.750000")
    story = replace(LATE_ANSWER, story=[*LATE_ANSWER.story[:3], late])
    path = f"/console/tickets/{await write(database.url(), story)}"
    exact = "2026-06-09T16:00:01.750000Z"
    assert exact in (await desk.get(path)).text

    counted = point((await desk.get(path, params={"known_at": exact})).text)
    assert counted["version"] == "4"


@pytest.mark.parametrize("query", [{}, {"known_at": OVERDUE}, {"as_of": "4", "known_at": OVERDUE}])
async def test_the_line_and_the_paper_name_both_axes(database, desk, query: dict[str, str]) -> None:
    path = f"/console/tickets/{await write(database.url(), LATE_ANSWER)}"

    page = (await desk.get(path, params=query)).text

    known = "now" if not query else f"at {OVERDUE}"
    assert f"as known {known}" in words(page)
    paper = page.partition('class="paper">')[2].partition("<")[0]
    assert "Answered for iris, auditor, at 2026-06-15T12:00:00Z" in paper
    assert unescape(paper).rstrip().endswith(point(page)["path"])


async def test_paper_has_all_that_the_answer_rests_on(database, desk) -> None:
    path = f"/console/tickets/{await write(database.url(), LATE_ANSWER)}"

    page = (await desk.get(path)).text
    styles = (STATIC / "console.css").read_text().partition("@media print")[2]

    assert "details:not([open])" not in styles
    assert "details-content" in styles
    assert "counter(pages)" in styles
    assert "title=" not in page.partition("<h2")[2]  # what is said on hover is not on paper
    assert "R-6.7-HIGH:" in words(page)


async def test_what_makes_no_point_is_answered_with_the_form_as_it_was(database, desk) -> None:
    path = f"/console/tickets/{await write(database.url(), LATE_ANSWER)}"
    query = {"as_of": "yesterday", "known_at": "2026-06-10"}

    answer = await desk.get(path, params=query)

    assert answer.status_code == 422
    assert "'yesterday' is no instant: write 2026-06-11T12:00:00Z" in words(answer.text)
    assert fields(answer.text) == query


async def test_R_6_3_a_merged_ticket_has_no_term_and_no_window_on_the_page(database, desk) -> None:
    story = [*high(), Written("2026-06-08T12:00:00", "2026-06-08T12:00:00", MergedInto("T1"))]
    path = f"/console/tickets/{await write(database.url(), replace(LATE_ANSWER, story=story))}"

    page = (await desk.get(path)).text

    assert "merged: no answer is owed any more (R-6.3-a)" in words(page)
    assert "response of turn 1: due – (" in words(page)
    assert "left" not in words(page)
    assert 'class="deadline"' not in page
    assert "objections possible" not in page


async def test_what_is_compared_is_what_was_shown_on_both_axes(database, desk) -> None:
    """C-09: at 17:00 the ticket was overdue as known then, and is not as known now."""
    path = f"/console/tickets/{await write(database.url(), LATE_ANSWER)}/compare"
    noon = "2026-06-09T17:00:00Z"

    answer = await desk.get(path, params={"from": noon, "from_known_at": noon, "to": noon})

    said = words(answer.text)
    assert "/clock/overdue True False version 5, ResponseSent" in said
    assert f"From: open at {noon} , version 4, as known at {noon}" in said
    assert f"To: open at {noon} , version 5, as known now" in said
    assert fields(answer.text)["from_known_at"] == noon
