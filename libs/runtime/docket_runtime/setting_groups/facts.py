"""What is told of a setting beside its type, default and description: who reads it, and how.

docs/operating/settings.md and deploy/docket.env.example are made from it.
"""

from typing import Any

TICKET_API, SLA_CLOCK, NOTIFIER = "ticket-api", "sla-clock", "notifier"
SERVICES = (TICKET_API, SLA_CLOCK, NOTIFIER)
COMMANDS = "docket"
EVERYBODY = (*SERVICES, COMMANDS)


def read_by(*readers: str, secret: bool = False, example: str | None = None) -> dict[str, Any]:
    """Return who reads a setting, as a field of it keeps that.

    A `secret` belongs into a file rather than into the environment. `example` is what stands in the
    sample environment of a production system, for a setting that each of them must think of.
    """
    return {"read_by": list(readers), "secret": secret, "example": example}
