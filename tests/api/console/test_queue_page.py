"""The queue: what is shown of what, in which order, and how one comes to the rest and back."""

from html import unescape

import httpx
import pytest
from reading import fields, words

from ticket_api.console import queue_page


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(queue_page, "SHOWN", 5)
    return 5


def link(page: str, rel: str) -> str | None:
    found = page.partition(f'rel="{rel}" href="')[2].partition('"')[0]
    return unescape(found) or None


def tickets(page: str) -> list[str]:
    return [
        part.partition(">")[2].partition("<")[0] for part in page.split("/console/tickets/")[1:]
    ]


@pytest.mark.usefixtures("twelve", "small_pages")
@pytest.mark.parametrize("sort", ["due_at", "created_at", "-created_at"])
async def test_the_pages_lead_to_the_end_and_back(desk: httpx.AsyncClient, sort: str) -> None:
    there, back = [], []
    address: str | None = f"/console?sort={sort}"
    while address is not None:
        there.append((await desk.get(address)).text)
        last, address = address, link(there[-1], "next")
    address = last
    while address is not None:
        back.append((await desk.get(address)).text)
        address = link(back[-1], "prev")

    assert [tickets(page) for page in there] == [tickets(page) for page in reversed(back)]
    assert [len(tickets(page)) for page in there] == [5, 5, 2]
    for n, (page, cut) in enumerate(zip(there, ("1 to 5", "6 to 10", "11 to 12"), strict=True), 1):
        assert f"Tickets {cut} of 12 (status under way)" in words(page)
        assert f"Page {n} of 3" in words(page)


@pytest.mark.usefixtures("twelve")
async def test_an_empty_list_and_a_whole_one_say_so(desk: httpx.AsyncClient) -> None:
    whole = words((await desk.get("/console")).text)
    empty = words((await desk.get("/console?status=final&priority=Low")).text)

    assert "Tickets 1 to 12 of 12 (status under way), due first, as of 2026-06-15" in whole
    assert "Page" not in whole
    assert "No ticket fits (status final, priority Low), due first" in empty


@pytest.mark.parametrize("query", [{"sort": "colour"}, {"status": "lost"}, {"priority": "Urgent"}])
async def test_what_the_queue_does_not_know_is_refused_and_kept_in_the_form(
    desk: httpx.AsyncClient, query: dict[str, str]
) -> None:
    answer = await desk.get("/console", params=query)

    assert answer.status_code == 422
    assert fields(answer.text).items() >= query.items()


async def test_the_form_of_the_queue_holds_what_the_address_asks(desk: httpx.AsyncClient) -> None:
    page = (await desk.get("/console?number=7")).text

    assert fields(page) == {"number": "7", "status": "any", "sort": "-created_at"}
