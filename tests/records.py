"""Events as a log would hold them, made without one: for rules that ask who did it and when."""

from datetime import datetime
from uuid import UUID

from chronicle import BEN
from docket_events.codec import schema_version_of, type_of
from docket_events.recorded import Actor, Event, Fact, Recorded

TICKET = UUID(int=1)


def recorded(*facts: Fact) -> tuple[Recorded, ...]:
    """Return the events of a ticket as they are written down when they happen."""
    return tuple(
        Recorded(
            partition=0,
            position=n,
            ticket_id=TICKET,
            version=n,
            event_id=UUID(int=100 + n),
            type=type_of(fact.event),
            schema_version=schema_version_of(fact.event),
            event=fact.event,
            occurred_at=fact.occurred_at,
            recorded_at=fact.occurred_at,
            actor=fact.actor or BEN,
            correlation_id=TICKET,
            causation_id=None,
            hash=b"",
        )
        for n, fact in enumerate(facts, start=1)
    )


def all_at(instant: datetime, *events: Event, actor: Actor = BEN) -> tuple[Recorded, ...]:
    """Return events of a ticket that all happened at one instant."""
    return recorded(*(Fact(event, instant, actor) for event in events))
