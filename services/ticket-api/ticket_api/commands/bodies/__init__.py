"""The JSON bodies of commands: one closed model for each verb, and how it becomes a command.

Unknown fields are refused, texts are bounded. The docstring of a body is the description of its
verb in the API documentation. A body in one of these modules has its route.
"""

from docket_events.codec import kebab
from ticket_api.commands.bodies import (
    agreements,
    closing,
    conversation,
    division,
    erasing,
    ticket,
    waits,
)
from ticket_api.commands.bodies.opening import CreateBody
from ticket_api.commands.bodies.ticket_body import TicketBody

__all__ = ["TICKET_BODIES", "CreateBody", "TicketBody"]

TICKET_BODIES: dict[str, type[TicketBody]] = {
    kebab(name.removesuffix("Body")): body
    for thing in (ticket, conversation, waits, agreements, division, closing, erasing)
    for name, body in vars(thing).items()
    if isinstance(body, type) and issubclass(body, TicketBody) and body is not TicketBody
}
"""The body of each verb; the verbs are those of `docket_lifecycle.commands`."""
