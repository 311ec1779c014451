"""What every room of the API needs of the running process: clock, database, settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request as HttpRequest

from docket_runtime.clock import Clock
from docket_runtime.database import reachable
from docket_runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Runtime:
    """The clock, the connections and the settings; `partitions` is how many the log has."""

    clock: Clock
    engine: AsyncEngine
    settings: Settings
    partitions: int


def runtime_of(http: HttpRequest) -> Runtime:
    """Return the runtime of the application that got the request."""
    return cast(Runtime, http.app.state.runtime)


@asynccontextmanager
async def driver_of(engine: AsyncEngine) -> AsyncIterator[asyncpg.Connection]:
    """Lend a connection of the engine as its driver has it; raise Unavailable."""
    with reachable():
        async with engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None, "a connection that is checked out has its driver"
            yield driver
