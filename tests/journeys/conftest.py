from collections.abc import Iterator
from pathlib import Path

import pytest
from house import House, open_house


@pytest.fixture
def house(database, broker, tmp_path: Path) -> Iterator[House]:
    """The whole house on shared private servers."""
    yield from open_house(database, broker, tmp_path)


@pytest.fixture
def own_house(own_database, own_broker, tmp_path: Path) -> Iterator[House]:
    """The whole house on servers of its own, which may be killed."""
    yield from open_house(own_database, own_broker, tmp_path)
