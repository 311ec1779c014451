"""The response clock of packs R and I against a walk through every minute, on random histories."""

from datetime import timedelta

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st
from oracles import walked_clock, walked_timers
from random_histories import BOUNDED, GAPS, Drawn, histories

from docket_policies.clock.response_clock import ResponseClock, response_clock
from docket_policies.deadlines.timers import Timer, timers
from histories import answer, happened, written

SHORT = settings(BOUNDED, max_examples=60)
LAWS = settings(BOUNDED, max_examples=25)
LONG = settings(BOUNDED, max_examples=5_000)


def _as_walked(drawn: Drawn) -> None:
    history, now, terms, rules = drawn
    note(f"{terms.letter} {terms.products} {terms.service_level}, asked at {now:%m-%d %H:%M}")
    for fact in history:
        note(f"{fact.occurred_at:%m-%d %H:%M} {fact.event}")
    clock = response_clock(history, terms, now)
    assert answer(clock) == walked_clock(history, now, rules)
    armed = {_last_instant(timer) for timer in timers(history, terms)} - {None}
    assert armed == walked_timers(history, rules)
    _spans_tile_the_turn(clock, terms.letter)


def _last_instant(timer: Timer) -> tuple[str, str, str | None] | None:
    """Name a timer that the walk arms too; a silence is over at its end, a request after it."""
    match timer.name:
        case "TicketAutoClosed":
            return timer.name, timer.key, written(timer.fires_at)
        case "InformationDeadlinePassed":
            return timer.name, timer.key, written(timer.due_at)
        case _:
            return None


def _spans_tile_the_turn(clock: ResponseClock, letter: str) -> None:
    turn = clock.turns[clock.turn - 1]
    edges = [turn.started_at, *(span.to for span in turn.spans)]
    assert [span.from_ for span in turn.spans] == edges[:-1], "spans tile the turn"
    if turn.consumed_s is not None:
        assert sum(span.counted_s for span in turn.spans) == turn.consumed_s, "spans add up"
    assert all(span.clause.startswith((f"{letter}-", "C-")) for span in turn.spans)


@pytest.mark.parametrize("pack", ["R", "I"])
@given(data=st.data())
@SHORT
def test_any_history_has_the_clock_of_a_walk_through_its_minutes(
    pack: str, data: st.DataObject
) -> None:
    _as_walked(data.draw(histories(pack)))


@pytest.mark.full
@pytest.mark.parametrize("pack", ["R", "I"])
@given(data=st.data())
@LONG
def test_any_of_ten_thousand_histories_has_the_clock_of_a_walk_through_its_minutes(
    pack: str, data: st.DataObject
) -> None:
    _as_walked(data.draw(histories(pack)))


@given(drawn=histories("R"), wait=st.sampled_from(GAPS))
@LAWS
def test_a_pause_never_brings_a_deadline_forward(drawn: Drawn, wait: int) -> None:
    history, now, terms, _ = drawn
    before = response_clock(history, terms, now).deadline
    later = now + timedelta(minutes=wait)
    party = [
        happened(now.isoformat(), "ThirdPartyWaitStarted", id="v9"),
        happened(later.isoformat(), "ThirdPartyResponseReceived", id="v9"),
    ]
    after = response_clock((*history, *party), terms, later).deadline
    assert before is None or after is None or after >= before


@given(drawn=histories("I"))
@LAWS
def test_I_3_3_a_split_moves_no_deadline_of_the_parent(drawn: Drawn) -> None:
    history, now, terms, _ = drawn
    split = happened(now.isoformat(), "TicketSplit")
    assert response_clock((*history, split), terms, now) == response_clock(history, terms, now)


@given(drawn=histories("R"))
@LAWS
def test_R_6_3_b_a_breach_before_a_split_stays_with_its_turn(drawn: Drawn) -> None:
    history, now, terms, _ = drawn
    split = happened(now.isoformat(), "TicketSplit")
    before = response_clock(history, terms, now)
    after = response_clock((*history, split), terms, now)
    for earlier, later in zip(before.turns, after.turns, strict=False):
        assert earlier.breached_at == later.breached_at
