"""The response clock of packs R and I against a walk through every minute, on random histories."""

from datetime import timedelta

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st
from oracles import walked_clock
from random_histories import BOUNDED, GAPS, Drawn, histories

from docket_policies.clock.response_clock import response_clock
from histories import answer, happened

LONG = settings(BOUNDED, max_examples=1_000)


# around Easter, a holiday in the middle of a week, and an ordinary week


def _as_walked(drawn: Drawn) -> None:
    history, now, terms, rules = drawn
    for fact in history:
        note(f"{fact.occurred_at:%m-%d %H:%M} {fact.event}")
    clock = response_clock(history, terms, now)
    assert answer(clock) == walked_clock(history, now, rules)
    turn = clock.turns[clock.turn - 1]
    edges = [turn.started_at, *(span.to for span in turn.spans)]
    assert [span.from_ for span in turn.spans] == edges[:-1], "spans tile the turn"
    assert edges[-1] == now
    assert sum(span.counted_s for span in turn.spans) == turn.consumed_s, "spans add up"
    letters = (f"{terms.letter}-", "C-")
    assert all(span.clause.startswith(letters) for span in turn.spans)


@pytest.mark.parametrize("pack", ["R", "I"])
@given(data=st.data())
@BOUNDED
def test_any_history_has_the_clock_of_a_walk_through_its_minutes(
    pack: str, data: st.DataObject
) -> None:
    _as_walked(data.draw(histories(pack)))


@pytest.mark.full
@pytest.mark.parametrize("pack", ["R", "I"])
@given(data=st.data())
@LONG
def test_any_of_two_thousand_histories_has_the_clock_of_a_walk_through_its_minutes(
    pack: str, data: st.DataObject
) -> None:
    _as_walked(data.draw(histories(pack)))


@given(drawn=histories("R"), wait=st.sampled_from(GAPS))
@BOUNDED
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
@BOUNDED
def test_I_3_3_a_split_moves_no_deadline_of_the_parent(drawn: Drawn) -> None:
    history, now, terms, _ = drawn
    split = happened(now.isoformat(), "TicketSplit")
    assert response_clock((*history, split), terms, now) == response_clock(history, terms, now)


@given(drawn=histories("R"))
@BOUNDED
def test_R_6_3_b_a_breach_before_a_split_stays_with_its_turn(drawn: Drawn) -> None:
    history, now, terms, _ = drawn
    split = happened(now.isoformat(), "TicketSplit")
    before = response_clock(history, terms, now)
    after = response_clock((*history, split), terms, now)
    for earlier, later in zip(before.turns, after.turns, strict=False):
        assert earlier.breached_at == later.breached_at
