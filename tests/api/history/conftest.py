"""A ticket whose evidence came late, asked a week later."""

import pytest

from docket_runtime.clock import wall_clock
from docket_runtime.settings import Settings
from late_evidence import LATE_ANSWER, LATE_INFORMATION, NOW, write


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Ask a week later, when all the evidence has come."""
    still = f"warp:{NOW}Z@{wall_clock().isoformat()}x0.000001"
    return settings.model_copy(update={"clock": still})


@pytest.fixture
def auditor(as_):
    return as_("auditor", "iris")


@pytest.fixture
async def late_answer(database) -> str:
    return f"/v1/tickets/{await write(database.url(), LATE_ANSWER)}"


@pytest.fixture
async def late_information(database) -> str:
    return f"/v1/tickets/{await write(database.url(), LATE_INFORMATION)}"
