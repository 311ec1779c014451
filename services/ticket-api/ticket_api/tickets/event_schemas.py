"""What the API tells about an event of a history, and about who caused it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from ticket_api.http.fields import Schema


class ActorState(Schema):
    kind: str
    id: str
    on_behalf_of: str | None


class EventState(Schema):
    """An event: `at` is when it happened, `recorded_at` when it was written down."""

    ticket_id: UUID
    version: int
    type: str
    at: datetime
    recorded_at: datetime
    actor: ActorState
    data: dict[str, Any]
    event_id: UUID
    position: int
    correlation_id: UUID
    causation_id: UUID | None
    texts: dict[str, str | None] | None = None


class EventTold(Schema):
    """Which event it is; what was taken over from another ticket has no version here."""

    type: str
    at: datetime
    version: int | None = None
    recorded_at: datetime | None = None
    actor: ActorState | None = None


class EventPage(Schema):
    """A page of a history; `next_after` is null at its end."""

    items: list[EventState]
    next_after: int | None
    masked: bool = Field(False, description="texts are not shown: say why in X-Reveal-Reason")
