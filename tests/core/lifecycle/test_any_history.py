"""What holds for every history that the rules themselves write.

Two people give commands in any order, time passes, and the notices go out when they are owed. The
machine shows that whatever `decide` wrote can be stored and folded, that refusals and repetitions
leave no trace, that a ticket which has ended stays so, and that the response clock and the timers,
which fold the same history on their own, never see another ticket than the rules do.
"""

from datetime import datetime, timedelta

from acme import ANN, MONDAY, NOTICE, OLGA, REGULATIONS, TICKET, created, text
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from docket_events.clock import InformationDeadlinePassed
from docket_events.codec import decode as read
from docket_events.codec import encode, schema_version_of, type_of
from docket_events.notice import ClosureBecameFinal, ClosureNoticeSent, RegistrationNoticeSent
from docket_events.recorded import Actor, Event, Fact
from docket_lifecycle.commands import (
    Close,
    Comment,
    CompleteUpload,
    Object,
    Prioritize,
    ProvideInformation,
    RefuseObjection,
    Register,
    RejectInformation,
    Reply,
    RequestInformation,
    Respond,
    Resume,
    Revoke,
    Suspend,
    TicketCommand,
)
from docket_lifecycle.decide import decide
from docket_lifecycle.fold import evolve, fold
from docket_lifecycle.refused import Refused
from docket_lifecycle.ticket import (
    Answer,
    Closed,
    Closing,
    Final,
    Open,
    Revoked,
    Suspended,
    Ticket,
)
from docket_policies.clock import response_clock
from docket_policies.deadlines import objections_until, timers
from docket_policies.model import ClockState

WORDS = text("some words")
requests = st.sampled_from(["q1", "q2", "q3"])
agents_commands: st.SearchStrategy[TicketCommand] = st.one_of(
    st.builds(Register),
    st.builds(
        Prioritize,
        priority=st.sampled_from(["Emergency", "High", "Medium", "Low"]),
        reason=st.just("as it looks"),
    ),
    st.builds(Respond, content=st.just(WORDS), proposes_solution=st.booleans()),
    st.builds(RequestInformation, items=st.just(WORDS)),
    st.builds(RejectInformation, request=requests, reason=st.just(WORDS)),
    st.builds(
        Close,
        reason=st.sampled_from(
            ["resolved", "out_of_scope", "info_not_provided", "product_error_found", "no_time"]
        ),
        plan_reference=st.sampled_from([None, "VM-4711"]),
    ),
    st.builds(RefuseObjection, reason=st.just(WORDS)),
)
customers_commands: st.SearchStrategy[TicketCommand] = st.one_of(
    st.builds(Reply, content=st.just(WORDS)),
    st.builds(Comment, content=st.just(WORDS)),
    st.builds(ProvideInformation, request=requests, upload_pending=st.booleans()),
    st.builds(CompleteUpload, request=requests),
    st.builds(Suspend),
    st.builds(Resume),
    st.builds(Revoke),
    st.builds(Object, st.sampled_from([WORDS, None]), st.sampled_from([WORDS, None])),
)
MESSAGES = (Respond, Reply, Comment, RequestInformation)  # said twice, they are two messages


class AnyHistory(RuleBasedStateMachine):
    """A ticket, its history, and the two people who work on it."""

    @initialize(channel=st.sampled_from(["client_area", "email", "phone"]))
    def a_ticket_is_created(self, channel: str) -> None:
        event = created(channel)  # type: ignore[arg-type]  # drawn from the channels
        self.now = MONDAY
        self.history = [Fact(event, MONDAY)]
        ticket = fold(TICKET, self.history)
        assert ticket is not None
        self.ticket = ticket

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

    @rule(command=agents_commands)
    def the_agent_gives_a_command(self, command: TicketCommand) -> None:
        self._gives(command, OLGA)

    @rule(command=customers_commands)
    def the_customer_gives_a_command(self, command: TicketCommand) -> None:
        self._gives(command, ANN)

    @precondition(lambda self: _owes_registration_notice(self.ticket))
    @rule()
    def the_registration_notice_goes_out(self) -> None:
        self._happens(RegistrationNoticeSent(self.now, NOTICE))

    @precondition(lambda self: isinstance(self.ticket.phase, Closing))
    @rule()
    def the_closing_notice_goes_out(self) -> None:
        until = objections_until(REGULATIONS, self.now)
        self._happens(ClosureNoticeSent(self.now, NOTICE, until))
        assert self.ticket.closed is not None
        assert self.ticket.closed.at == self.now
        assert until is not None
        assert timedelta(days=5) < until - self.now <= timedelta(days=6)

    @precondition(lambda self: _window_end(self.ticket) <= self.now)
    @rule()
    def the_objection_window_ends(self) -> None:
        self._happens(ClosureBecameFinal())

    @precondition(lambda self: any(_is_late(self.ticket, self.now)))
    @rule()
    def an_information_deadline_is_noticed(self) -> None:
        for request in self.ticket.open_requests:
            if request.deadline is not None and self.now > request.deadline:
                self._happens(InformationDeadlinePassed(request.id, request.deadline, "R-6.9-b"))

    @invariant()
    def the_version_counts_the_events(self) -> None:
        assert self.ticket.version == len(self.history)

    @invariant()
    def what_was_stored_folds_to_the_same_ticket(self) -> None:
        stored = [
            Fact(read(type_of(f.event), schema_version_of(f.event), encode(f.event)), f.occurred_at)
            for f in self.history
        ]
        assert fold(TICKET, stored) == self.ticket

    @invariant()
    def an_unanswered_request_waits_for_the_user(self) -> None:
        assert not self.ticket.open_requests or self.ticket.waiting_for == "user"

    @invariant()
    def the_response_clock_sees_the_same_ticket(self) -> None:
        clock = response_clock(self.history, REGULATIONS, self.now)
        assert clock.state in clock_states_of(self.ticket)

    @invariant()
    def the_timers_watch_what_the_rules_wait_for(self) -> None:
        told = {
            fact.event.request
            for fact in self.history
            if isinstance(fact.event, InformationDeadlinePassed)
        }
        armed = timers(self.history, REGULATIONS)

        assert {t.key: t.due_at for t in armed if t.name == "InformationDeadlinePassed"} == {
            request.id: request.deadline
            for request in self.ticket.open_requests
            if request.answer is Answer.AWAITED
            and request.id not in told
            and not isinstance(self.ticket.phase, Closed | Final | Revoked)
        }
        assert [t.fires_at for t in armed if t.name == "ClosureBecameFinal"] == (
            [self.ticket.phase.objections_until] if isinstance(self.ticket.phase, Closed) else []
        )

    def _gives(self, command: TicketCommand, by: Actor) -> None:
        before, ended = self.ticket, isinstance(self.ticket.phase, Final | Revoked)
        answer = self._ask(command, by)
        if isinstance(answer, Refused):
            assert answer.code
            assert answer.clause.startswith("R-")
            assert answer.detail
            assert fold(TICKET, self.history) == before
        else:
            assert not (ended and answer), "a ticket that has ended took another event"
            self._happens(*answer)
            if not isinstance(command, MESSAGES):
                again = self._ask(command, by)
                assert again == () or isinstance(again, Refused)

    def _happens(self, *events: Event) -> None:
        for event in events:
            fact = Fact(event, self.now)
            self.history.append(fact)
            self.ticket = evolve(self.ticket, fact)

    def _ask(self, command: TicketCommand, by: Actor) -> tuple[Event, ...] | Refused:
        try:
            return decide(self.ticket, command, at=self.now, actor=by, policy=REGULATIONS)
        except Refused as refused:
            return refused


def clock_states_of(ticket: Ticket) -> set[ClockState]:
    """Say in which states the response clock of such a ticket may be."""
    phase = ticket.phase.before if isinstance(ticket.phase, Closing) else ticket.phase
    match phase:
        case Revoked():
            return {"revoked"}
        case Closed() | Final():
            return {"closed"}
        case _ if ticket.registered_at is None:
            return {"not_started"}
        case Suspended():
            return {"suspended"}
        case Open():
            return (
                {"running"} if ticket.waiting_for == "provider" else {"satisfied", "waiting_user"}
            )


def _owes_registration_notice(ticket: Ticket) -> bool:
    ended = isinstance(ticket.phase, Closed | Final | Revoked)
    return ticket.in_client_area and ticket.registered_at is None and not ended


def _window_end(ticket: Ticket) -> datetime:
    match ticket.phase:
        case Closed(objections_until=datetime() as until):
            return until
        case _:
            return datetime.max.replace(tzinfo=MONDAY.tzinfo)


def _is_late(ticket: Ticket, now: datetime) -> list[bool]:
    return [
        r.deadline is not None and now > r.deadline
        for r in ticket.requests.values()
        if r.answer is not Answer.GIVEN
    ]


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(
    max_examples=100,
    stateful_step_count=30,
    deadline=None,
    phases=set(Phase) - {Phase.explain},  # explaining a failure took longer than a test may
)
