"""Bodies about several tickets at once: dividing one, combining others into it (R-6.3, I-3.3)."""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from docket_events.ticket import Priority
from docket_lifecycle import commands
from ticket_api.commands.bodies.ticket_body import TicketBody
from ticket_api.commands.drafts import Drafts
from ticket_api.http.fields import Body, ShortText, SomeText

MOST = 50
"""The most tickets that are made, or combined, at once."""


class PartBody(Body):
    """A part: what is unsaid of it is as in the ticket that is divided."""

    subject: ShortText | None = None
    description: SomeText | None = None
    priority: Priority | None = None

    def made(self, drafts: Drafts, reason: str) -> commands.Part:
        """Return the part with an id and a number of its own, its texts drafted for it."""
        part, number = drafts.part()
        return commands.Part(
            part.ticket_id,
            number,
            self.priority,
            part.text_if_any("subject", self.subject),
            part.text_if_any("description", self.description),
            part.text("reason", reason),
        )


class SplitBody(TicketBody):
    """Divide the ticket; what no part takes stays in it (R-6.3-a, I-3.3).

    Each part is a ticket of its own and takes over the open waits and requests (C-08).
    """

    example: ClassVar[dict[str, Any]] = {
        "reason": "two issues in one ticket",
        "parts": [{"subject": "Backups fail", "priority": "High"}],
    }

    parts: tuple[PartBody, ...] = Field(min_length=1, max_length=MOST)
    reason: ShortText

    @property
    def makes(self) -> int:
        return len(self.parts)

    def command(self, drafts: Drafts) -> commands.OnTicket:
        return commands.Split(
            tuple(part.made(drafts, self.reason) for part in self.parts),
            drafts.text("reason", self.reason),
        )


class MergeBody(TicketBody):
    """Combine other tickets of the same user into this one, all or none of them (R-6.3-a).

    They end as `merged_into`, without notice and objection; their open waits and requests go on
    here. The priority is the most urgent of them unless one is named (C-08, C-23).
    """

    example: ClassVar[dict[str, Any]] = {
        "sources": ["01978a6e-6c00-7000-8def-0123456789ab"],
        "reason": "the same outage",
    }

    sources: tuple[UUID, ...] = Field(min_length=1, max_length=MOST)
    priority: Priority | None = None
    reason: ShortText | None = None

    @property
    def others(self) -> tuple[UUID, ...]:
        return self.sources

    def command(self, drafts: Drafts) -> commands.OnTicket:
        return commands.Merge(drafts.text_if_any("reason", self.reason), self.priority)
