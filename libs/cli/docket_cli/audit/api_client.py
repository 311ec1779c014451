"""A client of ticket-api for commands; its errors are exit codes.

0 answered; 1 something here is not right; 2 the question makes no sense; 3 ticket-api cannot be
reached or cannot answer now; 4 the token does not allow it; 5 there is no such ticket or field, or
there was none at that point.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import httpx

from docket_cli import config, output
from docket_cli.errors import CliError

PATIENCE_S = 60.0
PAGE = 200

_CODES = {401: 4, 403: 4, 404: 5, 503: 3}


class NotAnswered(CliError):
    """ticket-api refused or did not answer; the exit code says which."""

    def __init__(self, exit_code: int, said: str) -> None:
        super().__init__(said)
        self.exit_code = exit_code


class Api:
    """The API as seen with one person's token."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def get(self, path: str, **query: Any) -> Any:
        """Return the JSON answer to a GET without parameters that are None; raise NotAnswered."""
        return self._answer(path, "application/json", query).json()

    def patch(self, path: str, **query: Any) -> Any:
        """Return the answer as JSON Patch; raise NotAnswered."""
        return self._answer(path, "application/json-patch+json", query).json()

    def ticket(self, named: str) -> str:
        """Return the path of a ticket named by its id or its number; raise NotAnswered."""
        try:
            return f"/v1/tickets/{UUID(named)}"
        except ValueError:
            found = self.get("/v1/tickets", number=named)["items"]
        if not found:
            raise NotAnswered(5, f"there is no ticket {named!r} that this token may see")
        if len(found) > 1:
            ids = ", ".join(each["id"] for each in found)
            raise NotAnswered(
                2, f"several tickets have the number {named}: name one by its id, {ids}"
            )
        return f"/v1/tickets/{found[0]['id']}"

    def history(self, ticket: str) -> list[dict[str, Any]]:
        """Return all events of a ticket that the caller may see; raise NotAnswered."""
        events: list[dict[str, Any]] = []
        after: int | None = 0
        while after is not None:
            page = self.get(f"{ticket}/events", after=after, limit=PAGE)
            events += page["items"]
            after = page["next_after"]
        return events

    def _answer(self, path: str, accept: str, query: dict[str, Any]) -> httpx.Response:
        asked = {name: value for name, value in query.items() if value is not None}
        try:
            answer = self._http.get(path, params=asked, headers={"Accept": accept})
        except httpx.TransportError as fault:
            where = self._http.base_url
            raise NotAnswered(3, f"{where} does not answer ({type(fault).__name__})") from fault
        if answer.is_success:
            return answer
        raise NotAnswered(_CODES.get(answer.status_code, 2), _problem(answer))


@contextmanager
def api() -> Iterator[Api]:
    """Give ticket-api for a block, and turn errors into their message and exit code."""
    with output.errors():
        access = config.api_access()
        headers = {"Authorization": f"Bearer {access.token}"}
        with httpx.Client(base_url=access.url, headers=headers, timeout=PATIENCE_S) as http:
            yield Api(http)


def _problem(answer: httpx.Response) -> str:
    """Return a problem document in one line; for any other error body only the status."""
    try:
        said = answer.json()
        mistakes = "; ".join(each["detail"] for each in said.get("errors", ()))
        detail = f"{said['detail']}: {mistakes}" if mistakes else said["detail"]
        return f"{detail} ({said['code']}, {answer.status_code})"
    except (ValueError, KeyError, TypeError):
        return f"{answer.request.url.path} was answered with {answer.status_code}"
