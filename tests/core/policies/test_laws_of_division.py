"""The laws of dividing and combining, for whatever happens to a ticket (R-6.3-b, I-3.3).

A split or a merge improves no outcome and worsens none. What R-6.3-b grants is asserted to be all:
after a split a full budget from the split and no more, after a merge at most the deadline of the
most recent ticket. What was breached before stays so, what was met before stays met (C-55).
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from drawn_tickets import HANDED_ON, Told, tickets, without
from hypothesis import assume, given
from random_histories import BOUNDED

from docket_events.combining import TicketsMerged, TicketSplit
from docket_events.recorded import Fact
from docket_events.ticket import TicketCreated
from docket_lifecycle.commands import Merge, Part, Split
from docket_lifecycle.decide import decide
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext, OtherTicket
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Ticket
from docket_policies.calendars.time_arithmetic import add
from docket_policies.clock.response_clock import ResponseClock, TurnClock, response_clock
from people import OLGA

FIRST = UUID("01978a6e-6c00-7000-8def-0123456789ab")


SECOND = UUID("01978a6e-6c00-7000-8def-0123456789ac")


COMBINED = (TicketSplit, TicketsMerged)


def folded(ticket_id: UUID, history: Sequence[Fact]) -> Ticket:
    ticket = fold(ticket_id, history)
    assert ticket is not None
    return ticket


def outcomes(turns: Sequence[TurnClock]) -> list[tuple[datetime | None, datetime | None]]:
    """Return what became of each turn: when it was answered, and when breached."""
    return [(turn.answered_at, turn.breached_at) for turn in turns]


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
        others = [OtherTicket(folded(SECOND, source), source)]
        into = folded(FIRST, target)
        decided = decide(into, Merge(), context, history=target, others=others)
    except Refused:
        assume(False)
    merged = response_clock((*target, *(Fact(event, now) for event in decided[FIRST])), terms, now)
    ended = response_clock((*source, *(Fact(event, now) for event in decided[SECOND])), terms, now)

    assert ended.state == "closed"
    assert outcomes(ended.turns) == outcomes(clocks[1].turns), "what moved on was not met"
    assert outcomes(merged.turns)[: len(clocks[0].turns)] == outcomes(clocks[0].turns)
    if "running" in [clock.state for clock in clocks]:
        assert merged.state != "satisfied"
    newest = max(zip((target, source), clocks, strict=True), key=lambda pair: created(pair[0]))[1]
    if merged.state == newest.state == "running":
        assert merged.deadline is not None
        assert newest.deadline is not None
        assert merged.deadline <= newest.deadline


def created(history: Sequence[Fact]) -> datetime:
    return next(f.occurred_at for f in history if isinstance(f.event, TicketCreated))
