"""The laws of the terms, for whatever happens to a ticket and in whatever calendar.

What other modules show already: that the spans of the turn that counts tile it and add up, that a
wait at the end brings no deadline forward, that a split leaves a breach with its turn (R-6.3-b) and
moves nothing under pack I (I-3.3): `test_clock_oracle`; that working time added to R_BH is measured
back: `test_counting`. Here the same holds for every turn, every place and every calendar, and:

* a deadline is the budget and the working time paused before it, added to the start of the turn;
* a split or a merge improves no outcome but in one direction. What R-6.3-b grants is asserted to be
  all: after a split a full budget from the split and no more, after a merge at most the deadline of
  the most recent ticket; what was breached before stays so. (A turn that was answered in time may
  become a breach when the combined ticket is more urgent: that is C-09, and no improvement.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st
from test_clock_oracle import BOUNDED, histories
from test_counting import BOUNDED as COUNTED
from test_counting import calendars

from docket_events.combining import TicketsMerged, TicketSplit
from docket_events.recorded import Fact
from docket_events.teams import DeveloperConsultationStarted
from docket_events.ticket import ProductTeamEscalated, TicketCreated
from docket_events.waits import OperationScheduled
from docket_lifecycle.commands import Merge, Part, Split
from docket_lifecycle.decide import decide
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Ticket
from docket_policies.calendars.calendar_format import read_calendar
from docket_policies.calendars.time_arithmetic import add, add_beside, between
from docket_policies.clock.response_clock import ResponseClock, TurnClock, response_clock
from docket_policies.terms.calendar_files import calendar
from docket_policies.terms.loader import policy
from docket_policies.terms.policy import Policy
from histories import happened
from people import OLGA

FIRST = UUID("01978a6e-6c00-7000-8def-0123456789ab")
SECOND = UUID("01978a6e-6c00-7000-8def-0123456789ac")

HANDED_ON = (ProductTeamEscalated, DeveloperConsultationStarted)
"""What lets other hours count than the target's: the laws of one calendar leave it out."""

COMBINED = (TicketSplit, TicketsMerged)

PAUSES = st.sampled_from(
    [
        ("ThirdPartyWaitStarted", "ThirdPartyResponseReceived", {"id": "v9"}),
        ("CauseUnknownDeclared", "CauseEstablished", {}),
        ("TicketSuspended", "TicketResumed", {}),
        ("InformationRequested", "InformationProvided", {"request": "q99"}),
    ]
)

MINUTES = st.integers(0, 6_000)


@dataclass(frozen=True, slots=True)
class Told:
    """A history, when to ask about it, and by which terms: pack, edition, product, level."""

    history: tuple[Fact, ...]
    now: datetime
    edition: tuple[str, str, str | None, str | None]

    @property
    def terms(self) -> Policy:
        return policy(*self.edition)


@st.composite
def tickets(draw: st.DrawFn, pack: str) -> Told:
    history, now, terms, _ = draw(histories(pack))
    product = terms.products[0] if terms.products else None
    edition = terms.letter, terms.revision, product, terms.service_level
    assert policy(*edition) == terms
    return Told(history, now, edition)


def without(history: Sequence[Fact], *kinds: type) -> tuple[Fact, ...]:
    return tuple(fact for fact in history if not isinstance(fact.event, kinds))


def folded(ticket_id: UUID, history: Sequence[Fact]) -> Ticket:
    ticket = fold(ticket_id, history)
    assert ticket is not None
    return ticket


def outcomes(turns: Sequence[TurnClock]) -> list[tuple[datetime | None, datetime | None]]:
    """Return what became of each turn: when it was answered, and when breached."""
    return [(turn.answered_at, turn.breached_at) for turn in turns]


def paused(turn: TurnClock) -> list[tuple[datetime, datetime]]:
    """Return when the turn stood; an operation that was agreed on still holds it until its hour."""
    worked = [span for span in turn.spans if span.state != "satisfied"]
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


def divided(told: Told) -> tuple[ResponseClock, ResponseClock, ResponseClock]:
    """Return the clocks of a ticket before and after it is divided, and of its only part."""
    history, now, terms = told.history, told.now, told.terms
    history = without(history, *HANDED_ON, *COMBINED)
    before = response_clock(history, terms, now)
    try:
        command = Split((Part(SECOND, "D-2"),), "two issues")
        context = DecisionContext.of(terms, command, at=now, actor=OLGA)
        decided = decide(folded(FIRST, history), command, context, history=history)
    except Refused:
        assume(False)
    parent = (*history, *(Fact(event, now) for event in decided[FIRST]))
    part = tuple(Fact(event, now) for event in decided[SECOND])
    return before, response_clock(parent, terms, now), response_clock(part, terms, now)


@given(told=tickets("R"))
@BOUNDED
def test_R_6_3_b_a_split_gives_a_full_budget_from_the_split_and_nothing_else(told: Told) -> None:
    before, after, part = divided(told)
    assume(before.turn > 0)
    now, terms = told.now, told.terms
    under_way = before.turns[before.turn - 1]
    if under_way.answered_at is None:
        assert after.state == part.state == before.state
        assert (after.deadline, after.budget_s) == (part.deadline, part.budget_s)
        assert after.turns[after.turn - 1].started_at == now
        assert None in (before.deadline, after.deadline) or after.deadline >= before.deadline
    elif before.state == "satisfied":
        assert after == before
    assert part.consumed_s == 0
    if part.state == "running":
        target = terms.targets[part.priority]
        assert part.deadline == add(target.calendar, now, target.budget_s)
    assert outcomes(after.turns)[: len(before.turns)] == outcomes(before.turns)


@given(told=tickets("I"))
@BOUNDED
def test_I_3_3_no_part_of_an_unanswered_ticket_is_due_later_than_its_parent(told: Told) -> None:
    before, after, part = divided(told)
    assert after == before
    if before.state == "running" and before.deadline is not None:
        assert part.deadline is not None
        assert part.deadline <= before.deadline
        assert part.consumed_s is not None
        assert part.consumed_s >= (before.consumed_s or 0)


@given(one=tickets("R"), other=tickets("R"))
@BOUNDED
def test_R_6_3_b_a_merge_is_due_when_the_most_recent_ticket_is_and_meets_nothing(
    one: Told, other: Told
) -> None:
    now, terms = max(one.now, other.now), one.terms
    target, source = (without(told.history, *HANDED_ON, *COMBINED) for told in (one, other))
    clocks = [response_clock(history, terms, now) for history in (target, source)]
    try:
        context = DecisionContext.of(terms, Merge(), at=now, actor=OLGA)
        others = [folded(SECOND, source)]
        decided = decide(folded(FIRST, target), Merge(), context, others=others)
    except Refused:
        assume(False)
    merged = response_clock((*target, *(Fact(event, now) for event in decided[FIRST])), terms, now)
    ended = response_clock((*source, *(Fact(event, now) for event in decided[SECOND])), terms, now)

    assert ended.state == "closed"
    assert outcomes(ended.turns) == outcomes(clocks[1].turns), "what moved on was not met"
    for earlier, later in zip(clocks[0].turns, merged.turns, strict=False):
        assert later.breached or not earlier.breached
    if "running" in [clock.state for clock in clocks]:
        assert merged.state != "satisfied"
    newest = max(zip((target, source), clocks, strict=True), key=lambda pair: created(pair[0]))[1]
    if merged.state == "running" and newest.deadline is not None:
        assert merged.deadline is not None
        assert merged.deadline <= newest.deadline


def created(history: Sequence[Fact]) -> datetime:
    return next(f.occurred_at for f in history if isinstance(f.event, TicketCreated))
