"""A desk at which a test attends to tickets, with a real mail server behind it."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta

import pytest
from postbox import Postbox, open_postbox

from chronicle import frozen
from docket_runtime.clock import Clock, parse_warp
from docket_runtime.database import Database
from docket_runtime.mail import Mailer
from notifier.desk import Desk
from notifier.letters import Letters

LETTERS = Letters("support@docket.localhost", "docket.localhost", "agents@docket.localhost")


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with open_postbox() as box:
        yield box


@pytest.fixture
async def desk_at(database, postbox) -> AsyncIterator[Callable[[str], Desk]]:
    """Give a desk whose present is frozen at an instant."""
    made: list[Desk] = []

    def desk_at(now: str) -> Desk:
        reached = Database(database.url("docket_notifier"), "notifier", frozen(now), may_lose=True)
        clock = Clock(parse_warp(frozen(now)))
        made.append(Desk(reached, clock, Mailer(postbox.url), LETTERS, timedelta(minutes=30)))
        return made[-1]

    yield desk_at
    for desk in made:
        await desk.close()
