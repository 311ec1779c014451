"""The body that opens a ticket."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from docket_events.ticket import Channel, Priority
from docket_lifecycle import commands
from docket_policies.eligibility.classification import telling_words
from ticket_api.commands.bodies.attachments import AttachmentBody
from ticket_api.commands.bodies.contact import Contact, draft_of
from ticket_api.commands.bodies.product_names import Edition, Product
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
    ShortText,
    Text,
    Version,
)


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
            contact=draft_of(self.contact, drafts),
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
