"""The laws of what is handed on: the direction of a merge, the clock of a part (C-59, C-60, C-63).

* Combined in either direction, two tickets have one clock; it is that of the most recent one that
  waits for the provider, and a breach in it had been one before or is due to another priority.
* Under pack I a part has all of its parent's clock, and is never overdue at birth unless its parent
  was, whatever its priority.
"""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from drawn_tickets import Told, tickets, without
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_histories import BOUNDED
from test_laws_of_division import FIRST, SECOND, created, folded

from docket_events.combining import TicketsMerged
from docket_events.recorded import Fact
from docket_events.ticket import Priority
from docket_lifecycle.commands import Merge, Part, Split
from docket_lifecycle.decide import decide
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext, OtherTicket
from docket_lifecycle.state.ticket import Ticket
from docket_policies.clock.response_clock import ResponseClock, response_clock
from people import OLGA

FEW, MANY = settings(BOUNDED, max_examples=60), settings(BOUNDED, max_examples=2_000)
PRIORITIES = st.sampled_from(["Emergency", "High", "Medium", "Low"])

Combined = tuple[TicketsMerged, ResponseClock]


def shown(clock: ResponseClock) -> tuple[object, ...]:
    """Return what a clock shows, without the turns: two tickets have another past each."""
    seconds = clock.budget_s, clock.consumed_s, clock.remaining_s
    return clock.state, clock.priority, clock.deadline, seconds, clock.overdue, clock.clause


def without_old_merges(told: Told) -> Told:
    """Leave out merges that do not say what is adopted: they are read as before (C-59)."""
    return replace(told, history=without(told.history, TicketsMerged))


def waits(ticket: Ticket) -> bool:
    return ticket.counting and ticket.waiting_for == "provider"


def brings_no_wait(ticket: Ticket) -> bool:
    """Say whether nothing is awaited on a ticket that would hold the combined one too (C-08)."""
    work = ticket.work
    held = work.third_parties or work.cause_unknown or work.agreed_for
    return not (held or ticket.open_requests)


def combined(told: Sequence[Told], tickets: Sequence[Ticket]) -> list[Combined]:
    """Combine two tickets into the one and into the other."""
    now, terms = max(each.now for each in told), told[0].terms
    both = []
    for into in (0, 1):
        source = OtherTicket(tickets[1 - into], told[1 - into].history)
        try:
            context = DecisionContext.of(terms, Merge(), at=now, actor=OLGA)
            history = told[into].history
            decided = decide(tickets[into], Merge(), context, history=history, others=[source])
        except Refused:
            assume(False)
        (merged,) = decided[tickets[into].id]
        assert isinstance(merged, TicketsMerged)
        both.append((merged, response_clock((*history, Fact(merged, now)), terms, now)))
    return both


def the_direction_changes_nothing(one: Told, other: Told) -> None:
    told, now = tuple(map(without_old_merges, (one, other))), max(one.now, other.now)
    tickets = [folded(name, each.history) for name, each in zip((FIRST, SECOND), told, strict=True)]
    for ticket in tickets:  # the rules write no reply beside an open request
        assume(not ticket.open_requests or ticket.waiting_for == "user")
    (merged, clock), (_, mirrored) = combined(told, tickets)

    if not any(map(waits, tickets)):
        assert merged.answered
        assert clock.state == mirrored.state
        return
    assert shown(clock) == shown(mirrored)
    waiting = [n for n in (0, 1) if waits(tickets[n])]
    chosen = max(waiting, key=lambda n: (created(told[n].history), n))
    before = response_clock(told[chosen].history, one.terms, now)
    turn = before.turns[before.turn - 1]
    assert merged.adopted is not None
    same = merged.adopted.base == turn.started_at and merged.priority == before.priority
    if same and brings_no_wait(tickets[1 - chosen]):
        assert shown(clock) == shown(before)
    assert not clock.overdue or before.overdue or not same, "no breach is made of two clocks"


def a_part_has_the_clock_of_its_parent(told: Told, priority: Priority | None) -> None:
    command = Split((Part(SECOND, "D-2", priority),), "two issues")
    history, now, terms = told.history, told.now, told.terms
    before = response_clock(history, terms, now)
    try:
        context = DecisionContext.of(terms, command, at=now, actor=OLGA)
        decided = decide(folded(FIRST, history), command, context, history=history)
    except Refused:
        assume(False)
    part = response_clock([Fact(event, now) for event in decided[SECOND]], terms, now)
    rest = response_clock([*history, *(Fact(e, now) for e in decided[FIRST])], terms, now)

    assert rest == before
    assert not part.overdue or before.overdue
    answered = before.turn == 0 or before.turns[before.turn - 1].answered_at is not None
    if priority is None and before.state == part.state and not answered:
        assert shown(part) == shown(before)


@given(one=tickets("R"), other=tickets("R"))
@FEW
def test_C_59_the_direction_of_a_merge_never_changes_an_answer(one: Told, other: Told) -> None:
    the_direction_changes_nothing(one, other)


@given(told=tickets("I"), priority=st.none() | PRIORITIES)
@FEW
def test_C_60_a_part_has_the_clock_of_its_parent_and_is_not_late_before_it(
    told: Told, priority: Priority | None
) -> None:
    a_part_has_the_clock_of_its_parent(told, priority)


@pytest.mark.full
@given(one=tickets("R"), other=tickets("R"))
@MANY
def test_C_59_in_two_thousand_pairs_the_direction_changes_nothing(one: Told, other: Told) -> None:
    the_direction_changes_nothing(one, other)


@pytest.mark.full
@given(told=tickets("I"), priority=st.none() | PRIORITIES)
@MANY
def test_C_60_in_two_thousand_histories_no_part_is_late_before_its_parent(
    told: Told, priority: Priority | None
) -> None:
    a_part_has_the_clock_of_its_parent(told, priority)
