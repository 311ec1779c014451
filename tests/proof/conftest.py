"""A log to verify: a database of the test's own, a key, and the loops that sign and verify."""

from pathlib import Path
from typing import Any

import pytest
from three_tickets import three_tickets

from chronicle import Chronicle
from docket_proof.checkpoint import signer
from docket_proof.note import Signer

NOON = "2026-06-08T12:00:00"


@pytest.fixture
def key() -> Signer:
    return signer(bytes(range(32)))


@pytest.fixture
def chronicle(database: Any) -> Chronicle:
    return Chronicle(database.url(), NOON)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "elsewhere" / "checkpoints.jsonl"


@pytest.fixture
async def tickets(database: Any, chronicle: Chronicle) -> list[Any]:
    return await three_tickets(database, chronicle)
