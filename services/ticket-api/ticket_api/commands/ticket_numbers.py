"""Ticket numbers for people: DKT-1, DKT-2, ... taken from the database in blocks.

A number names a ticket and promises nothing else; a process that ends leaves the rest of its block
unused.
"""

from collections.abc import Awaitable, Callable
from typing import cast

from starlette.requests import Request as HttpRequest

BLOCK = 100  # the increment of the sequence docket.ticket_numbers


class TicketNumbers:
    """Hands out the numbers of a block, and fetches the next block when it is used up."""

    def __init__(self, next_block: Callable[[], Awaitable[int]]) -> None:
        self._next_block = next_block
        self._left: list[int] = []

    async def next(self) -> str:
        """Return a number that no other ticket has; raise Unavailable."""
        while not self._left:
            first = await self._next_block()
            self._left.extend(range(first + BLOCK - 1, first - 1, -1))
        return f"DKT-{self._left.pop()}"


def numbers_of(http: HttpRequest) -> TicketNumbers:
    """Return the numbers of the application that got the request."""
    return cast(TicketNumbers, http.app.state.numbers)
