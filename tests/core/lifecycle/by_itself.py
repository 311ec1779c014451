"""What comes to a ticket by itself, in any history: notices that are owed, deadlines that pass."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from agreement import is_late, owes_registration_notice, window_end
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from docket_events.clock import InformationDeadlinePassed, TicketAutoClosed
from docket_events.notice import ClosureBecameFinal, ClosureNoticeSent, RegistrationNoticeSent
from docket_events.recorded import Event, Fact
from docket_lifecycle.state.ticket import Closing, Ticket
from docket_policies.deadlines.timers import objections_until, timers
from docket_policies.terms.policy import Policy


class ByItself(RuleBasedStateMachine):
    """A ticket, its history under its terms, and the events that nobody commands."""

    now: datetime
    ticket: Ticket
    history: Sequence[Fact]
    terms: Policy

    def _happens(self, *events: Event) -> None:
        raise NotImplementedError

    def _notice(self, kind: str) -> UUID:
        raise NotImplementedError

    @precondition(lambda self: owes_registration_notice(self.ticket))
    @rule()
    def the_registration_notice_goes_out(self) -> None:
        self._happens(RegistrationNoticeSent(self.now, self._notice("registration")))

    @precondition(lambda self: isinstance(self.ticket.phase, Closing))
    @rule()
    def the_closing_notice_goes_out(self) -> None:
        until = objections_until(self.terms, self.now)
        self._happens(ClosureNoticeSent(self.now, self._notice("closing"), until))
        assert self.ticket.closed is not None
        assert self.ticket.closed.at == self.now
        assert (until is None) == (self.terms.objection_window is None)
        assert until is None or timedelta(days=5) < until - self.now <= timedelta(days=6)

    @precondition(lambda self: window_end(self.ticket) <= self.now)
    @rule()
    def the_objection_window_ends(self) -> None:
        self._happens(ClosureBecameFinal())

    @precondition(lambda self: any(is_late(self.ticket, self.now)))
    @rule()
    def an_information_deadline_is_noticed(self) -> None:
        for request in self.ticket.open_requests:
            if request.deadline is not None and self.now > request.deadline:
                self._happens(InformationDeadlinePassed(request.id, request.deadline, "R-6.9-b"))

    @rule()
    def the_user_was_silent_for_too_long(self) -> None:
        for timer in timers(self.history, self.terms):
            if timer.name == "TicketAutoClosed" and timer.fires_at <= self.now:
                assert self.ticket.waiting_for == "user"
                self._happens(TicketAutoClosed(timer.key, timer.clause, timer.due_at))
