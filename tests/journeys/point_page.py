"""The page of a ticket at a point of the past, as a browser has it, and how it is asked."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from playwright.sync_api import Page, expect

SEEN = """() => {
  const cells = [...document.querySelectorAll("[data-clock], [data-field=waiting_for]")];
  const value = (id) => document.getElementById(id).value;
  return {
    cells: Object.fromEntries(cells.map((c) => [c.dataset.clock ?? c.dataset.field, c.innerText])),
    said: document.getElementById("said").innerText.split("; ")[0],
    at: document.getElementById("said").dataset.instant,
    form: {as_of: value("as_of"), known_at: value("known_at")},
    sliders: {version: value("version"), instant: Math.round(Number(value("instant")))},
    address: location.pathname + decodeURIComponent(location.search),
    paper: document.querySelector(".paper").textContent.trim(),
  };
}"""
SLIDE = """([slider, value]) => {
  const one = document.getElementById(slider);
  one.value = value;
  one.dispatchEvent(new Event("input"));
}"""


def shows(page: Page, as_of: str, known_at: str) -> dict[str, Any]:
    """Return what the page says, once it says that it is of this point."""
    expect(page.locator("#said")).to_have_attribute("data-as-of", as_of)
    expect(page.locator("#said")).to_have_attribute("data-known-at", known_at)
    seen: dict[str, Any] = page.evaluate(SEEN)
    return seen


def ask_by_form(page: Page, as_of: str, known_at: str) -> None:
    page.fill("#as_of", as_of)
    page.fill("#known_at", known_at)
    page.click("#show")


def happens(written: Coroutine[Any, Any, Any]) -> None:
    """Write into the log meanwhile, in a thread, for the browser's loop has this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, written).result()
