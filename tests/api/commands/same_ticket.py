"""One ticket twice: what ticket-api makes of commands, and what the rules alone make of the same.

The people of a desk, and some who have no business at it, say anything at any time. Whatever they
say is given over HTTP and decided by the pure rules on a history of the machine's own; both must
come to the same.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import httpx
from calls import Call, call_of
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from same_state import clock_is_the_same, row_is_the_fold
from timed_api import TimedApi

from alike import blank, plain, what_it_says
from anybody import AGENTS, CUSTOMERS
from by_itself import ByItself
from docket_events.ids import notice_id
from docket_events.notice import RegistrationNoticeSent
from docket_events.recorded import Actor, Event, Fact
from docket_events.ticket import TicketCreated
from docket_lifecycle.commands import Merge, OnTicket, Part, Split
from docket_lifecycle.decide import decide
from docket_lifecycle.refused import NotEntitled, Refused
from docket_lifecycle.rules.context import DecisionContext, OtherTicket
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Ticket
from docket_policies.terms.policy import Policy
from docket_runtime.new_ids import new_id
from people import (
    ANN,
    BOB,
    CREATED,
    EVE,
    INFRASTRUCTURE,
    MONDAY,
    OLGA,
    PETRA,
    REGULATIONS,
    UNDER_I,
    UNKNOWN_UNDER_I,
    UNKNOWN_UNDER_R,
    text,
)
from ticket_api.tickets.views import ticket_view

READERS = (Actor("auditor", "ada"), Actor("operator", "otto"))

PASSED = st.sampled_from(
    [timedelta(seconds=1), timedelta(hours=5), timedelta(hours=72), timedelta(days=5)]
)
VERSIONS = st.sampled_from(["", "", "", "right", "stale"])
Answer = dict[UUID, tuple[Event, ...]] | Refused


class SameTicket(ByItself):
    """A ticket under some terms; `api` is the service that has it."""

    api: ClassVar[TimedApi]
    terms: ClassVar[Policy]
    created: ClassVar[TicketCreated]
    body: ClassVar[dict[str, Any]]

    @initialize(channel=st.sampled_from(["client_area", "phone"]))
    def a_ticket_is_opened(self, channel: str) -> None:
        self.now = MONDAY
        by = ANN if channel == "client_area" else OLGA
        named = {} if by is ANN else {"account_id": "acme", "requester_id": "ann"}
        self.api.clock.at = self.now
        answer = self.api.create(by, {**self.body, **named, "channel": channel})
        assert answer.status_code == 201, answer.text
        ticket, number = UUID(answer.json()["id"]), answer.json()["number"]
        event = replace(self.created, number=number, channel=channel)
        self.history = [Fact(event, self.now)]
        self.ticket = _folded(ticket, self.history)
        self._shows_the_same(answer, self.ticket)

    @rule(passed=PASSED)
    def time_passes(self, passed: timedelta) -> None:
        self.now += passed

    @rule(command=AGENTS, version=VERSIONS, twice=st.booleans())
    def an_agent_gives_a_command(self, command: OnTicket, version: str, twice: bool) -> None:
        self._gives(command, OLGA, version, twice)

    @rule(command=CUSTOMERS, by=st.sampled_from([ANN, BOB]), version=VERSIONS, twice=st.booleans())
    def a_customer_gives_a_command(
        self, command: OnTicket, by: Actor, version: str, twice: bool
    ) -> None:
        self._gives(command, by, version, twice)

    @rule(command=st.one_of(AGENTS, CUSTOMERS), by=st.sampled_from([ANN, OLGA, PETRA]))
    def somebody_gives_any_command(self, command: OnTicket, by: Actor) -> None:
        self._gives(command, by)

    @rule(command=st.one_of(AGENTS, CUSTOMERS), by=st.sampled_from(READERS))
    def one_who_only_reads_gives_a_command(self, command: OnTicket, by: Actor) -> None:
        answer = self.api.give(call_of(by, self.ticket.id, command))

        assert (answer.status_code, answer.json()["code"]) == (403, "actor_not_entitled")

    @rule(command=st.one_of(AGENTS, CUSTOMERS))
    def a_stranger_gives_a_command(self, command: OnTicket) -> None:
        answer = self.api.give(call_of(EVE, self.ticket.id, command, account="evil"))

        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")

    @rule(by=st.sampled_from([OLGA, ANN]), priority=st.sampled_from([None, "High"]))
    def the_ticket_is_divided(self, by: Actor, priority: Any) -> None:
        body = {"parts": [{"priority": priority}], "reason": "two issues"}
        answer = self._give(Call(by, self.ticket.id, "split", body))
        made = UUID(answer.json()["parts"][-1]) if answer.status_code == 200 else UUID(int=1)
        part = Part(made, self.api.number(made), priority)
        self._came_to(answer, self._decided(Split((part,), text("two issues")), by))

    @precondition(lambda self: not self.ticket.sources)
    @rule(registered=st.booleans())
    def another_ticket_is_combined_into_it(self, registered: bool) -> None:
        told = RegistrationNoticeSent(self.now, notice_id(self.ticket.id, "another"))
        past = [Fact(self.created, self.now), *([Fact(told, self.now)] if registered else [])]
        source = self.api.past(past)
        history = self.api.history(source)
        other = OtherTicket(_folded(source, history), history)
        answer = self._give(Call(OLGA, self.ticket.id, "merge", {"sources": [source]}))
        decided = self._decided(Merge(), OLGA, other)
        self._came_to(answer, decided)
        more = 0 if isinstance(decided, Refused) else len(decided.get(source, ()))
        assert len(self.api.history(source)) == len(past) + more, "all of it, or nothing"

    def teardown(self) -> None:
        """Hold the log, the read model and the clock of the service against the history."""
        if not hasattr(self, "history"):
            return
        log = self.api.history(self.ticket.id)
        assert [what_it_says(each) for each in log] == [what_it_says(each) for each in self.history]
        assert blank(plain(ticket_view(_folded(self.ticket.id, log)))) == blank(
            plain(ticket_view(self.ticket))
        )
        row_is_the_fold(self.api, self.ticket)
        clock_is_the_same(self.api, self.ticket, self.history, self.terms, self.now)

    def _gives(self, command: OnTicket, by: Actor, version: str = "", twice: bool = False) -> None:
        command = self._naming_what_there_is(command)
        if_match = {"right": self.ticket.version, "stale": self.ticket.version + 1}.get(version)
        call = call_of(by, self.ticket.id, command, key=str(new_id()), if_match=if_match)
        answer = self._give(call)
        before = self.ticket
        if version == "stale":
            assert (answer.status_code, answer.json()["code"]) == (412, "version_conflict")
            assert answer.headers["etag"] == f'"{before.version}"'
            return
        self._came_to(answer, self._decided(command, by))
        if twice and self.ticket.version > before.version:
            again = self._give(call)
            assert (again.status_code, again.content) == (200, answer.content)
            assert again.headers["idempotent-replayed"] == "true"

    def _give(self, call: Call) -> httpx.Response:
        self.api.clock.at = self.now
        return self.api.give(call)

    def _decided(self, command: OnTicket, by: Actor, *others: OtherTicket) -> Answer:
        try:
            return dict(
                decide(
                    self.ticket,
                    command,
                    DecisionContext.of(self.terms, command, at=self.now, actor=by),
                    history=self.history,
                    others=others,
                )
            )
        except Refused as refused:
            return refused

    def _came_to(self, answer: httpx.Response, decided: Answer) -> None:
        """Hold an answer against what the rules decided, and let that happen."""
        if isinstance(decided, Refused):
            problem = answer.json()
            status = 403 if isinstance(decided, NotEntitled) else 409
            assert (answer.status_code, problem["code"]) == (status, decided.code)
            assert (problem["clause"], problem["detail"]) == (decided.clause, decided.detail)
            return
        facts = [Fact(event, self.now) for event in decided.get(self.ticket.id, ())]
        self.history += facts
        self.ticket = _folded(self.ticket.id, self.history)
        assert answer.status_code == 200, answer.text
        self._shows_the_same(answer, self.ticket)

    def _shows_the_same(self, answer: httpx.Response, ticket: Ticket) -> None:
        assert answer.headers["etag"] == f'"{ticket.version}"'
        shown, expected = answer.json(), plain(ticket_view(ticket))
        shown.pop("warnings", None)  # of the opening, not of the ticket
        assert blank(shown) == blank({name: expected[name] for name in shown})

    def _happens(self, *events: Event) -> None:
        facts = [Fact(event, self.now) for event in events]
        self.api.happens(self.ticket.id, *facts)
        self.history += facts
        self.ticket = _folded(self.ticket.id, self.history)

    def _notice(self, kind: Any) -> UUID:
        return notice_id(self.ticket.id, f"{kind}{self.ticket.version}")

    def _naming_what_there_is(self, command: OnTicket) -> OnTicket:
        """Let a name that no ticket has be that of the newest request or wait of this one."""
        if getattr(command, "request", None) == "D-1043-q1" and self.ticket.requests:
            return replace(command, request=[*self.ticket.requests][-1])  # type: ignore[call-arg]  # those that have one
        if getattr(command, "wait", None) in ("w3", "w4") and self.ticket.work.third_parties:
            return replace(command, wait=self.ticket.work.third_parties[-1])  # type: ignore[call-arg]  # those that have one
        return command


class UnderR(SameTicket):
    """Under the regulations."""

    terms = REGULATIONS
    created = replace(
        CREATED,
        support=UNKNOWN_UNDER_R,
    )
    body: ClassVar[dict[str, Any]] = {"product": "VMmanager 6"}


class UnderI(SameTicket):
    """Under the infrastructure terms."""

    terms = INFRASTRUCTURE
    created = replace(
        UNDER_I,
        edition="Infrastructure",
        support=UNKNOWN_UNDER_I,
    )
    body: ClassVar[dict[str, Any]] = {
        "product": "VMmanager 6",
        "edition": "Infrastructure",
        "service_level": "Standard",
        "priority": "High",
    }


def _folded(ticket_id: UUID, history: Any) -> Ticket:
    ticket = fold(ticket_id, history)
    assert ticket is not None
    return ticket
