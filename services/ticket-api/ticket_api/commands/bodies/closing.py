"""Bodies that end a ticket, and those that object to the end."""

from typing import Any, ClassVar

from docket_lifecycle import commands
from ticket_api.commands.bodies.ticket_body import TicketBody
from ticket_api.commands.drafts import Drafts
from ticket_api.http.fields import Code, Reference, ShortText, SomeText, Text


class RejectBody(TicketBody):
    """Reject for a reason of the pack's closed list (I-3.2): the ticket ends at once."""

    example: ClassVar[dict[str, Any]] = {"reason": "answered_earlier", "reference": "DKT-1001"}

    reason: Code
    reference: ShortText | None = None
    text: Text | None = None

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        reference = drafts.text_if_any("reference", self.reference)
        content = drafts.text_if_any("rejection", self.text)
        return commands.Reject(self.reason, reference, content)


class CloseBody(TicketBody):
    """Close for a reason of the pack's closed list (R-6.9, R-6.11); told is closed (R-6.10)."""

    example: ClassVar[dict[str, Any]] = {"reason": "resolved", "text": "The update solved it."}

    reason: Code
    plan_reference: Reference | None = None
    reference: ShortText | None = None
    text: Text | None = None

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        reference = drafts.text_if_any("reference", self.reference)
        content = drafts.text_if_any("closing", self.text)
        return commands.Close(self.reason, self.plan_reference, reference, content)


class ObjectBody(TicketBody):
    """Object to the closing within five days, with description and consequences (R-6.10-b, -d)."""

    example: ClassVar[dict[str, Any]] = {
        "description": "Node 3 still fails.",
        "consequences": "Backups do not run.",
    }

    description: Text | None = None
    consequences: Text | None = None

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.Object(
            drafts.text_if_any("objection", self.description),
            drafts.text_if_any("objection-consequences", self.consequences),
        )


class RefuseObjectionBody(TicketBody):
    """Refuse an accepted objection with a reason: the closing stands again (C-22)."""

    example: ClassVar[dict[str, Any]] = {"reason": "Node 3 is a fault of its own: DKT-1043."}

    reason: SomeText

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.RefuseObjection(drafts.text("objection-refusal", self.reason))
