"""Support hours of pack H: EST, national holidays, weekends, and years that nobody knows."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import holidays
import pytest
from given import META, SCENARIOS
from hypothesis import example, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from docket_policies.calendars.opentime import OutsideCoverage
from docket_policies.calendars.time_arithmetic import add, between
from docket_policies.eligibility.asks import ASKS
from docket_policies.eligibility.question import Unanswerable
from docket_policies.terms.calendar_files import calendar, calendar_of_file

EST = timezone(timedelta(hours=-5))

FREE = {
    day
    for year in (2005, *range(2016, 2031))
    for day, name in holidays.country_holidays("UA", years=year, language="en_US").items()
    if not name.startswith("Day off (")
}


def window(plan: str, at: str) -> Any:
    return ASKS["support_window"]({"pack": "H", "plan": plan, "at": at})


def open_at(plan: str, instant: datetime) -> bool:
    """Say whether support is open, from the words of the plan and the wall clock of EST."""
    wall = instant.astimezone(EST)
    free = wall.weekday() >= 5 or wall.date() in FREE
    if plan == "regular":
        return not free and 2 <= wall.hour < 16
    return 3 <= wall.hour < 16 if free else True


@settings(max_examples=60, deadline=None)
@example(plan="priority", year=2021, minute=518_400)  # a window over the turn of the year
@drawn(
    plan=st.sampled_from(["regular", "priority"]),
    year=st.sampled_from([2005, 2016, 2017, 2021, 2026]),
    minute=st.integers(0, 360 * 1440),
)
def test_the_next_window_is_the_one_found_minute_by_minute(
    plan: str, year: int, minute: int
) -> None:
    at = datetime(year, 1, 2, tzinfo=UTC) + timedelta(minutes=minute)
    opens = at
    while not open_at(plan, opens):
        opens += timedelta(minutes=1)
    answer = window(plan, at.isoformat())
    assert answer["open_from"] == opens.strftime("%Y-%m-%dT%H:%M:%SZ")
    closes = opens
    while open_at(plan, closes):
        closes += timedelta(minutes=1)
    assert answer["open_until"] == closes.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_C_68_a_window_that_begins_later_says_when_it_ends() -> None:
    saturday = {"open_from": "2026-06-13T08:00:00Z", "open_until": "2026-06-13T21:00:00Z"}
    monday = {"open_from": "2026-06-15T07:00:00Z", "open_until": "2026-06-15T21:00:00Z"}

    assert window("priority", "2026-06-13T06:00:00Z").items() >= saturday.items()
    assert window("regular", "2026-06-13T06:00:00Z").items() >= monday.items()
    assert window("regular", "2026-06-15T20:59:59Z")["open_until"] == "2026-06-15T21:00:00Z"


def test_C_42_a_national_holiday_on_a_weekday_has_the_hours_of_a_weekend() -> None:
    assert window("priority", "2005-03-08T07:59:59Z")["open_from"] == "2005-03-08T08:00:00Z"
    assert window("priority", "2005-03-08T15:00:00Z")["open_until"] == "2005-03-08T21:00:00Z"
    assert window("priority", "2005-03-08T21:00:00Z")["open_from"] == "2005-03-09T05:00:00Z"


def test_C_42_the_holidays_of_2005_are_those_of_the_worked_scenarios() -> None:
    regular = calendar("H_REG")
    assert regular is not None
    told = META["ukraine_national_holidays"]["2005"]
    assert sorted(day for day in regular.holidays if day.year == 2005) == [
        date.fromisoformat(day) for day in told
    ]
    assert regular.holidays == FREE


@pytest.mark.parametrize("at", ["2006-03-08T12:00:00Z", "2015-12-31T12:00:00Z"])
def test_C_13_a_year_without_holidays_is_refused_and_not_free_of_them(at: str) -> None:
    with pytest.raises(Unanswerable, match="calendar_year_missing: calendar H_REG has no holiday"):
        window("regular", at)
    year = at[:4]
    with pytest.raises(Unanswerable, match=f"for {year}"):
        window("regular", at)


def test_nothing_is_counted_across_a_gap_of_unknown_years() -> None:
    regular = calendar("H_REG")
    assert regular is not None
    known, later = datetime(2005, 12, 28, tzinfo=UTC), datetime(2016, 1, 4, tzinfo=UTC)
    with pytest.raises(OutsideCoverage, match="for 2016"):
        between(regular, known, later)
    with pytest.raises(OutsideCoverage, match="for 2006"):
        add(regular, known, 3 * 14 * 3600 + 1)
    assert add(regular, known, 14 * 3600) == datetime(2005, 12, 28, 21, tzinfo=UTC)


def test_C_41_eastern_time_with_daylight_saving_is_another_zone_in_the_data() -> None:
    (expected,) = SCENARIOS["H-003"]["alternatives"]
    text = """
    clause = "H-plan-regular-hours"
    says = "The other reading."
    timezone = "America/New_York"
    [hours]
    tue = [["02:00", "16:00"]]
    """
    other = calendar_of_file(text, "calendars/H_OTHER.toml", "H_OTHER")
    at = int(datetime(2005, 7, 12, 6, 30, tzinfo=UTC).timestamp())
    opens, _ = other.window(at)
    assert datetime.fromtimestamp(opens, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") == expected["value"]


def test_a_calendar_can_be_asked_by_its_name() -> None:
    asked = {"pack": "R", "calendar": "R_BH", "at": "2026-06-13T10:00:00Z"}
    assert ASKS["support_window"](asked)["open_from"] == "2026-06-15T09:00:00Z"
    always = ASKS["support_window"]({**asked, "calendar": "ALWAYS"})
    assert always["open_from"] == "2026-06-13T10:00:00Z"
    assert always["open_until"] is None
    with pytest.raises(Unanswerable, match="unknown_calendar"):
        ASKS["support_window"]({**asked, "calendar": "NOWHERE"})
