"""When support is available: the hours of a plan, and the next time somebody answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from docket_events.instants import wire
from docket_policies.calendars.calendar import Calendar
from docket_policies.calendars.epoch import moment, seconds
from docket_policies.calendars.opentime import OutsideCoverage
from docket_policies.eligibility.editions import edition_of, needed
from docket_policies.eligibility.question import Question, Unanswerable
from docket_policies.terms.calendar_files import calendar
from docket_policies.terms.editions import Edition, data_of


@dataclass(frozen=True, slots=True)
class Plan:
    """A support plan and its hours."""

    calendar: Calendar
    clause: str


@dataclass(frozen=True, slots=True)
class SupportWindow:
    """When support is open: the present window from the instant asked, or the next one.

    `open_until` is None where it never closes.
    """

    open_from: datetime
    open_until: datetime | None
    clause: str


def support_window(question: Question) -> Mapping[str, Any]:
    """Answer when support is open, at `at` or next, and until when; null where it never closes.

    The plan is `plan`, the edition's first where none is named; `calendar` names a calendar
    directly. Raises Unanswerable with `calendar_year_missing` for a year without holidays.
    """
    try:
        window = window_of(_plan(question), question.instant("at"))
    except OutsideCoverage as unknown:
        raise Unanswerable(unknown.code, str(unknown)) from unknown
    return {
        "open_from": wire(window.open_from),
        "open_until": None if window.open_until is None else wire(window.open_until),
        "clause": window.clause,
    }


def window_of(plan: Plan, at: datetime) -> SupportWindow:
    """Return when a plan's support is open, at an instant or next; raise OutsideCoverage."""
    opens, closes = plan.calendar.window(seconds(at))
    return SupportWindow(moment(opens), None if closes is None else moment(closes), plan.clause)


def _plan(question: Question) -> Plan:
    if question.says("calendar"):
        name = question.text("calendar")
        named = calendar(name)
        if named is None:
            raise Unanswerable("unknown_calendar", f"no calendar {name!r}")
        return Plan(named, named.clause or "")
    edition = edition_of(question)
    return plan_named(edition, question.text("plan") if question.says("plan") else None)


def plan_named(edition: Edition, name: str | None) -> Plan:
    """Return a plan of an edition by its name, the first where none is named.

    Raises Unanswerable.
    """
    plans = plans_of(edition)
    known = (name or next(iter(plans))).lower()
    if known not in plans:
        raise Unanswerable("unknown_plan", f"no plan {known!r}; there is {', '.join(plans)}")
    return plans[known]


def known_plans(edition: Edition) -> tuple[str, ...]:
    """Return the names of an edition's plans, the ordinary one first; none where it has none."""
    return () if data_of(edition, "plans") is None else tuple(plans_of(edition))


@cache
def plans_of(edition: Edition) -> Mapping[str, Plan]:
    """Return the plans of an edition by name, the ordinary one first; raise BadPack."""
    table = needed(edition, "plans")
    plans = {}
    for name, row in table.children("plans"):
        hours = calendar(row.value("calendar", str))
        if hours is None:
            raise row.bad("calendar", "is unknown: add it to calendars/")
        plans[name] = Plan(hours, row.clause())
        row.value("says", str)
        row.done()
    table.done()
    return plans
