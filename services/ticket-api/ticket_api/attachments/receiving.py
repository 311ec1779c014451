"""Which files are arriving now: one sender a file, so many a principal, so many in all.

Each instance counts for itself. Two senders of one file at two instances do not mix either: a part
counts only behind what its sender knew.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast
from uuid import UUID

from starlette.requests import Request as HttpRequest

from docket_runtime.settings import Settings
from ticket_api.http.problems import Problem

AGAIN = {"Retry-After": "5"}


class Receiving:
    """The files that arrive, and whose they are."""

    def __init__(self, settings: Settings) -> None:
        self._most = settings.uploads
        self._most_of_one = settings.uploads_per_principal
        self._files = set[UUID]()
        self._by_sender = Counter[str]()

    @contextmanager
    def one(self, attachment_id: UUID, sender: str) -> Iterator[None]:
        """Keep the place of a file while it arrives.

        Raise Problem 409 while it arrives already, 429 where its sender sends too many, 503 where
        too many arrive.
        """
        if attachment_id in self._files:
            raise Problem(409, "upload_in_progress", "the file is being sent", headers=AGAIN)
        if self._by_sender.get(sender, 0) >= self._most_of_one:
            raise Problem(
                429,
                "too_many_uploads",
                f"send at most {self._most_of_one} files at a time",
                headers=AGAIN,
            )
        if len(self._files) >= self._most:
            raise Problem(503, "busy", "too many files are arriving; send again", headers=AGAIN)
        self._files.add(attachment_id)
        self._by_sender[sender] += 1
        try:
            yield
        finally:
            self._files.discard(attachment_id)
            self._by_sender[sender] -= 1
            if not self._by_sender[sender]:
                del self._by_sender[sender]


def receiving_of(http: HttpRequest) -> Receiving:
    """Return the files that arrive at the application that got the request."""
    return cast(Receiving, http.app.state.receiving)
