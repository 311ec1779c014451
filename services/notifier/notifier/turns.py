"""Whose turn it is at the mail server: a ticket that met a fault there lets all others go first.

What one letter does to a server and what a server does to all letters can look the same. So a
ticket that has met the fault `TRIES` times steps aside once the server has answered about another
since.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from docket_events.ids import partition_of_ticket

TRIES = 3


@dataclass(frozen=True, slots=True)
class _Trouble:
    """How often a ticket met a fault, after how many answers, and since when it is held up."""

    faults: int
    answers_before: int
    owed_since: datetime | None


class Turns:
    """The tickets that wait for the mail server."""

    def __init__(self) -> None:
        self._answers = 0
        self._troubles: dict[UUID, _Trouble] = {}

    @property
    def waiting_since(self) -> datetime | None:
        """Return since when the oldest notice is owed that the server holds up, None if none is."""
        held = (each.owed_since for each in self._troubles.values())
        return min((since for since in held if since is not None), default=None)

    def in_order(self, ticket_ids: Iterable[UUID]) -> tuple[list[UUID], list[UUID]]:
        """Return the tickets that have met no fault, by their place in the log, and the others.

        Of these the one that met the fewest faults is the first.
        """
        ids = sorted(ticket_ids, key=lambda each: (partition_of_ticket(each), each))
        troubled = [each for each in ids if each in self._troubles]
        troubled.sort(key=lambda each: self._troubles[each].faults)
        return [each for each in ids if each not in self._troubles], troubled

    def answered(self, ticket_id: UUID) -> None:
        """Note that the server answered about a letter of this ticket."""
        self._answers += 1
        self._troubles.pop(ticket_id, None)

    def rests(self, ticket_id: UUID) -> None:
        """Note that nothing of this ticket is held up any more; who stepped aside does so again."""
        trouble = self._troubles.get(ticket_id)
        if trouble is not None and trouble.owed_since is not None:
            del self._troubles[ticket_id]

    def steps_aside(self, ticket_id: UUID, owed_since: datetime) -> bool:
        """Note a fault of the server; return whether it is of this ticket alone."""
        before = self._troubles.get(ticket_id, _Trouble(0, self._answers, owed_since))
        aside = before.faults + 1 >= TRIES and self._answers > before.answers_before
        self._troubles[ticket_id] = _Trouble(
            before.faults + 1, before.answers_before, None if aside else owed_since
        )
        return aside
