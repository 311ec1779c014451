"""A ticket whose evidence came late, asked a week later."""

import pytest

from docket_runtime.settings import Settings
from late_evidence import LATE_ANSWER, LATE_INFORMATION, NOW, write
from stopped_clock import stopped_at


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Ask a week later, when all the evidence has come."""
    return settings.model_copy(update={"clock": stopped_at(f"{NOW}Z")})


@pytest.fixture
async def late_answer(database) -> str:
    return f"/v1/tickets/{await write(database.url(), LATE_ANSWER)}"


@pytest.fixture
async def late_information(database) -> str:
    return f"/v1/tickets/{await write(database.url(), LATE_INFORMATION)}"
