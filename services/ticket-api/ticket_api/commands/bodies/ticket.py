"""Bodies about the ticket itself: opening, registering, prioritising, assigning, suspending."""

from typing import Annotated, Any, ClassVar, Literal

import msgspec
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic.config import JsonDict

from docket_events.ticket import Channel, ContentRef, Priority
from docket_lifecycle import commands
from docket_policies.eligibility.classification import telling_words
from docket_runtime.mail.address import LONGEST, normalised
from ticket_api.commands.bodies.attachments import AttachmentBody
from ticket_api.commands.bodies.product_names import Edition, Product
from ticket_api.commands.bodies.ticket_body import TicketBody
from ticket_api.commands.drafts import Drafts
from ticket_api.http.fields import (
    BOTH_READ,
    FOR_EVER,
    NOT_KEPT,
    Body,
    Code,
    ForWhom,
    Id,
    Level,
    Name,
    Person,
    Reference,
    ShortText,
    Text,
    Version,
)

Email = Annotated[
    str,
    StringConstraints(max_length=LONGEST),
    AfterValidator(normalised),
    Field(
        description="kept as every mail server takes it: the domain in A-labels (IDNA), nothing "
        "but ASCII before the @-sign; an address to which no mail could be sent is refused",
        json_schema_extra={"format": "email"},
    ),
]


CORRECTED = ("subject", "contact", "product_version", "edition")
"""What may be corrected; a correction names at least one."""


def _named(field: str) -> JsonDict:
    return {"required": [field], "properties": {field: {"not": {"type": "null"}}}}


class Contact(Body):
    """Where the requester gets notices; kept in the erasable store, never in an event."""

    email: Email = Field(description=BOTH_READ)
    name: ShortText | None = None


def _draft_of(contact: Contact | None, drafts: Drafts) -> ContentRef | None:
    if contact is None:
        return None
    return drafts.json("contact", msgspec.json.encode(contact.model_dump()))


class CreateBody(Body):
    """Open a ticket under the terms of its license (C-26).

    Product, edition, service level, `direct` and `certificate` say which terms govern: see the ask
    `pack` of the simulations. A license that was recorded of the account for the product counts in
    the place of these words; where none is, they count, and it is taken for bought directly. The
    terms say whether the user sets the priority or wishes for one (R-6.5, I-2.6).
    """

    example: ClassVar[dict[str, Any]] = {
        "product": "VMmanager 6",
        "subject": "Nodes do not answer",
        "description": "Since 09:00 no node of the cluster answers; no machine can be started.",
        "contact": {"email": "ann@acme.example", "name": "Ann"},
        "requested_priority": "High",
        "justification": "Two of three sites are down.",
    }

    product: Product
    subject: ShortText | None = None
    description: Text | None = None
    channel: Channel = "client_area"
    account_id: Id | None = Field(
        None, description=f"agents name it; customers have their own; {FOR_EVER}"
    )
    requester_id: Person | None = Field(
        None, description=f"agents name it; customers are it; {FOR_EVER}"
    )
    on_behalf_of: ForWhom = None
    contact: Contact | None = None
    priority: Priority | None = Field(
        None, description="where the terms let the user set it (I-2.6); elsewhere it is ignored"
    )
    requested_priority: Priority | None = Field(
        None, description="a wish, with its justification, where the provider sets it (R-6.5)"
    )
    justification: Text | None = None
    product_version: Version | None = None
    edition: Edition | None = None
    environment: ShortText | None = None
    os: ShortText | None = Field(
        None,
        description="the operating system; where it is not told, one that the environment names "
        f"with its version, such as Ubuntu 22.04, stands in for it (M-sup-os); {BOTH_READ}",
    )
    kind: Code | None = Field(
        None,
        description=f"the kind of issue, as the ask `eligibility` knows them (R-3.4); {FOR_EVER}",
    )
    configuration_changed_by: Literal["provider", "user", "others"] | None = Field(
        None, description="who changed the configuration of the product, if anybody (R-3.2.1)"
    )
    plan: Name | None = Field(
        None, description=f"the support plan of the license (H-plan); {FOR_EVER}"
    )
    component: Name | None = Field(
        None, description=f"what is down, such as mail server (H-policy-4); {NOT_KEPT}"
    )
    scope: Name | None = Field(
        None, description=f"how much is down, such as server (H-policy-4); {NOT_KEPT}"
    )
    service_level: Level | None = Field(
        None, description="the level that the license names (I-1.5)"
    )
    direct: bool = Field(True, description="the license was bought from the provider (R-0.2)")
    certificate: bool = Field(False, description="support rests on a certificate (R-0.2, I-1.2)")
    several_issues: bool = Field(False, description="to be divided, or closed, later (R-6.1-b)")
    attachments: tuple[AttachmentBody, ...] = Field(
        (), max_length=20, description="files announced with the ticket; their bytes come next"
    )

    def command(
        self, drafts: Drafts, number: str, account_id: str, requester_id: str
    ) -> commands.Create:
        """Return the command, its texts drafted."""
        return commands.Create(
            number=number,
            account_id=account_id,
            requester_id=requester_id,
            channel=self.channel,
            product=self.product,
            product_version=self.product_version,
            edition=self.edition,
            environment=drafts.text_if_any("environment", self.environment),
            said_environment=self.environment,
            kind=self.kind,
            priority=self.priority,
            requested_priority=self.requested_priority,
            justification=drafts.text_if_any("justification", self.justification),
            service_level=self.service_level,
            direct=self.direct,
            certificate=self.certificate,
            subject=drafts.text_if_any("subject", self.subject),
            description=drafts.text_if_any("description", self.description),
            contact=_draft_of(self.contact, drafts),
            several_issues=self.several_issues,
            attachments=tuple(drafts.file(file.model_dump()) for file in self.attachments),
            os=drafts.text_if_any("os", self.os),
            said_os=self.os,
            plan=self.plan,
            component=self.component,
            scope=self.scope,
            subject_words=telling_words(self.subject or ""),
            configuration_changed_by=self.configuration_changed_by,
        )


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
            contact=_draft_of(self.contact, drafts),
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
