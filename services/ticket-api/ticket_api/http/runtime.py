"""What every room of the API needs of the running process: clock, database, settings."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request as HttpRequest

from docket_runtime.clock import Clock
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
