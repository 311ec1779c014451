"""What a command's JSON body may say: one closed model a verb, and how it becomes a command.

Unknown fields are refused, texts are bounded. The docstring of a body is what the API documentation
says of its verb.
"""

from typing import Annotated, Any

import msgspec
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from docket_events.codec import kebab
from docket_events.ticket import Channel, Priority, RequestKind
from docket_lifecycle import commands
from docket_lifecycle.commands import Create, TicketCommand
from ticket_api.contents import Drafts


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain NUL")
    return text


Text = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=20_000), AfterValidator(_no_nul)
]
SomeText = Annotated[Text, Field(min_length=1)]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_no_nul),
]
Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]


class Body(BaseModel):
    """A closed JSON object."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Contact(Body):
    """Where the requester gets notices; kept in the erasable store, never in an event."""

    email: Email
    name: Name | None = None


class CreateBody(Body):
    """Open a ticket. Its priority is the pack's initial one; a wish needs its reasons (R-6.5)."""

    product: Name
    subject: Name | None = None
    description: Text | None = None
    channel: Channel = "client_area"
    account_id: Name | None = Field(None, description="agents name it; customers have their own")
    requester_id: Name | None = Field(None, description="agents name it; customers are it")
    contact: Contact | None = None
    requested_priority: Priority | None = None
    justification: Text | None = None
    product_version: Name | None = None
    edition: Name | None = None
    environment: Name | None = None
    kind: Name | None = None
    service_level: Name | None = None

    def command(self, drafts: Drafts, number: str, account_id: str, requester_id: str) -> Create:
        """Return the command, its texts drafted."""
        contact = self.contact
        return Create(
            number=number,
            account_id=account_id,
            requester_id=requester_id,
            channel=self.channel,
            product=self.product,
            product_version=self.product_version,
            edition=self.edition,
            environment=self.environment,
            kind=self.kind,
            requested_priority=self.requested_priority,
            justification=drafts.text_if_any("justification", self.justification),
            service_level=self.service_level,
            subject=drafts.text_if_any("subject", self.subject),
            description=drafts.text_if_any("description", self.description),
            contact=drafts.json("contact", msgspec.json.encode(contact.model_dump()))
            if contact
            else None,
        )


class TicketBody(Body):
    """The body of a command on a ticket that exists."""

    def command(self, drafts: Drafts) -> TicketCommand:
        """Return the command, its texts drafted."""
        raise AssertionError(f"{type(self).__name__} makes no command")


class RegisterBody(TicketBody):
    """Register a ticket of another channel in the Client Area for its user (R-4.2-b)."""

    def command(self, drafts: Drafts) -> TicketCommand:
        return commands.Register()


class PrioritizeBody(TicketBody):
    """Set the priority, with the reason and the criteria it rests on (R-6.5, R-6.7-b)."""

    priority: Priority
    reason: Name
    criteria: tuple[Name, ...] = Field((), max_length=50)

    def command(self, drafts: Drafts) -> TicketCommand:
        return commands.Prioritize(self.priority, self.reason, self.criteria)


class RespondBody(TicketBody):
    """Answer the user; the provider's turn ends (R-1.14)."""

    text: SomeText
    proposes_solution: bool = False

    def command(self, drafts: Drafts) -> TicketCommand:
        return commands.Respond(drafts.text("response", self.text), self.proposes_solution)


class ReplyBody(TicketBody):
    """Reply to the provider; while the provider has the ball it is a comment (C-06)."""

    text: SomeText

    def command(self, drafts: Drafts) -> TicketCommand:
        return commands.Reply(drafts.text("reply", self.text))


class CommentBody(TicketBody):
    """Add a message that moves no clock (C-06)."""

    text: SomeText

    def command(self, drafts: Drafts) -> TicketCommand:
        return commands.Comment(drafts.text("comment", self.text))


class RequestInformationBody(TicketBody):
    """Ask the user for information or resources (R-6.4); 72 hours run (R-6.9-b)."""

    items: SomeText
    kind: RequestKind = "information"

    def command(self, drafts: Drafts) -> TicketCommand:
        return commands.RequestInformation(drafts.text("request", self.items), self.kind)


class ProvideInformationBody(TicketBody):
    """Answer a request; with `upload_pending` it counts once the upload is complete (R-1.14)."""

    request: Name
    text: Text | None = None
    upload_pending: bool = False

    def command(self, drafts: Drafts) -> TicketCommand:
        content = drafts.text_if_any("information", self.text)
        return commands.ProvideInformation(self.request, content, self.upload_pending)


class CompleteUploadBody(TicketBody):
    """Say that the data announced with an answer has arrived in full (R-1.14)."""

    request: Name

    def command(self, drafts: Drafts) -> TicketCommand:
        return commands.CompleteUpload(self.request)


class RejectInformationBody(TicketBody):
    """Find an answer insufficient; its request is open since its first moment (R-6.1-c)."""

    request: Name
    reason: SomeText

    def command(self, drafts: Drafts) -> TicketCommand:
        return commands.RejectInformation(self.request, drafts.text("rejection", self.reason))


class SuspendBody(TicketBody):
    """Stop the work on the ticket (R-6.6-a)."""

    def command(self, drafts: Drafts) -> TicketCommand:
        return commands.Suspend()


class ResumeBody(TicketBody):
    """Let the work go on; the term is counted anew (R-6.6-b)."""

    def command(self, drafts: Drafts) -> TicketCommand:
        return commands.Resume()


class RevokeBody(TicketBody):
    """Take the ticket back: the end, without notice or objection (R-6.6-a)."""

    def command(self, drafts: Drafts) -> TicketCommand:
        return commands.Revoke()


class CloseBody(TicketBody):
    """Close for a reason of the pack's closed list (R-6.9, R-6.11); told is closed (R-6.10)."""

    reason: Name
    plan_reference: Name | None = None
    reference: Name | None = None
    text: Text | None = None

    def command(self, drafts: Drafts) -> TicketCommand:
        content = drafts.text_if_any("closing", self.text)
        return commands.Close(self.reason, self.plan_reference, self.reference, content)


class ObjectBody(TicketBody):
    """Object to the closing within five days, with description and consequences (R-6.10-b, -d)."""

    description: Text | None = None
    consequences: Text | None = None

    def command(self, drafts: Drafts) -> TicketCommand:
        return commands.Object(
            drafts.text_if_any("objection", self.description),
            drafts.text_if_any("objection-consequences", self.consequences),
        )


class RefuseObjectionBody(TicketBody):
    """Refuse an accepted objection with a reason: the closing stands again (C-22)."""

    reason: SomeText

    def command(self, drafts: Drafts) -> TicketCommand:
        return commands.RefuseObjection(drafts.text("objection-refusal", self.reason))


TICKET_BODIES: dict[str, type[TicketBody]] = {
    kebab(body.__name__.removesuffix("Body")): body for body in TicketBody.__subclasses__()
}
"""The body of each verb; the verbs are those of `docket_lifecycle.commands`."""

EXAMPLES: dict[str, dict[str, Any]] = {
    "create": {
        "product": "VMmanager 6",
        "subject": "Nodes do not answer",
        "description": "Since 09:00 no node of the cluster answers; no machine can be started.",
        "contact": {"email": "ann@acme.example", "name": "Ann"},
        "requested_priority": "High",
        "justification": "Two of three sites are down.",
    },
    "register": {},
    "prioritize": {"priority": "High", "reason": "half of the nodes are down", "criteria": []},
    "respond": {"text": "Restart the agent on each node.", "proposes_solution": True},
    "reply": {"text": "Done, one node still does not answer."},
    "comment": {"text": "It happened again at 15:00."},
    "request-information": {"items": "The log of the agent on node 3.", "kind": "information"},
    "provide-information": {"request": "q1", "text": "Attached.", "upload_pending": True},
    "complete-upload": {"request": "q1"},
    "reject-information": {"request": "q1", "reason": "The log ends before the fault."},
    "suspend": {},
    "resume": {},
    "revoke": {},
    "close": {"reason": "resolved", "text": "The update solved it."},
    "object": {"description": "Node 3 still fails.", "consequences": "Backups do not run."},
    "refuse-objection": {"reason": "Node 3 is a fault of its own: ticket DKT-1043."},
}
