"""Bodies about the ticket itself: registering, correcting, prioritising, assigning, suspending."""

from typing import Any, ClassVar

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from docket_events.ticket import Priority
from docket_lifecycle import commands
from ticket_api.commands.bodies.contact import Contact, draft_of
from ticket_api.commands.bodies.product_names import Edition
from ticket_api.commands.bodies.ticket_body import TicketBody
from ticket_api.commands.drafts import Drafts
from ticket_api.http.fields import (
    Person,
    Reference,
    ShortText,
    Version,
)

CORRECTED = ("subject", "contact", "product_version", "edition")
"""What may be corrected; a correction names at least one."""


def _named(field: str) -> JsonDict:
    return {"required": [field], "properties": {field: {"not": {"type": "null"}}}}


class RegisterBody(TicketBody):
    """Register a ticket of another channel in the Client Area for its user (R-4.2-b)."""

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.Register()


class CorrectBody(TicketBody):
    """Correct the subject, the address for notices, the product version or the edition.

    What is named replaces what was said before; the text before stays beside the history until it
    is erased. No clock moves, and the terms of the ticket stay those of its opening (R-2.2).
    """

    example: ClassVar[dict[str, Any]] = {
        "product_version": "2026.05.1",
        "reason": "the version of the panel, not of the agent",
    }

    model_config = ConfigDict(json_schema_extra={"anyOf": [_named(each) for each in CORRECTED]})

    reason: ShortText
    subject: ShortText | None = None
    contact: Contact | None = None
    product_version: Version | None = None
    edition: Edition | None = None

    @model_validator(mode="after")
    def _names_something(self) -> "CorrectBody":
        if all(getattr(self, name) is None for name in CORRECTED):
            raise ValueError(f"name {', '.join(CORRECTED[:-1])} or {CORRECTED[-1]}")
        return self

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.Correct(
            reason=drafts.text("reason", self.reason),
            subject=drafts.text_if_any("subject", self.subject),
            contact=draft_of(self.contact, drafts),
            product_version=self.product_version,
            edition=self.edition,
        )


class PrioritizeBody(TicketBody):
    """Set the priority, with the reason and the criteria it rests on (R-6.5, R-6.7-b).

    Every criterion must be one of the terms, of that priority and of the ticket's product, as
    `actions` lists them. Others for the present priority correct those named before (C-66).
    """

    example: ClassVar[dict[str, Any]] = {
        "priority": "High",
        "reason": "half of the nodes are down",
        "criteria": ["R-5.2-HI-VM1"],
    }

    priority: Priority
    reason: ShortText
    criteria: tuple[Reference, ...] = Field((), max_length=50)

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.Prioritize(self.priority, drafts.text("reason", self.reason), self.criteria)


class AssignBody(TicketBody):
    """Say who works on the ticket; null is nobody."""

    example: ClassVar[dict[str, Any]] = {"to": "olga"}

    to: Person | None

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.Assign(self.to)


class LinkDefectBody(TicketBody):
    """Link the ticket to a defect whose correction is planned under a reference (R-6.11)."""

    example: ClassVar[dict[str, Any]] = {"plan_reference": "VM-4711"}

    plan_reference: Reference

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.LinkDefect(self.plan_reference)


class SuspendBody(TicketBody):
    """Stop the work on the ticket (R-6.6-a)."""

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.Suspend()


class ResumeBody(TicketBody):
    """Let the work go on; the term is counted anew (R-6.6-b)."""

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.Resume()


class RevokeBody(TicketBody):
    """Take the ticket back: the end, without notice or objection (R-6.6-a)."""

    def command(self, drafts: Drafts) -> commands.TicketCommand:
        return commands.Revoke()
