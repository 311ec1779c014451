"""Periods of services in calendar months: rounding, standard terms, unpaid time.

Months are anniversaries of the first day, clamped to the end of a shorter month and never chained;
days are what remains, the first day excluded (C-38).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal, assert_never, get_args

from docket_policies.calendars.time_arithmetic import months_later
from docket_policies.eligibility.editions import edition_of, needed
from docket_policies.eligibility.entitlement import clauses_of
from docket_policies.eligibility.question import Question
from docket_policies.terms.editions import Edition
from docket_policies.terms.table import Table

FirstDay = Literal["excluded", "included"]


@dataclass(frozen=True, slots=True)
class Rounding:
    """A remainder of up to `days` is dropped, a longer one is a month; `first_day` is C-38."""

    days: int
    first_day: FirstDay
    down: str
    up: str
    whole: str


@dataclass(frozen=True, slots=True)
class Terms:
    """The standard terms in months, shortest first."""

    months: tuple[int, ...]
    clause: str


def months_and_days(first: date, last: date) -> tuple[int, int]:
    """Return the whole calendar months from a day to a later one, and the days that remain."""
    months = (last.year - first.year) * 12 + last.month - first.month
    while months_later(first, months) > last:
        months -= 1
    return months, (last - months_later(first, months)).days


def rounded_months(first: date, last: date, rounding: Rounding) -> tuple[int, str]:
    """Return the months to buy for a period, and the clause of the rounding."""
    match rounding.first_day:
        case "excluded":
            months, days = months_and_days(first, last)
        case "included":
            months, days = months_and_days(first, last + timedelta(days=1))
        case _:
            assert_never(rounding.first_day)
    if days == 0:
        return months, rounding.whole
    if days <= rounding.days:
        return months, rounding.down
    return months + 1, rounding.up


def service_months_to_buy(question: Question) -> Mapping[str, Any]:
    """Answer how many months of services bring `period` from one expiry to the other (I-10.2.1)."""
    first, last = question.days("period")
    months, clause = rounded_months(first, last, rounding_of(edition_of(question)))
    return {"answer": months, "clause": clause, "parts": list(months_and_days(first, last))}


def standard_term_months(question: Question) -> Mapping[str, Any]:
    """Answer the shortest standard term not shorter than what remains, null when none is.

    `remaining` is a number of months, months and days, or a pair of dates as `period` is.
    Source: I-10.2.2.
    """
    _, terms = _periods(edition_of(question))
    months, days = _remaining(question)
    long_enough = [term for term in terms.months if (term, 0) >= (months, days)]
    code = "ok" if long_enough else "no_standard_term"
    return {
        "answer": min(long_enough) if long_enough else None,
        "clause": terms.clause,
        "code": code,
    }


def missed_period(question: Question) -> Mapping[str, Any]:
    """Answer the unpaid months and days between the end of updates and the purchase, unrounded.

    Either `period`, or `updates_until` and `bought`. Source: I-9.7-a, C-38.
    """
    clause = clauses_of(edition_of(question)).missed
    if question.says("period"):
        first, last = question.days("period")
    else:
        first = question.day("updates_until")
        last = question.day("bought") if question.says("bought") else question.judged_on()
    if last < first:
        return {"months": 0, "days": 0, "clause": clause}
    months, days = months_and_days(first, last)
    return {"months": months, "days": days, "clause": clause}


def _remaining(question: Question) -> tuple[int, int]:
    if question.says("period") or not question.says("remaining"):
        return months_and_days(*question.days("period"))
    told = question.raw("remaining")
    if isinstance(told, int):
        return question.number("remaining"), 0
    parts = question.items("remaining")
    if len(parts) == 2 and all(isinstance(part, int) and part >= 0 for part in parts):
        return parts[0], parts[1]
    return months_and_days(*question.days("remaining"))


def rounding_of(edition: Edition) -> Rounding:
    """Return the rounding of an edition; raise Unanswerable or BadPack."""
    return _periods(edition)[0]


@cache
def _periods(edition: Edition) -> tuple[Rounding, Terms]:
    table = needed(edition, "service_periods")
    periods = _rounding(table.child("rounding")), _terms(table.child("standard_terms"))
    table.done()
    return periods


def _rounding(table: Table) -> Rounding:
    named = table.value("first_day", str)
    first_day = next((known for known in get_args(FirstDay) if known == named), None)
    if first_day is None:
        raise table.bad("first_day", f"C-38 is read as one of {', '.join(get_args(FirstDay))}")
    rounding = Rounding(
        days=table.value("days", int),
        first_day=first_day,
        down=table.value("down", str),
        up=table.value("up", str),
        whole=table.clause(),
    )
    table.value("says", str)
    table.done()
    return rounding


def _terms(table: Table) -> Terms:
    months = table.value("months", list)
    if not months or any(not isinstance(term, int) or term <= 0 for term in months):
        raise table.bad("months", "write the standard terms, each a number of months above 0")
    terms = Terms(tuple(sorted(months)), table.clause())
    table.value("says", str)
    table.done()
    return terms
