"""What a request needs of the running process, gathered in one value."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request as HttpRequest

from docket_runtime.clock import Clock
from docket_runtime.store.history import Histories
from ticket_api.auth import Principal, Tokens
from ticket_api.command import Commands
from ticket_api.feed import Feed
from ticket_api.numbers import Numbers


@dataclass(frozen=True, slots=True)
class Doors:
    """The open connections and the doors to the log."""

    clock: Clock
    tokens: Tokens
    histories: Histories
    commands: Commands
    numbers: Numbers
    engine: AsyncEngine
    feed: Feed

    def principal(self, http: HttpRequest) -> Principal:
        """Return who is asking; raise Problem 401."""
        return self.tokens.principal(http.headers.get("authorization"))


def doors(http: HttpRequest) -> Doors:
    """Return the doors of the application that got the request."""
    return cast(Doors, http.app.state.doors)
