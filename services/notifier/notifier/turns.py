"""Whose turn it is at the mail server: a ticket that met a fault there lets all others go first.

What one letter does to a server and what a server does to all letters can look the same. So a
ticket that has met the fault `TRIES` times steps aside once the server has answered about another
since.
"""

from collections.abc import Iterable
from uuid import UUID

from docket_events.ids import partition_of_ticket

TRIES = 3


class Turns:
    """The tickets that wait for the mail server, and how often each has met a fault of it."""

    def __init__(self) -> None:
        self._answers = 0
        self._met: dict[UUID, tuple[int, int]] = {}

    def in_order(self, ticket_ids: Iterable[UUID]) -> tuple[list[UUID], list[UUID]]:
        """Return the tickets that have met no fault, by their place in the log, and the others.

        Of these the one that met the fewest faults is the first.
        """
        ids = sorted(ticket_ids, key=lambda each: (partition_of_ticket(each), each))
        troubled = sorted((each for each in ids if each in self._met), key=self._met.__getitem__)
        return [each for each in ids if each not in self._met], troubled

    def answered(self, ticket_id: UUID) -> None:
        """Note that the server answered about a letter of this ticket."""
        self._answers += 1
        self._met.pop(ticket_id, None)

    def steps_aside(self, ticket_id: UUID) -> bool:
        """Note a fault of the server; return whether it is of this ticket alone."""
        faults, answers_before = self._met.get(ticket_id, (0, self._answers))
        self._met[ticket_id] = faults + 1, answers_before
        return faults + 1 >= TRIES and self._answers > answers_before
