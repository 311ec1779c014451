"""Counting working time: against a minute-by-minute oracle, and by its laws."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from calendar_oracle import WEEKDAYS, minutes, open_minute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docket_policies.calendars.calendar import BadCalendar
from docket_policies.calendars.calendar_format import read_calendar
from docket_policies.calendars.opentime import OutsideCoverage
from docket_policies.calendars.time_arithmetic import (
    add,
    between,
    days_after_date,
    hours_later,
    months_later,
)
from docket_policies.terms.calendar_files import calendar
from histories import at

BOUNDED = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
LONG = settings(BOUNDED, max_examples=2_000)

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Tehran", "Australia/Lord_Howe")

# around the changes of the clock in these zones, and an ordinary week
STARTS = ("2024-03-08", "2024-03-29", "2024-04-05", "2024-10-04", "2024-10-25", "2024-11-01")

ALWAYS = {day: [["00:00", "24:00"]] for day in WEEKDAYS}

NINE_TO_FIVE = {"timezone": "UTC", "hours": {"mon": [["09:00", "17:00"]]}, "holidays": []}


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def windows(draw: st.DrawFn) -> list[list[str]]:
    edges = sorted(draw(st.sets(st.integers(0, 1440), min_size=2, max_size=4)))
    return [[clock(a), clock(b)] for a, b in zip(edges[::2], edges[1::2], strict=False)]


@st.composite
def calendars(draw: st.DrawFn) -> tuple[dict[str, Any], datetime]:
    start = datetime.combine(
        date.fromisoformat(draw(st.sampled_from(STARTS))), datetime.min.time(), tzinfo=UTC
    )
    days = [(start + timedelta(days=n)).date().isoformat() for n in range(8)]
    dated = st.dictionaries(st.sampled_from(days), windows(), max_size=2)
    hours = draw(st.dictionaries(st.sampled_from(WEEKDAYS), windows(), min_size=1))
    return {
        "timezone": draw(st.sampled_from(ZONES)),
        "hours": hours,
        "holidays": draw(st.lists(st.sampled_from(days), max_size=2)),
        "breaks": draw(dated),
        "date_overrides": draw(dated),
    }, start


def _against_the_oracle(drawn: tuple[dict[str, Any], datetime], first: int, length: int) -> None:
    data, monday = drawn
    counted = read_calendar(data, name="drawn")
    start = monday + timedelta(minutes=first)
    end = start + timedelta(minutes=length)
    opened = [minute for minute in minutes(start, end) if open_minute(data, minute)]
    assert between(counted, start, end) == 60 * len(opened)
    assert between(counted, end, start) == -60 * len(opened)
    if opened:
        assert add(counted, start, 60 * len(opened)) == opened[-1] + timedelta(minutes=1)
        assert add(counted, end, -60 * len(opened)) == opened[0]


@given(drawn=calendars(), first=st.integers(0, 2_880), length=st.integers(0, 5_000))
@BOUNDED
def test_any_calendar_counts_as_the_wall_clock_says(
    drawn: tuple[dict[str, Any], datetime], first: int, length: int
) -> None:
    _against_the_oracle(drawn, first, length)


@pytest.mark.full
@given(drawn=calendars(), first=st.integers(0, 2_880), length=st.integers(0, 5_000))
@LONG
def test_any_of_two_thousand_calendars_counts_as_the_wall_clock_says(
    drawn: tuple[dict[str, Any], datetime], first: int, length: int
) -> None:
    _against_the_oracle(drawn, first, length)


@given(
    start=st.datetimes(datetime(2016, 1, 1), datetime(2029, 12, 1)),  # noqa: DTZ001  # made aware below
    amount=st.integers(1, 10**6),
)
@BOUNDED
def test_adding_then_measuring_gives_the_time_back(start: datetime, amount: int) -> None:
    business = calendar("R_BH")
    assert business is not None
    aware = start.replace(microsecond=0, tzinfo=UTC)
    due = add(business, aware, amount)
    assert between(business, aware, due) == amount
    assert between(business, aware, due - timedelta(seconds=1)) == amount - 1


def test_C_54_windows_are_half_open_and_a_spent_budget_is_due_at_closing_time() -> None:
    business = calendar("R_BH")
    assert business is not None
    assert between(business, at("2026-06-08T09:00:00Z"), at("2026-06-08T09:00:01Z")) == 1
    assert between(business, at("2026-06-08T18:00:00Z"), at("2026-06-08T18:00:01Z")) == 0
    assert add(business, at("2026-06-08T09:00:00Z"), 9 * 3600) == at("2026-06-08T18:00:00Z")
    assert add(business, at("2026-06-08T18:00:00Z"), 0) == at("2026-06-08T18:00:00Z")


def test_a_year_without_dated_holidays_is_an_error_and_never_a_guess() -> None:
    business = calendar("R_BH")
    assert business is not None
    with pytest.raises(OutsideCoverage, match="2016-01-01 until 2031-01-01"):
        between(business, at("2015-12-31T09:00:00Z"), at("2016-01-04T18:00:00Z"))
    with pytest.raises(OutsideCoverage, match="not on 2031-01-01"):
        add(business, at("2030-12-31T17:00:00Z"), 2 * 3600)
    with pytest.raises(OutsideCoverage):
        add(business, at("2016-01-01T00:00:00Z"), -1)
    assert between(business, at("2016-01-01T00:00:00Z"), at("2031-01-01T00:00:00Z")) > 0


def test_a_calendar_without_holidays_counts_in_any_year() -> None:
    daily = calendar("I_0618")
    assert daily is not None
    assert add(daily, at("1999-12-31T17:00:00Z"), 7200) == at("2000-01-01T07:00:00Z")
    always = calendar("ALWAYS")
    assert always is not None
    assert between(always, at("1970-01-01T00:00:00Z"), at("2070-01-01T00:00:00Z")) == 3155760000


def test_an_amount_that_is_never_spent_is_an_error() -> None:
    once = {"timezone": "UTC", "hours": {}, "date_overrides": {"2026-06-08": [["09:00", "10:00"]]}}
    rare = read_calendar(once, name="rare")
    assert add(rare, at("2026-01-01T00:00:00Z"), 3600) == at("2026-06-08T10:00:00Z")
    with pytest.raises(OutsideCoverage, match="opens too little"):
        add(rare, at("2026-01-01T00:00:00Z"), 3601)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"hours": {}}, "never open"),
        ({"hours": {"mon": [["09:00", "09:00"]]}}, "must start before it ends"),
        ({"hours": {"mon": [["22:00", "06:00"]]}}, "split one that crosses midnight"),
        ({"hours": {"mon": [["09:00", "13:00"], ["12:00", "18:00"]]}}, "overlap"),
        ({"hours": {"monday": [["09:00", "17:00"]]}}, "weekdays are mon, tue"),
        ({"hours": {"mon": ["09:00-17:00"]}}, "write windows like"),
        ({"hours": {"mon": [["09:00", "25:00"]]}}, "windows like"),
        ({"timezone": "Mars/Olympus"}, "is unknown"),
        ({"holidays": ["28 October"]}, "is no date"),
        ({"breaks": {"2026-06-08": [["12:00", "12:00"]]}}, "break of 2026-06-08"),
        ({"opening_hours": []}, "unknown opening_hours"),
    ],
)
def test_a_calendar_that_cannot_be_right_is_refused_with_what_to_do(
    change: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadCalendar, match=said):
        read_calendar({**NINE_TO_FIVE, **change}, name="wrong")


def test_hours_days_and_months_are_counted_each_its_own_way() -> None:
    asked = at("2026-06-12T16:00:00Z")
    assert hours_later(asked, 72) == at("2026-06-15T16:00:00Z")
    assert days_after_date(at("2026-06-09T00:00:00Z"), 5) == at("2026-06-15T00:00:00Z")
    assert days_after_date(at("2026-06-09T23:59:59Z"), 5) == at("2026-06-15T00:00:00Z")
    assert months_later(date(2026, 4, 30), -2) == date(2026, 2, 28)
    assert months_later(date(2026, 1, 31), 3) == date(2026, 4, 30)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no zone"):
        between(read_calendar(NINE_TO_FIVE, name="c"), datetime(2026, 6, 8), at("2026-06-09"))  # noqa: DTZ001  # what is refused
