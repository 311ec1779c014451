"""What holds for every history that the rules themselves write.

Two people give commands in any order, time passes, notices and timers come when they are owed, the
ticket is divided and others are combined into it. The machine shows that whatever was decided can
be stored and folded, that refusals and repetitions leave no trace, that a ticket which has ended
stays so, and that the response clock and the timers, which fold the same history on their own,
never see another ticket than the rules do.
"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from always_holds import AlwaysHolds
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from anybody import AGENTS, CUSTOMERS, MESSAGES, RESTRICTIONS, SOURCE, SPLITS
from docket_events.access import AccessRestored, AccessRestricted
from docket_events.notice import RegistrationNoticeSent
from docket_events.recorded import Actor, Event, Fact
from docket_events.ticket import InformationRequested, ResponseSent, TicketCreated
from docket_lifecycle.actions import action_of
from docket_lifecycle.commands import ExcuseBreach, Merge, Note, OnTicket, Split
from docket_lifecycle.decide import decide
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext, OtherTicket
from docket_lifecycle.state.fold import evolve, fold
from docket_lifecycle.state.ticket import Closed, Ticket
from docket_policies.deadlines.timers import information_deadline
from people import (
    ANN,
    CREATED,
    INFRASTRUCTURE,
    MONDAY,
    NOTICE,
    OLGA,
    REGULATIONS,
    TICKET,
    UNDER_I,
)


class AnyHistory(AlwaysHolds):
    """A ticket under some terms, its history, and the two people who work on it."""

    created: TicketCreated
    others = 0

    @initialize(channel=st.sampled_from(["client_area", "email", "phone"]))
    def a_ticket_is_created(self, channel: str) -> None:
        event = replace(self.created, channel=channel)
        self.now = MONDAY
        self._follow(TICKET, [Fact(event, MONDAY)])

    @rule(
        passed=st.sampled_from(
            [
                timedelta(seconds=1),
                timedelta(hours=5),
                timedelta(hours=72),
                timedelta(days=5),
                timedelta(days=9),
            ]
        )
    )
    def time_passes(self, passed: timedelta) -> None:
        self.now += passed

    @rule(command=AGENTS)
    def the_agent_gives_a_command(self, command: OnTicket) -> None:
        self._gives(command, OLGA)

    @rule(command=CUSTOMERS)
    def the_customer_gives_a_command(self, command: OnTicket) -> None:
        self._gives(command, ANN)

    @rule(event=RESTRICTIONS)
    def the_access_of_the_account_changes(self, event: AccessRestricted | AccessRestored) -> None:
        self._happens(event)

    @rule(command=SPLITS, stay=st.booleans())
    def the_ticket_is_divided(self, command: Split, stay: bool) -> None:
        """Go on with the parent or with its part."""
        try:
            context = DecisionContext.of(self.terms, command, at=self.now, actor=OLGA)
            decided = decide(self.ticket, command, context, history=self.history)
        except Refused as refused:
            self._is_well_said(refused)
            return
        if decided and not stay:
            part = command.parts[0].id
            self._follow(part, [Fact(event, self.now) for event in decided[part]])
        elif decided:
            self._happens(*decided[self.ticket.id])

    @precondition(lambda self: not self.ticket.sources)
    @rule(registered=st.booleans(), told=st.sampled_from(["nothing", "answered", "asked"]))
    def another_ticket_is_combined_into_it(self, registered: bool, told: str) -> None:
        """Combine a newer ticket into it; the story goes on with the combined one."""
        source, history = self._another(registered, told)
        self._combined(OtherTicket(self.ticket, self.history), OtherTicket(source, history))

    @precondition(lambda self: not self.ticket.sources)
    @rule(registered=st.booleans(), told=st.sampled_from(["nothing", "answered", "asked"]))
    def it_is_combined_into_another_ticket(self, registered: bool, told: str) -> None:
        """Combine it into a newer ticket, which the story follows from then on."""
        source, history = self._another(registered, told)
        self._combined(OtherTicket(source, history), OtherTicket(self.ticket, self.history))

    def _another(self, registered: bool, told: str) -> tuple[Ticket, list[Fact]]:
        happened: dict[str, tuple[Event, ...]] = {
            "nothing": (),
            "answered": (ResponseSent(),),
            "asked": (
                InformationRequested("q1", deadline=information_deadline(self.terms, self.now)),
            ),
        }
        notice = RegistrationNoticeSent(self.now, NOTICE)
        self.others += 1  # a part goes on with what was combined before it: no number comes twice
        history = [
            Fact(event, self.now)
            for event in (
                replace(self.created, number=f"D-{2000 + self.others}"),
                *((notice,) if registered else ()),
                *happened[told],
            )
        ]
        source = fold(SOURCE, history)
        assert source is not None
        return source, history

    def _combined(self, into: OtherTicket, other: OtherTicket) -> None:
        try:
            context = DecisionContext.of(self.terms, Merge(), at=self.now, actor=OLGA)
            decided = decide(into.ticket, Merge(), context, history=into.history, others=[other])
        except Refused as refused:
            self._is_well_said(refused)
            return
        ended = fold(other.ticket.id, [*other.history, *self._facts(decided[other.ticket.id])])
        assert ended is not None
        assert ended.ended
        self._follow(into.ticket.id, [*into.history, *self._facts(decided[into.ticket.id])])

    def _facts(self, events: tuple[Event, ...]) -> list[Fact]:
        return [Fact(event, self.now) for event in events]

    def _gives(self, command: OnTicket, by: Actor) -> None:
        before = self.ticket
        ended = before.ended and not isinstance(before.phase, Closed)
        answer = self._ask(command, by)
        if isinstance(answer, Refused):
            self._is_well_said(answer)
            assert fold(before.id, self.history) == before
        else:
            assert not (ended and answer) or isinstance(command, Note | ExcuseBreach), (
                "an ended ticket went on"
            )
            assert self._shows(command, by), "it was done, and not shown as possible"
            self._happens(*answer)
            if not isinstance(command, MESSAGES):
                again = self._ask(command, by)
                assert again == () or isinstance(again, Refused)
                assert again != () or self._shows(command, by), "it may be given again, unseen"

    def _shows(self, command: OnTicket, by: Actor) -> bool:
        """Say whether the actions show the verb of a command as possible."""
        return action_of(
            type(command),
            self.ticket,
            history=self.history,
            at=self.now,
            actor=by,
            policy=self.terms,
        ).allowed

    def _is_well_said(self, refused: Refused) -> None:
        assert refused.code
        assert refused.clause.startswith((f"{self.terms.letter}-", "C-"))
        assert refused.detail

    def _happens(self, *events: Event) -> None:
        for event in events:
            fact = Fact(event, self.now)
            self.history.append(fact)
            self.ticket = evolve(self.ticket, fact)

    def _notice(self, kind: str) -> UUID:
        return NOTICE

    def _follow(self, ticket_id: UUID, history: list[Fact]) -> None:
        ticket = fold(ticket_id, history)
        assert ticket is not None
        self.history, self.ticket = history, ticket

    def _ask(self, command: OnTicket, by: Actor) -> tuple[Event, ...] | Refused:
        try:
            context = DecisionContext.of(self.terms, command, at=self.now, actor=by)
            caused = decide(self.ticket, command, context, history=self.history)
        except Refused as refused:
            return refused
        return caused[self.ticket.id]


class UnderR(AnyHistory):
    """Under the regulations."""

    terms = REGULATIONS
    created = CREATED


class UnderI(AnyHistory):
    """Under the infrastructure terms."""

    terms = INFRASTRUCTURE
    created = UNDER_I


BOUNDED = settings(
    max_examples=100,
    stateful_step_count=30,
    deadline=None,
    phases=set(Phase) - {Phase.explain},  # explaining a failure took longer than a test may
    suppress_health_check=[HealthCheck.too_slow],  # the machines of a busy day are slow
)
FULL = settings(BOUNDED, max_examples=5_000)

TestAnyHistoryUnderR = UnderR.TestCase
TestAnyHistoryUnderR.settings = BOUNDED
TestAnyHistoryUnderI = UnderI.TestCase
TestAnyHistoryUnderI.settings = BOUNDED


@pytest.mark.full
@pytest.mark.timeout(3600)
class TestFiveThousandHistoriesUnderR(UnderR.TestCase):
    settings = FULL


@pytest.mark.full
@pytest.mark.timeout(3600)
class TestFiveThousandHistoriesUnderI(UnderI.TestCase):
    settings = FULL
