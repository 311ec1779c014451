"""Tickets to divide and to combine, and their clocks: what the tests of both share."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from docket_events.notice import RegistrationNoticeSent
from docket_events.recorded import Actor, Event, Fact
from docket_events.ticket import (
    PriorityChanged,
    TicketCreated,
)
from docket_lifecycle.commands import Merge, Part, Split
from docket_lifecycle.decide import decide
from docket_lifecycle.rules.context import DecisionContext, OtherTicket
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Ticket
from docket_policies.clock.response_clock import ResponseClock, response_clock
from docket_policies.terms.loader import policy_of
from people import (
    CREATED,
    NOTICE,
    OLGA,
    TICKET,
    WEDNESDAY,
    june,
    text,
)

OTHER = UUID("01978a6e-6c00-7000-8def-0123456789ac")
THIRD = UUID("01978a6e-6c00-7000-8def-0123456789ad")
MONDAY = june(8, 9)


@dataclass(frozen=True, slots=True)
class Story:
    """One ticket and what happened to it so far."""

    id: UUID
    history: tuple[Fact, ...]

    @property
    def ticket(self) -> Ticket:
        ticket = fold(self.id, self.history)
        assert ticket is not None
        return ticket

    @property
    def as_other(self) -> OtherTicket:
        return OtherTicket(self.ticket, self.history)

    def then(self, at: datetime, *events: Event) -> "Story":
        return Story(self.id, self.history + tuple(Fact(event, at) for event in events))

    def clock(self, at: datetime) -> ResponseClock:
        return response_clock(self.history, policy_of(self.ticket), at)


def story(ticket_id: UUID, first: TicketCreated, at: datetime, *later: Event) -> Story:
    """Let a ticket be created and registered at an instant; the rest happens then too."""
    told = (first, RegistrationNoticeSent(at, NOTICE), *later)
    return Story(ticket_id, tuple(Fact(event, at) for event in told))


HIGH = PriorityChanged("High", "Low")
PARENT = story(TICKET, CREATED, MONDAY, HIGH)
TARGET = PARENT
SOURCE = story(OTHER, replace(CREATED, number="D-1043"), june(9, 11), HIGH)
TWO = Split(
    (Part(OTHER, "D-1043"), Part(THIRD, "D-1044", "Low", text("the other"))), text("two issues")
)


def split(
    parent: Story, command: Split = TWO, *, at: datetime, by: Actor = OLGA
) -> dict[UUID, tuple[Event, ...]]:
    context = DecisionContext.of(policy_of(parent.ticket), command, at=at, actor=by)
    return dict(decide(parent.ticket, command, context, history=parent.history))


def merge(
    target: Story,
    sources: Sequence[Story],
    command: Merge = Merge(),  # noqa: B008  # frozen: one value for all
    *,
    at: datetime = WEDNESDAY,
    by: Actor = OLGA,
) -> dict[UUID, tuple[Event, ...]]:
    context = DecisionContext.of(policy_of(target.ticket), command, at=at, actor=by)
    others = [source.as_other for source in sources]
    return dict(decide(target.ticket, command, context, history=target.history, others=others))


def refusal(code: str, clause: str) -> str:
    return rf"^{code} \({clause}\)"
