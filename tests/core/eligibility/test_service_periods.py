"""Months and days of service periods, their rounding, and buying further terms (I-9.7, I-10)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from given import SCENARIOS
from hypothesis import given as drawn
from hypothesis import strategies as st

from docket_policies.calendars.time_arithmetic import months_later
from docket_policies.eligibility.asks import ASKS, COMMANDS
from docket_policies.eligibility.editions import editions_of
from docket_policies.eligibility.service_periods import (
    months_and_days,
    rounded_months,
    rounding_of,
)

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
LENGTHS = st.integers(0, 5_000)


@drawn(first=DAYS, length=LENGTHS)
def test_months_and_days_added_back_give_the_last_day_and_never_overshoot(
    first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    months, days = months_and_days(first, last)
    assert months_later(first, months) + timedelta(days=days) == last
    assert 0 <= days <= 30
    assert months_later(first, months + 1) > last


@drawn(first=DAYS, length=LENGTHS, more=st.integers(0, 400))
def test_a_longer_period_never_costs_fewer_months(first: date, length: int, more: int) -> None:
    rounding = rounding_of(editions_of("I")[-1])
    shorter, _ = rounded_months(first, first + timedelta(days=length), rounding)
    longer, _ = rounded_months(first, first + timedelta(days=length + more), rounding)
    assert shorter <= longer


@drawn(first=DAYS, months=st.integers(0, 120), days=st.integers(0, 27))
def test_I_10_2_1_five_days_are_dropped_and_six_are_a_month(
    first: date, months: int, days: int
) -> None:
    last = months_later(first, months) + timedelta(days=days)
    bought, _ = rounded_months(first, last, rounding_of(editions_of("I")[-1]))
    assert bought == months + (days > 5)


def test_C_38_the_other_reading_counts_both_end_days() -> None:
    (expected,) = SCENARIOS["I-028"]["alternatives"]
    other = replace(rounding_of(editions_of("I")[-1]), first_day="included")
    assert rounded_months(date(2026, 3, 10), date(2027, 1, 15), other)[0] == expected["value"]


def test_C_38_months_are_counted_from_the_origin_and_not_chained() -> None:
    assert months_and_days(date(2026, 1, 31), date(2026, 4, 30)) == (3, 0)
    assert months_and_days(date(2026, 1, 31), date(2026, 5, 5)) == (3, 5)
    answer = ASKS["service_months_to_buy"]({"pack": "I", "period": ["2026-01-31", "2026-05-05"]})
    assert (answer["answer"], answer["clause"]) == (3, "I-10.2.1-b")


@pytest.mark.parametrize(
    ("remaining", "term"),
    [
        (1, 12),
        (12, 12),
        ([12, 1], 24),
        (["2026-06-10", "2028-06-10"], 24),
        (["2026-06-10", "2028-06-11"], 36),
        (36, 36),
        ([36, 1], None),
    ],
)
def test_I_10_2_2_the_shortest_standard_term_that_is_long_enough(
    remaining: Any, term: int | None
) -> None:
    answer = ASKS["standard_term_months"]({"pack": "I", "remaining": remaining})
    assert (answer["answer"], answer["clause"]) == (term, "I-10.2.2")


def test_I_9_7_what_was_missed_is_exact_and_nothing_when_nothing_was_missed() -> None:
    asked = {"pack": "I", "updates_until": "2026-01-31", "bought": "2026-03-05"}
    assert ASKS["missed_period"](asked) == {"months": 1, "days": 5, "clause": "I-9.7-a"}
    asked["bought"] = "2026-01-31"
    assert ASKS["missed_period"](asked)["months"] == 0


def test_I_9_7_updates_after_a_break_wait_until_the_arrears_are_paid() -> None:
    asked = {"pack": "I", "updates_until": "2026-01-31", "at": "2026-02-01T00:00:00Z"}
    assert COMMANDS["install_update"](asked)["code"] == "missed_period_unpaid"
    assert COMMANDS["install_update"]({**asked, "arrears_paid": True})["clause"] == "I-9.6"
    asked["at"] = "2026-01-31T23:59:59Z"
    assert COMMANDS["install_update"](asked)["clause"] == "I-9.5"


def test_I_10_2_1_a_terms_are_brought_together_before_the_earlier_one_ends() -> None:
    asked = {
        "pack": "I",
        "level": "Standard",
        "license_level": "Standard",
        "license_until": "2027-03-31",
        "services_until": "2026-12-31",
        "at": "2026-12-31T23:59:59Z",
    }
    verdict = COMMANDS["purchase_extension"](asked)
    assert (verdict["allowed"], verdict["until"]) == (True, "2027-03-31")
    asked["at"] = "2027-01-01T00:00:00Z"
    assert COMMANDS["purchase_extension"](asked)["code"] == "purchase_after_earlier_expiry"
