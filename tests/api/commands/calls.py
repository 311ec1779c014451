"""Commands as people give them to ticket-api."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any
from uuid import UUID

from docket_events.recorded import Actor
from docket_events.ticket import ContentRef
from docket_lifecycle.commands import OnTicket, verb_of
from ticket_api.commands.bodies import TICKET_BODIES

ACCOUNT = "acme"
WORDS = "some words"


@dataclass(frozen=True, slots=True)
class Call:
    """A command as one person gives it to ticket-api."""

    by: Actor
    ticket: UUID
    verb: str
    body: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    if_match: int | None = None
    account: str = ACCOUNT


def body_of(command: OnTicket) -> dict[str, Any]:
    """Say a command as the body of its verb: a text where it refers to one, else only what it must.

    What the command leaves at its default is said where the body leaves nobody the choice.
    """
    needed = {
        name
        for name, part in TICKET_BODIES[verb_of(command)].model_fields.items()
        if part.is_required()
    }
    said = {part.name: (getattr(command, part.name), part.default) for part in fields(command)}
    return {
        "text" if name == "content" else name: WORDS if isinstance(value, ContentRef) else value
        for name, (value, default) in said.items()
        if value != default or name in needed
    }


def call_of(by: Actor, ticket: UUID, command: OnTicket, **more: Any) -> Call:
    """Return the call that gives a command."""
    return Call(by, ticket, verb_of(command), body_of(command), **more)
