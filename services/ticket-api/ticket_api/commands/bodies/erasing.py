"""The body of erasing: what is erased, why, and the clause or the law behind it."""

from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from docket_lifecycle import commands
from ticket_api.commands.bodies.ticket_body import TicketBody
from ticket_api.commands.drafts import Drafts
from ticket_api.http.fields import FOR_EVER, NOT_KEPT, Person, Reference

Why = Literal["person_asked", "no_longer_needed", "sent_by_mistake", "unlawful"]

_NAMED: JsonDict = {"required": ["content_ids"], "properties": {"content_ids": {"minItems": 1}}}
_A_PERSON: JsonDict = {"required": ["person"], "properties": {"person": {"type": "string"}}}


class EraseBody(TicketBody):
    """Erase texts and files for ever, by their ids or all that a person brought (C-40, I-3.9.1-b).

    The history keeps the references, and says that and why the content went.
    """

    example: ClassVar[dict[str, Any]] = {"person": "ann", "why": "person_asked"}

    model_config = ConfigDict(json_schema_extra={"anyOf": [_NAMED, _A_PERSON]})

    content_ids: tuple[UUID, ...] = Field((), max_length=200)
    person: Person | None = Field(
        None, description=f"the id of a person, as actors have it; {NOT_KEPT}"
    )
    why: Why
    clause: Reference | None = Field(
        None, description=f"what it rests on; the terms' own where unsaid; {FOR_EVER}"
    )

    @model_validator(mode="after")
    def _names_something(self) -> "EraseBody":
        if not self.content_ids and self.person is None:
            raise ValueError("name content_ids or a person")
        return self

    def command(self, drafts: Drafts) -> commands.OnTicket:
        return commands.Erase(self.why, self.content_ids, self.person, self.clause)
