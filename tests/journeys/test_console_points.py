"""Points of the past in a real browser: form, sliders, address, paper and API say the same."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from browsing import as_shown
from house import Caller
from joserfc import jwt
from joserfc.jwk import OKPKey
from playwright.sync_api import Browser, Page, expect
from point_page import SLIDE, ask_by_form, happens, shows

from chronicle import Chronicle
from docket_runtime.clock import wall_clock
from docket_runtime.settings import Settings
from late_evidence import NOW, TICKETS, LateEvidence, write_all
from served import served
from stopped_clock import stopped_at
from unlimited import UNLIMITED

OVERDUE = "2026-06-09T16:00:01Z"
MORE: dict[str, list[tuple[str, str]]] = {
    "late_notice": [("", ""), ("2", ""), ("", "2026-06-08T12:00:00Z")],
    "late_information": [("5", ""), ("6", "2026-06-11T12:00:00Z")],
    "late_answer": [("4", ""), ("6", OVERDUE), ("", "2026-06-09T17:00:00Z")],
}
POINTS = [
    (name, as_of, known_at)
    for name, told in TICKETS.items()
    for as_of, known_at in [*told.answers, *MORE[name]]
]


@pytest.fixture
def tickets(database: Any) -> dict[str, str]:
    written = asyncio.run(write_all(database.url(), dict(TICKETS)))
    return {name: str(ticket_id) for name, ticket_id in written.items()}


@pytest.fixture
def ada(database: Any, tickets: dict[str, str], tmp_path: Path) -> Iterator[Caller]:
    """An auditor of a running ticket-api, a week after the late evidence."""
    key = OKPKey.generate_key("Ed25519")
    keys, now = tmp_path / "keys.json", int(wall_clock().timestamp())
    keys.write_bytes(msgspec.json.encode({"keys": [key.as_dict(private=False)]}))
    claims = {"iss": "docket-dev", "aud": "docket", "sub": "ada", "role": "auditor"}
    header = {"alg": "Ed25519", "typ": "at+jwt"}
    token = jwt.encode(header, {**claims, "exp": now + 3600}, key, algorithms=["Ed25519"])
    settings = Settings(
        database_url=database.url("docket_ticket_api"),
        env="test",
        clock=stopped_at(f"{NOW}Z"),
        jwt_keys=str(keys),
        files_url=tmp_path.as_uri(),
        **UNLIMITED,
    )
    with served(settings) as url:
        yield Caller(url, token)


@pytest.fixture
def page(ada: Caller, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(base_url=ada.url)
    context.add_cookies(
        [{"name": "docket_console", "value": ada.token, "url": f"{ada.url}/console"}]
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def seconds(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp())


def test_form_sliders_address_paper_and_api_give_one_answer(
    page: Page, ada: Caller, tickets: dict[str, str]
) -> None:
    """R-1.14, R-6.9-b, C-09: twenty points of three tickets with late evidence."""
    assert len(POINTS) == 20
    shown = ""
    for name, as_of, known_at in POINTS:
        path = f"/console/tickets/{tickets[name]}"
        query = {n: v for n, v in (("as_of", as_of), ("known_at", known_at)) if v}
        told = ada.get(f"/v1/tickets/{tickets[name]}/replay", **query)
        clock, right = told["response_clock"], told["ticket"]

        if shown != name:
            page.goto(path)
            shown = name
        ask_by_form(page, as_of, known_at)
        by_form = shows(page, as_of, known_at)

        page.goto(path + "?" + "&".join(f"{n}={v}" for n, v in query.items()) if query else path)
        by_address = shows(page, as_of, known_at)

        if as_of:
            ask_by_form(page, "", known_at)
            shows(page, "", known_at)
            slider = "version" if as_of.isdecimal() else "instant"
            page.evaluate(SLIDE, [slider, as_of if as_of.isdecimal() else seconds(as_of)])
            assert shows(page, as_of, known_at) == by_address, (name, as_of, known_at)

        page.emulate_media(media="print")
        on_paper = shows(page, as_of, known_at)
        page.emulate_media(media="screen")

        assert by_form == by_address == on_paper, (name, as_of, known_at)
        for field, value in by_form["cells"].items():
            if field != "waiting_for":
                assert value == as_shown(clock.get(field)), (name, as_of, known_at, field)
        assert by_form["cells"]["waiting_for"] == right["waiting_for"]
        assert by_form["at"] == told["point"]["at"]
        assert by_form["sliders"] == {
            "version": str(right["version"]),
            "instant": seconds(told["point"]["at"]),
        }
        assert by_form["form"] == {"as_of": as_of, "known_at": known_at}
        assert by_form["paper"].endswith(by_form["address"])


def test_stepping_keeps_what_one_has_opened(
    page: Page, ada: Caller, tickets: dict[str, str]
) -> None:
    page.set_viewport_size({"width": 900, "height": 500})
    page.goto(f"/console/tickets/{tickets['late_information']}")
    rights = page.locator("details[data-key='rights agent']")
    rights.locator("summary").click()
    expect(rights).to_have_attribute("open", "")
    place = page.evaluate("window.scrollY")
    assert place > 0

    page.keyboard.press("ArrowLeft")  # with the focus on what was opened, not on the slider

    shows(page, "5", "")
    expect(rights).to_have_attribute("open", "")
    expect(rights.locator("summary")).to_be_focused()
    assert abs(page.evaluate("window.scrollY") - place) < 100
    page.locator(".steps a[rel=next]").click()
    shows(page, "6", "")


def test_a_mark_takes_over_the_point_that_is_shown(page: Page, tickets: dict[str, str]) -> None:
    page.goto(f"/console/tickets/{tickets['late_answer']}")
    page.evaluate(SLIDE, ["instant", seconds("2026-06-09T17:00:00Z")])
    shows(page, "2026-06-09T17:00:00Z", "")

    page.click("button[data-mark=from]")

    expect(page.locator("#from")).to_have_value("2026-06-09T17:00:00Z")


def test_on_paper_stands_what_the_answer_rests_on_and_no_button(
    page: Page, tickets: dict[str, str]
) -> None:
    page.goto(f"/console/tickets/{tickets['late_information']}?as_of=5&known_at={OVERDUE}")
    page.emulate_media(media="print")

    for shut in ("deadline response 1", "rights agent"):
        within = page.locator(f"details[data-key='{shut}'] > :not(summary)").first
        expect(within).to_be_visible()
    expect(page.locator("table:has-text('Position') td").first).to_be_visible()  # the hashes
    expect(page.locator("#said")).to_contain_text(f"as known at {OVERDUE}")
    expect(page.locator(".paper")).to_contain_text("Answered for ada, auditor")
    for useless in page.locator("button, input, .steps a, nav").all():
        expect(useless).to_be_hidden()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_a_ticket_page_says_that_a_newer_version_is_there(
    page: Page, database: Any, tickets: dict[str, str]
) -> None:
    page.goto(f"/console/tickets/{tickets['late_notice']}")
    story = TICKETS["late_answer"].story[4]

    happens(
        Chronicle(database.url(), NOW).then(
            UUID(tickets["late_notice"]), (NOW, story.event), actor=story.actor
        )
    )

    expect(page.locator("#moved")).to_contain_text("Version 4 is there")
    page.click("#moved a")
    expect(page.locator("#said")).to_have_attribute("data-version", "4")
    expect(page.locator("#version-said")).to_have_text("4 of 4")
    expect(page.locator("#moved")).to_be_empty()


def test_the_queue_takes_over_what_is_new_under_the_focus(page: Page, database: Any) -> None:
    page.goto("/console")
    link = page.locator("#queue tbody a").first
    link.focus()
    href = link.get_attribute("href")

    happens(write_all(database.url(), {"2000": LateEvidence(TICKETS["late_notice"].story, {})}))

    expect(page.locator("#queue tbody tr")).to_have_count(4)
    expect(page.locator("#changed")).to_contain_text("1 changed at")
    expect(page.locator(f"#queue a[href='{href}']")).to_be_focused()


def test_a_queue_that_no_longer_follows_the_log_says_so(page: Page, database: Any) -> None:
    page.clock.install()
    page.goto("/console")
    expect(page.locator("#fresh")).to_contain_text("as of 2026-06-15T12:00:00Z")
    cookies = page.context.cookies()
    page.context.clear_cookies()

    page.clock.fast_forward(61_000)  # no event comes; time alone brings it out

    stale = page.locator("#stale")
    expect(stale).to_contain_text("You are signed out: this page is as of 2026-06-15T12:00:00Z")
    page.context.add_cookies(cookies)
    page.clock.fast_forward(61_000)
    expect(stale).to_be_hidden()
    page.context.set_offline(True)
    page.clock.fast_forward(61_000)
    expect(stale).to_contain_text("The server does not answer")


def test_without_a_script_the_form_asks_for_what_it_holds(
    ada: Caller, browser: Browser, tickets: dict[str, str]
) -> None:
    context = browser.new_context(base_url=ada.url, java_script_enabled=False)
    cookie = {"name": "docket_console", "value": ada.token, "url": f"{ada.url}/console"}
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(f"/console/tickets/{tickets['late_answer']}")
    for slider in ("#version", "#instant"):
        expect(page.locator(slider)).to_be_hidden()

    page.fill("#known_at", "2026-06-09T17:00")
    page.click("#show")

    expect(page.locator("[data-clock=overdue]")).to_have_text("True")
    assert page.url.endswith("?known_at=2026-06-09T17:00:00Z")
    page.click(".steps a[rel=prev]")
    expect(page.locator("#said")).to_have_attribute("data-version", "3")
    context.close()
