import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import House, open_house
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture
def house(database, broker, tmp_path: Path) -> Iterator[House]:
    """The whole house on shared private servers."""
    yield from open_house(database, broker, tmp_path)


@pytest.fixture
def own_house(own_database, own_broker, tmp_path: Path) -> Iterator[House]:
    """The whole house on servers of its own, which may be killed."""
    yield from open_house(own_database, own_broker, tmp_path)


@pytest.fixture
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: install the package chromium of Debian or Ubuntu")
    with sync_playwright() as playwright:
        # the container of a test may have no user namespaces
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
