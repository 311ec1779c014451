"""The auditor's desk in a real browser, over the whole house with the imported sample in it."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest
from browsing import WIDTHS, as_shown, clock_on, nothing_serious, shot, sign_in
from house import Caller, House
from playwright.sync_api import Browser, Page, expect

from docket_devstack.workspace import PROJECT
from docket_import.cases import survey
from docket_import.loading import load
from docket_import.rules import ImportRules
from docket_runtime.database import Database

SAMPLE = PROJECT / "data/uci-incidents/events.sample.jsonl"


@pytest.fixture
def desk(house: House) -> House:
    """A house with the sample in it and one live ticket, which waits for its user."""

    async def fill() -> None:
        connection = await Database(
            house.database.url("docket_ticket_api"), "test", may_lose=True
        ).connect()
        await load(connection, survey(SAMPLE), ImportRules("uci-498"))
        await connection.close()

    asyncio.run(fill())
    house.at("2026-06-08T09:00:00Z")
    ann, max_ = house.caller("customer", "ann", "acme"), house.caller("agent", "max")
    ticket = ann.post(
        "/v1/tickets",
        product="VMmanager 6",
        subject="Nodes do not answer",
        description="<script>alert(1)</script>",
        contact={"email": "ann@acme.example"},
    ).json()["id"]
    ann.sees(ticket, "RegistrationNoticeSent")
    max_.tell(ticket, "prioritize", priority="High", reason="two sites <b>are</b> down")
    house.at("2026-06-08T13:00:00Z")
    max_.tell(ticket, "await-third-party", party="vendor")
    house.at("2026-06-09T12:00:00Z")
    waits = [
        event["data"]["id"]
        for event in max_.get(f"/v1/tickets/{ticket}/events")["items"]
        if event["type"] == "ThirdPartyWaitStarted"
    ]
    max_.tell(ticket, "third-party-responded", wait=waits[0])
    house.at("2026-06-09T15:00:00Z")
    max_.tell(ticket, "request-information", items="The log of node 3.")
    house.live = ticket  # type: ignore[attr-defined]  # what this file's tests are about
    return house


@pytest.fixture
def page(desk: House, browser: Browser) -> Iterator[Page]:
    """A page that tolerates no word on the console and no request to another host."""
    context = browser.new_context(base_url=f"http://127.0.0.1:{desk.ports['ticket-api']}")
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda said: _told(f"{said.type}: {said.text}", trouble))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda asked: _foreign(asked.url, trouble))
    page.set_default_timeout(15_000)
    yield page
    context.close()
    assert trouble == []


def _told(said: str, trouble: list[str]) -> None:
    if "status of 422" not in said:  # what a browser says of a question that makes no sense
        trouble.append(said)


def _foreign(url: str, trouble: list[str]) -> None:
    if not url.startswith("http://127.0.0.1:"):
        trouble.append(f"request to {url}")


def one_signs_in_with_a_good_token_only(desk: House) -> None:
    url = f"http://127.0.0.1:{desk.ports['ticket-api']}/console"
    refused = httpx.post(f"{url}/sign-in", data={"token": "nonsense"})
    assert refused.status_code == 401
    customer = desk.caller("customer", "ann", "acme")
    assert httpx.post(f"{url}/sign-in", data={"token": customer.token}).status_code == 401
    elsewhere = httpx.post(
        f"{url}/sign-in",
        data={"token": desk.caller("auditor", "ada").token, "next": "//evil.example/x"},
    )
    assert (elsewhere.status_code, elsewhere.headers["location"]) == (303, "/console")
    cookie = elsewhere.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert httpx.get(url).status_code == 401


def keys_step_through_the_versions(page: Page, who: Caller, ticket: str) -> None:
    """Go back from the last version to the first by keyboard, held against the API each time."""
    last = int(page.locator("#version").get_attribute("max") or "0")
    page.locator("#version").focus()
    for version in range(last - 1, 0, -1):
        page.keyboard.press("ArrowLeft")
        expect(page.locator("#version-said")).to_have_text(f"{version} of {last}")
        expect(page.locator("[data-field='version']")).to_have_text(str(version))
        told = who.get(f"/v1/tickets/{ticket}/replay", as_of=version)
        clock = told["response_clock"]
        shown = clock_on(page)
        assert shown["clock_state"] == clock["clock_state"]
        assert shown["deadline"] == as_shown(clock["deadline"])
        assert shown["consumed_s"] == as_shown(clock["consumed_s"])


def the_slider_shows_what_the_api_says(page: Page, desk: House) -> None:
    ada = desk.caller("auditor", "ada")
    ticket = desk.live  # type: ignore[attr-defined]  # set by the fixture
    expect(page.locator("h1")).to_have_text("What is due next")
    nothing_serious(page)
    shot(page, "console-queue")
    page.locator(f"a[href='/console/tickets/{ticket}']").click()
    expect(page.locator("figure svg.timeline")).to_be_visible()
    assert page.locator("svg.timeline rect.span").count() >= 3
    nothing_serious(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"the page is {wide} wide on a screen of {width}"
    shot(page, "console-ticket")

    keys_step_through_the_versions(page, ada, ticket)
    assert "as_of=1" in page.url

    page.fill("#as_of", "nonsense")
    page.click("#show")
    expect(page.locator("#trouble")).to_contain_text("write 2026-06-11T12:00:00Z")


def marks_are_compared_as_the_api_compares_them(page: Page, desk: House) -> None:
    ada = desk.caller("auditor", "ada")
    ticket = desk.live  # type: ignore[attr-defined]  # set by the fixture
    page.goto(f"/console/tickets/{ticket}?as_of=3")
    expect(page.locator("[data-field='version']")).to_have_text("3")
    page.locator("button[data-mark='from']").click()
    expect(page.locator("#from")).to_have_value("3")
    page.fill("#to", "5")
    page.click("#compare button")
    expect(page.locator("h1")).to_contain_text("two points compared")
    nothing_serious(page)

    told = ada.get(f"/v1/tickets/{ticket}/diff", **{"from": 3, "to": 5})
    fields = [change["field"] for change in told["changes"]]
    assert page.locator("#changes tbody th").all_inner_texts() == fields
    assert fields


def the_queue_follows_the_log_while_one_looks(page: Page, desk: House) -> None:
    page.goto("/console")
    expect(page.locator("#queue tbody tr")).to_have_count(1)
    ann = desk.caller("customer", "ann", "acme")
    ann.post("/v1/tickets", product="VMmanager 6", subject="Another")

    expect(page.locator("#queue tbody tr")).to_have_count(2)


def an_imported_ticket_is_replayed_and_printed(page: Page, ada: Caller) -> None:
    page.goto("/console?status=final&sort=created_at")
    page.locator("#queue tbody a").first.click()
    expect(page.locator("[data-field='status']")).to_have_text("final")
    assert page.locator("svg.timeline line.event").count() >= 3
    nothing_serious(page)
    keys_step_through_the_versions(page, ada, page.url.partition("?")[0].rpartition("/")[2])

    page.emulate_media(media="print")
    expect(page.locator("#point")).to_be_hidden()
    expect(page.locator("svg.timeline")).to_be_visible()
    page.emulate_media(media="screen")
    assert page.pdf(format="A4").startswith(b"%PDF")


def suppositions_are_judged_and_drawn(page: Page) -> None:
    page.goto("/console/what-if")
    nothing_serious(page)
    page.select_option("select[name='targets']", "I-2025-09-08")
    page.select_option("select[name='level']", "Privilege")
    page.click("#suppose button")
    expect(page.locator("#sum")).to_contain_text("breaches in 302 tickets")
    assert page.locator("figure svg rect title").count() > 4
    nothing_serious(page)
    shot(page, "console-what-if")

    page.goto("/console/forecast?days=5")
    expect(page.locator(".said")).to_contain_text("0 late already")
    nothing_serious(page)
    page.goto("/console/what-if?reading=speed%3Dfast")
    expect(page.locator("[role=alert]")).to_contain_text("no reading 'speed'")


def test_a_day_at_the_desk(page: Page, desk: House) -> None:
    one_signs_in_with_a_good_token_only(desk)
    sign_in(page, desk.caller("auditor", "ada"))
    the_slider_shows_what_the_api_says(page, desk)
    marks_are_compared_as_the_api_compares_them(page, desk)
    the_queue_follows_the_log_while_one_looks(page, desk)
    an_imported_ticket_is_replayed_and_printed(page, desk.caller("auditor", "ada"))
    suppositions_are_judged_and_drawn(page)
