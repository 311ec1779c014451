"""The console a week after the late evidence came, with somebody signed in."""

from typing import Any

import httpx
import pytest

from docket_runtime.settings import Settings
from late_evidence import NOW
from stopped_clock import stopped_at


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Ask a week later, when all the evidence has come."""
    still = stopped_at(f"{NOW}Z")
    return settings.model_copy(update={"clock": still})


@pytest.fixture
def desk(http: httpx.AsyncClient, signer: Any) -> httpx.AsyncClient:
    http.cookies.set("docket_console", signer.token("auditor", "iris"))
    return http
