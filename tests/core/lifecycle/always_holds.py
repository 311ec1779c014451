"""What holds of every ticket after every step, whatever happened to it."""

from hypothesis.stateful import invariant

from agreement import clock_state_of, open_for_clock, open_for_ticket
from by_itself import ByItself
from docket_events.clock import InformationDeadlinePassed
from docket_events.codec import decode as read
from docket_events.codec import encode, schema_version_of, type_of
from docket_events.desk import BreachExcused
from docket_events.recorded import Fact
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Answer, Closed
from docket_policies.calendars.epoch import seconds
from docket_policies.clock.fold import fold_clock
from docket_policies.clock.response_clock import response_clock
from docket_policies.deadlines.timers import timers
from docket_policies.terms.policy import Policy


class AlwaysHolds(ByItself):
    """A ticket under some terms and its history; `answered`: the provider's duty is done."""

    terms: Policy
    answered = False

    @invariant()
    def the_version_counts_the_events(self) -> None:
        assert self.ticket.version == len(self.history)

    @invariant()
    def what_was_stored_folds_to_the_same_ticket(self) -> None:
        stored = [
            Fact(read(type_of(f.event), schema_version_of(f.event), encode(f.event)), f.occurred_at)
            for f in self.history
        ]
        assert fold(self.ticket.id, stored) == self.ticket

    @invariant()
    def an_unanswered_request_waits_for_the_user(self) -> None:
        assert not self.ticket.open_requests or self.ticket.waiting_for == "user"

    @invariant()
    def the_response_clock_sees_the_same_ticket(self) -> None:
        clock = response_clock(self.history, self.terms, self.now)
        assert clock.state == clock_state_of(self.ticket, self.terms, self.now)

    @invariant()
    def ticket_and_clock_agree_on_what_is_open_and_whose_turn_it_is(self) -> None:
        if not self.ticket.ended:
            progress = fold_clock(self.history, self.terms, seconds(self.now))
            assert open_for_clock(progress) == open_for_ticket(self.ticket, self.now)

    @invariant()
    def an_excuse_moves_no_clock_and_arms_no_timer(self) -> None:
        without = [fact for fact in self.history if not isinstance(fact.event, BreachExcused)]
        if len(without) < len(self.history):
            clock = response_clock(self.history, self.terms, self.now)
            assert clock == response_clock(without, self.terms, self.now)
            assert timers(self.history, self.terms) == timers(without, self.terms)

    @invariant()
    def the_timers_watch_what_the_rules_wait_for(self) -> None:
        told = {
            fact.event.request
            for fact in self.history
            if isinstance(fact.event, InformationDeadlinePassed)
        }
        armed = timers(self.history, self.terms)

        assert {t.key: t.due_at for t in armed if t.name == "InformationDeadlinePassed"} == {
            request.id: request.deadline
            for request in self.ticket.open_requests
            if request.answer is Answer.AWAITED
            and request.id not in told
            and not self.ticket.ended
            and self.terms.information_window is not None
        }
        window = isinstance(self.ticket.phase, Closed) and self.ticket.phase.objections_until
        assert [t.fires_at for t in armed if t.name == "ClosureBecameFinal"] == (
            [window] if window else []
        )
