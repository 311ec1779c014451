"""What a request needs of the running process, gathered in one value."""

from dataclasses import dataclass, replace
from typing import cast

from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request as HttpRequest

from docket_runtime.clock import Clock
from docket_runtime.files import Files
from docket_runtime.settings import Settings
from docket_runtime.store.history import HistoryReader
from ticket_api.auth import Principal, Tokens
from ticket_api.command import Commands
from ticket_api.feed import Feed
from ticket_api.judging import Judging
from ticket_api.numbers import Numbers
from ticket_api.roles import not_for, reach
from ticket_api.upkeep import Upkeep
from ticket_api.watched import looks


@dataclass(frozen=True, slots=True)
class Doors:
    """The open connections and the doors to the log."""

    clock: Clock
    tokens: Tokens
    histories: HistoryReader
    commands: Commands
    numbers: Numbers
    engine: AsyncEngine
    feed: Feed
    files: Files
    upkeep: Upkeep
    settings: Settings
    judging: Judging

    def principal(self, http: HttpRequest) -> Principal:
        """Return who is asking, and how far the operation reaches for that role (`roles.csv`).

        Raise Problem 401 without a good token, 403 where the role may not knock here at all.
        """
        known = self.tokens.principal(http.headers.get("authorization"))
        operation = _operation(http)
        looks(http, known, operation)
        allowed = reach(operation, known.role)
        if allowed is None:
            raise not_for(operation, known.role)
        return known if known.reach == allowed else replace(known, reach=allowed)


def _operation(http: HttpRequest) -> str:
    """Return the operation id of the route taken: a verb, or the name of a plain function."""
    verb: str | None = http.path_params.get("verb")
    if verb is not None:
        return verb.replace("-", "_")
    named: str | None = getattr(http.scope.get("route"), "operation_id", None)
    return named or str(http.scope["endpoint"].__name__)


def doors(http: HttpRequest) -> Doors:
    """Return the doors of the application that got the request."""
    return cast(Doors, http.app.state.doors)
