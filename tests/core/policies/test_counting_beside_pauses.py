"""Counting beside pauses and dated hours: back and forth, and no time at all (C-70)."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docket_policies.calendars.calendar_format import read_calendar
from docket_policies.calendars.time_arithmetic import (
    add,
    add_beside,
    between,
    between_beside,
)
from docket_policies.terms.calendar_files import calendar
from histories import at

BOUNDED = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
NINE_TO_FIVE = {"timezone": "UTC", "hours": {"mon": [["09:00", "17:00"]]}, "holidays": []}


@given(
    pauses=st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 3_000)), max_size=4),
    amount=st.integers(1, 1_000),
)
@BOUNDED
def test_pauses_are_cut_out_once_and_never_bring_a_deadline_forward(
    pauses: list[tuple[int, int]], amount: int
) -> None:
    business = calendar("R_BH")
    assert business is not None
    start = at("2026-06-08T09:00:00Z")
    cut = [
        (start + timedelta(minutes=min(pair)), start + timedelta(minutes=max(pair)))
        for pair in pauses
    ]
    due = add_beside(business, start, amount * 60, cut)
    assert due >= add(business, start, amount * 60)
    assert between_beside(business, start, due, cut) == amount * 60

    back = add_beside(business, due, -amount * 60, cut)
    assert start <= back < due
    assert between_beside(business, back, due, cut) == amount * 60
    assert between_beside(business, back + timedelta(seconds=1), due, cut) == amount * 60 - 1


PAUSED = (at("2026-06-10T10:00:00Z"), at("2026-06-10T15:00:00Z"))


@pytest.mark.parametrize(
    "start",
    [
        "2026-06-10T10:00:00Z",
        "2026-06-10T11:15:00Z",
        "2026-06-10T15:00:00Z",
        "2026-06-13T11:15:00Z",
        "2026-06-14T20:00:00Z",
    ],
    ids=["a pause begins", "in a pause", "a pause ends", "in a pause outside hours", "at night"],
)
def test_C_70_no_time_from_an_instant_is_that_instant(start: str) -> None:
    business = calendar("R_BH")
    assert business is not None
    pauses = [PAUSED, (at("2026-06-13T10:00:00Z"), at("2026-06-13T15:00:00Z"))]
    assert add_beside(business, at(start), 0, pauses) == at(start)
    assert add_beside(business, at("2026-06-10T11:15:00Z"), 1, pauses) == at("2026-06-10T15:00:01Z")
    assert add_beside(business, at("2026-06-10T11:15:00Z"), -1, pauses) == at(
        "2026-06-10T09:59:59Z"
    )


@pytest.mark.parametrize(
    ("hours", "counted"), [([["10:00", "12:00"]], 7_200), ([], 0)], ids=["hours", "none"]
)
def test_C_70_a_dated_override_wins_over_a_holiday_of_its_day(
    hours: list[list[str]], counted: int
) -> None:
    day = {"holidays": ["2026-06-08"], "date_overrides": {"2026-06-08": hours}}
    opened = read_calendar({**NINE_TO_FIVE, **day}, name="opened")
    assert between(opened, at("2026-06-08T00:00:00Z"), at("2026-06-09T00:00:00Z")) == counted


@given(
    pauses=st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 3_000)), max_size=4),
    asked=st.integers(0, 3_000),
    amount=st.integers(0, 1_000),
)
@BOUNDED
def test_C_70_counting_back_beside_pauses_is_the_latest_instant_from_which_it_is_spent(
    pauses: list[tuple[int, int]], asked: int, amount: int
) -> None:
    business = calendar("R_BH")
    assert business is not None
    begin = at("2026-06-08T09:00:00Z")
    start = begin + timedelta(minutes=asked)
    cut = [
        (begin + timedelta(minutes=min(pair)), begin + timedelta(minutes=max(pair)))
        for pair in pauses
    ]
    from_ = add_beside(business, start, -amount * 60, cut)
    assert between_beside(business, from_, start, cut) == amount * 60
    second = timedelta(seconds=1)
    if amount:
        assert between_beside(business, from_ + second, start, cut) == amount * 60 - 1
    else:
        assert from_ == start
