"""When support is available: the hours of a plan, and the next time somebody answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from docket_events.instants import wire
from docket_policies.calendars.calendar import Calendar
from docket_policies.calendars.epoch import moment, seconds
from docket_policies.calendars.opentime import OutsideCoverage
from docket_policies.eligibility.editions import edition_of, needed
from docket_policies.eligibility.question import Question, Unanswerable
from docket_policies.terms.calendar_files import calendar
from docket_policies.terms.editions import Edition


@dataclass(frozen=True, slots=True)
class Plan:
    """A support plan and its hours."""

    calendar: Calendar
    clause: str


def support_window(question: Question) -> Mapping[str, Any]:
    """Answer when support is open, at `at` or next; `open_until` when it is open at that moment.

    The plan is `plan`, the edition's first where none is named; `calendar` names a calendar
    directly. Raises Unanswerable with `calendar_year_missing` for a year without holidays.
    """
    plan = _plan(question)
    at = seconds(question.instant("at"))
    try:
        opens, closes = plan.calendar.window(at)
    except OutsideCoverage as unknown:
        raise Unanswerable(unknown.code, str(unknown)) from unknown
    answer: dict[str, Any] = {"open_from": wire(moment(opens)), "clause": plan.clause}
    if opens == at and closes is not None:
        answer["open_until"] = wire(moment(closes))
    return answer


def _plan(question: Question) -> Plan:
    if question.says("calendar"):
        name = question.text("calendar")
        named = calendar(name)
        if named is None:
            raise Unanswerable("unknown_calendar", f"no calendar {name!r}")
        return Plan(named, named.clause or "")
    plans = plans_of(edition_of(question))
    name = question.text("plan", next(iter(plans))).lower()
    if name not in plans:
        raise Unanswerable("unknown_plan", f"no plan {name!r}; there is {', '.join(plans)}")
    return plans[name]


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
