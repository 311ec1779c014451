"""Where notices go: an address of mail, and a contact as commands name it."""

from typing import Annotated

import msgspec
from pydantic import AfterValidator, Field, StringConstraints

from docket_events.ticket import ContentRef
from docket_runtime.mail.address import LONGEST, normalised
from ticket_api.commands.drafts import Drafts
from ticket_api.http.fields import BOTH_READ, Body, ShortText

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


class Contact(Body):
    """Where the requester gets notices; kept in the erasable store, never in an event."""

    email: Email = Field(description=BOTH_READ)
    name: ShortText | None = None


def draft_of(contact: Contact | None, drafts: Drafts) -> ContentRef | None:
    """Draft a contact as content; None without one."""
    if contact is None:
        return None
    return drafts.json("contact", msgspec.json.encode(contact.model_dump()))
