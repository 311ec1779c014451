"""`given(history).when(command, at=..., by=...).then(events)`: a decision as a sentence.

Every sentence also shows that what was decided can be folded, that the version counts the events,
and that a refusal leaves no trace.
"""

from dataclasses import dataclass
from datetime import datetime

from acme import INFRASTRUCTURE, MONDAY, REGULATIONS, TICKET

from docket_events.recorded import Actor, Event, Fact
from docket_lifecycle.commands import Create, OnTicket
from docket_lifecycle.decide import decide
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.rules.opening import create
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Ticket
from docket_policies.terms.policy import Policy

TERMS = {terms.pack: terms for terms in (REGULATIONS, INFRASTRUCTURE)}


@dataclass(frozen=True, slots=True)
class Given:
    """A history and the ticket it makes."""

    history: tuple[Fact, ...]

    @property
    def ticket(self) -> Ticket:
        ticket = fold(TICKET, self.history)
        assert ticket is not None
        assert ticket.version == len(self.history)
        return ticket

    @property
    def terms(self) -> Policy:
        return TERMS[self.ticket.pack]

    def when(self, command: OnTicket, *, at: datetime, by: Actor) -> "When":
        before = self.ticket
        try:
            context = DecisionContext.of(self.terms, command, at=at, actor=by)
            caused = decide(before, command, context, history=self.history)
            answer: tuple[Event, ...] | Refused = caused[before.id]
        except Refused as refused:
            answer = refused
        assert before == self.ticket, "deciding changed the ticket it looked at"
        return When(self, at, answer)


def opens(command: Create, *, at: datetime, by: Actor, terms: Policy) -> tuple[Event, ...]:
    """Open a ticket; raise Refused."""
    return create(command, DecisionContext.of(terms, command, at=at, actor=by))


@dataclass(frozen=True, slots=True)
class When:
    """What a command came to."""

    before: Given
    at: datetime
    answer: tuple[Event, ...] | Refused

    def then(self, *events: Event) -> Given:
        """Expect exactly these events, and go on with them in the history."""
        assert self.answer == events
        return Given(self.before.history + tuple(Fact(event, self.at) for event in events))

    def then_already_so(self) -> Given:
        """Expect that nothing had to happen."""
        return self.then()

    def then_refused(self, code: str, clause: str) -> Given:
        """Expect a refusal that rests on the clause, and go on as if nothing had been said."""
        assert isinstance(self.answer, Refused), f"accepted: {self.answer}"
        assert (self.answer.code, self.answer.clause) == (code, clause)
        assert self.answer.detail
        return self.before


def given(*happened: Event | Fact) -> Given:
    """Begin a sentence: an event without an instant happened on Monday at nine."""
    return Given(tuple(h if isinstance(h, Fact) else Fact(h, MONDAY) for h in happened))


def on(at: datetime, event: Event) -> Fact:
    """Say when an event of the history happened."""
    return Fact(event, at)
