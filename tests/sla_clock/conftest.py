import pytest
from instance import Instance

from chronicle import Chronicle


@pytest.fixture
def chronicle(database) -> Chronicle:
    return Chronicle(database.url(), "2026-06-08T09:00:00")


@pytest.fixture
async def at(database):
    """Give the two loops of an instance whose present is frozen at an instant."""
    made = []

    def at(now: str) -> "Instance":
        made.append(Instance(database.url("docket_sla_clock"), now))
        return made[-1]

    yield at
    for instance in made:
        await instance.close()
