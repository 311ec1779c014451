"""What a journey does in the browser: sign in, read the clock, look for faults, take pictures."""

import os
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from house import Caller
from playwright.sync_api import Page

SHOTS = os.environ.get("SCREENSHOTS_OF_DOCKET")


WIDTHS = (360, 820, 1280)


def sign_in(page: Page, who: Caller) -> None:
    home = f"{who.url}/console"
    page.context.add_cookies([{"name": "docket_console", "value": who.token, "url": home}])
    page.goto("/console")


def nothing_serious(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    serious = [
        (violation["id"], [node["html"] for node in violation["nodes"]][:3])
        for violation in found.response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
    assert serious == []


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.set_viewport_size({"width": 1280, "height": 1000})
        page.screenshot(path=Path(SHOTS) / f"{name}.png")


def clock_on(page: Page) -> dict[str, str]:
    return {
        cell.get_attribute("data-clock") or "": cell.inner_text()
        for cell in page.locator("[data-clock]").all()
    }


def as_shown(value: Any) -> str:
    return "–" if value is None else str(value)
