"""What a command's JSON body may say: one closed model a verb, and how it becomes a command.

Unknown fields are refused, texts are bounded. The docstring of a body is what the API documentation
says of its verb. A body that is written down in one of these modules has its route.
"""

from typing import Any

from docket_events.codec import kebab
from ticket_api.bodies import (
    account,
    agreements,
    closing,
    conversation,
    division,
    erasing,
    ticket,
    waits,
)
from ticket_api.bodies.shapes import AccountBody, Body, TicketBody
from ticket_api.bodies.ticket import CreateBody

__all__ = [
    "ACCOUNT_BODIES",
    "EXAMPLES",
    "TICKET_BODIES",
    "AccountBody",
    "Body",
    "CreateBody",
    "TicketBody",
]

TICKET_BODIES: dict[str, type[TicketBody]] = {
    kebab(name.removesuffix("Body")): body
    for thing in (ticket, conversation, waits, agreements, division, closing, erasing)
    for name, body in vars(thing).items()
    if isinstance(body, type) and issubclass(body, TicketBody) and body is not TicketBody
}
"""The body of each verb; the verbs are those of `docket_lifecycle.commands`."""

ACCOUNT_BODIES: dict[str, type[AccountBody]] = {
    kebab(name.removesuffix("Body")): body
    for name, body in vars(account).items()
    if isinstance(body, type) and issubclass(body, AccountBody) and body is not AccountBody
}
"""The body of each verb on an account."""

EXAMPLES: dict[str, dict[str, Any]] = {
    "create": CreateBody.example,
    **{verb: body.example for verb, body in (TICKET_BODIES | ACCOUNT_BODIES).items()},
}
"""What the API documentation shows of each verb."""
