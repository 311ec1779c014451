"""The envelope: who acted, when it happened, when it was recorded, and its place in the log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, Protocol
from uuid import UUID

from msgspec import Struct

from docket_events.access import AccessEvent
from docket_events.account import AccountEvent
from docket_events.clock import ClockEvent
from docket_events.combining import CombiningEvent
from docket_events.desk import DeskEvent
from docket_events.erasure import ErasureEvent
from docket_events.notice import NoticeEvent
from docket_events.roles import Role
from docket_events.teams import TeamEvent
from docket_events.ticket import TicketEvent

Event = (
    TicketEvent
    | CombiningEvent
    | TeamEvent
    | AccessEvent
    | AccountEvent
    | DeskEvent
    | ErasureEvent
    | ClockEvent
    | NoticeEvent
)

ActorKind = Literal[Role, "system", "import"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted; `on_behalf_of` names the person for whom a service or an agent acted."""

    kind: ActorKind
    id: str
    on_behalf_of: str | None = None


class Happened(Protocol):
    """What a fold needs of an event: what happened, when, and who did it."""

    @property
    def event(self) -> Event: ...

    @property
    def occurred_at(self) -> datetime: ...

    @property
    def actor(self) -> Actor | None: ...


class Fact(Struct, frozen=True):
    """What rules need of an event, whether it comes from a question, a test or the log."""

    event: Event
    occurred_at: datetime
    actor: Actor | None = None


class Recorded(NamedTuple):
    """One event of the log; a tuple, because histories are long and each event is made anew.

    `version` counts 1.. within the ticket, `position` counts 1.. without a gap within the
    partition. `occurred_at` is when it happened (clocks count this, whole seconds), `recorded_at`
    is when the database wrote it down. `hash` chains the partition (decision 0005).
    """

    partition: int
    position: int
    ticket_id: UUID
    version: int
    event_id: UUID
    type: str
    schema_version: int
    event: Event
    occurred_at: datetime
    recorded_at: datetime
    actor: Actor
    correlation_id: UUID
    causation_id: UUID | None
    hash: bytes
