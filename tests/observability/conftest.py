import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alerting import Promtool

from chronicle import Chronicle
from docket_runtime import metrics
from postbox import Postbox, open_postbox

GAUGES = (metrics.LOG_FAULTS, metrics.CHECK_OK, metrics.DEAD_LETTERS, metrics.HEARTBEAT_AGE)


@pytest.fixture
def promtool(tmp_path: Path) -> Promtool:
    path = shutil.which("promtool")
    if path is None:
        pytest.skip("no promtool here: it is in the package prometheus of Debian or Ubuntu")
    return Promtool(path, tmp_path)


@pytest.fixture
def chronicle(database) -> Chronicle:
    return Chronicle(database.url(), "2026-06-12T10:00:00")


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with open_postbox() as box:
        yield box


@pytest.fixture(autouse=True)
def nothing_of_earlier_tests_is_served() -> None:
    """The figures are those of a process, and this one is every test's."""
    for figure in GAUGES:
        figure.clear()
    metrics.FAULTY_CHAINS.set(0)
    metrics.NOTICE_OWED.set(0)
