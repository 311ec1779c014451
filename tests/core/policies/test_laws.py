"""The laws of the terms, for whatever happens to a ticket and in whatever calendar.

What other modules show already: that the spans of the turn that counts tile it and add up, that a
wait at the end brings no deadline forward, that a split leaves a breach with its turn (R-6.3-b) and
moves nothing under pack I (I-3.3): `test_clock_oracle`; that working time added to R_BH is measured
back: `test_counting`. Here the same holds for every turn, every place and every calendar, and:

* a deadline is the budget and the working time paused before it, added to the start of the turn.

The laws of dividing and combining are in `test_laws_of_division`.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from drawn_tickets import HANDED_ON, Told, tickets, without
from hypothesis import given
from hypothesis import strategies as st
from random_histories import BOUNDED
from test_counting import BOUNDED as COUNTED
from test_counting import calendars

from docket_events.combining import TicketsMerged
from docket_events.waits import OperationScheduled
from docket_policies.calendars.calendar_format import read_calendar
from docket_policies.calendars.time_arithmetic import add, add_beside, between
from docket_policies.clock.response_clock import TurnClock, response_clock
from docket_policies.terms.calendar_files import calendar
from docket_policies.terms.policy import Policy
from histories import happened

PAUSES = st.sampled_from(
    [
        ("ThirdPartyWaitStarted", "ThirdPartyResponseReceived", {"id": "v9"}),
        ("CauseUnknownDeclared", "CauseEstablished", {}),
        ("TicketSuspended", "TicketResumed", {}),
        ("InformationRequested", "InformationProvided", {"request": "q99"}),
    ]
)

MINUTES = st.integers(0, 6_000)


def paused(turn: TurnClock) -> list[tuple[datetime, datetime]]:
    """Return when the turn stood; an operation that was agreed on still holds it until its hour.

    By when it was owed is known for good when it is answered: what held it later does not count.
    """
    done = turn.answered_at or datetime.max.replace(tzinfo=UTC)
    worked = [span for span in turn.spans if span.from_ < done and span.state != "satisfied"]
    stood = [(span.from_, span.to) for span in worked if span.state != "running"]
    match worked[-1].cause.event if worked else None:
        case OperationScheduled(agreed_for=hour) | TicketsMerged(agreed_for=datetime() as hour) if (
            worked[-1].state == "scheduled_operation"
        ):
            stood[-1] = worked[-1].from_, max(hour, worked[-1].to)
    return stood


def is_budget_and_pauses_after_the_start(turn: TurnClock, terms: Policy) -> None:
    if turn.due_at is None or turn.budget_s is None:
        return
    counted, start, due = terms.targets[turn.priority].calendar, turn.started_at, turn.due_at
    stood = paused(turn)
    lost = sum(between(counted, from_, min(to, due)) for from_, to in stood if from_ < due)
    assert due == add(counted, start, turn.budget_s + lost)
    assert due == add_beside(counted, start, turn.budget_s, stood)


@given(told=tickets("R") | tickets("I"))
@BOUNDED
def test_a_deadline_is_the_budget_and_the_working_time_paused_before_it(told: Told) -> None:
    asked = told.now + timedelta(minutes=1)  # so that the last event has had an effect
    *ended, current = response_clock(without(told.history, *HANDED_ON), told.terms, asked).turns
    for turn in ended:
        if turn.due_at is not None and turn.ended_at is not None and turn.due_at <= turn.ended_at:
            is_budget_and_pauses_after_the_start(turn, told.terms)
    is_budget_and_pauses_after_the_start(current, told.terms)


@given(told=tickets("R") | tickets("I"))
@BOUNDED
def test_the_spans_of_every_turn_tile_it_and_add_up_in_their_calendars(told: Told) -> None:
    history, now, terms = told.history, told.now, told.terms
    for turn in response_clock(history, terms, now).turns:
        edges = [turn.started_at, *(span.to for span in turn.spans)]
        assert [span.from_ for span in turn.spans] == edges[:-1]
        assert edges[-1] == (turn.ended_at or now)
        assert sum(span.counted_s for span in turn.spans) == turn.consumed_s
        for span in turn.spans:
            assert span.from_ < span.to
            assert (span.calendar is not None) == (span.state == "running")
            counted = calendar(span.calendar) if span.calendar else None
            assert span.counted_s == (between(counted, span.from_, span.to) if counted else 0)


@given(told=tickets("R") | tickets("I"), pause=PAUSES, begins=MINUTES, lasts=MINUTES)
@BOUNDED
def test_a_pause_at_any_time_never_brings_a_deadline_forward(
    told: Told, pause: tuple[str, str, dict[str, Any]], begins: int, lasts: int
) -> None:
    history, now, terms = told.history, told.now, told.terms
    start = history[0].occurred_at + timedelta(minutes=begins)
    end = start + timedelta(minutes=lasts)
    stands, goes_on, data = pause
    stood = (
        happened(start.isoformat(), stands, **data),
        happened(end.isoformat(), goes_on, **data),
    )
    asked = max(now, end)
    before = response_clock(history, terms, asked)
    after = response_clock((*history, *stood), terms, asked)
    if before.deadline is not None and after.deadline is not None:
        assert after.deadline >= before.deadline


@given(
    drawn=calendars(),
    minute=st.integers(0, 2_880),
    amount=st.integers(1, 10**6),
    more=st.integers(1, 10**6),
)
@COUNTED
def test_in_any_calendar_what_was_added_is_measured_and_adding_twice_is_adding_the_sum(
    drawn: tuple[dict[str, Any], datetime], minute: int, amount: int, more: int
) -> None:
    counted, start = read_calendar(drawn[0], name="drawn"), drawn[1] + timedelta(minutes=minute)
    due, since = add(counted, start, amount), add(counted, start, -amount)
    assert between(counted, start, due) == between(counted, since, start) == amount
    assert add(counted, due, more) == add(counted, start, amount + more)
