"""Dates and sums of sale that decide what a license or a partner is: data of the editions.

A day named as an end is the first day without (C-46); days begin in the zone the data names (C-50).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from docket_policies.eligibility.editions import edition_of, needed
from docket_policies.eligibility.question import Question, Unanswerable, written
from docket_policies.table import Table


def renew_ispmanager5(question: Question) -> Mapping[str, Any]:
    """Answer whether a license may be renewed at `at` until `until` (M-eol-1, M-eol-2)."""
    row = _row(question, "sale", "renewal")
    zone = ZoneInfo(row.value("timezone", str))
    if question.instant("at").astimezone(zone).date() >= row.value("ends", date):
        return {"allowed": False, "clause": row.clause(), "code": "sale_ended"}
    within = question.day("until") <= row.value("longest_until", date)
    code = "ok" if within else "term_too_long"
    return {"allowed": within, "clause": row.value("term_clause", str), "code": code}


def partner_participates(question: Question) -> Mapping[str, Any]:
    """Answer whether a partner takes part on a day, by the papers it filed (M-part-5)."""
    row = _row(question, "sale", "partners")
    before, stops = row.value("qualify_before", date), row.value("stops", date)
    filed = all(
        question.says(paper) and question.day(paper) < before for paper in row.names("papers")
    )
    return {"answer": filed or question.day("on") < stops, "clause": row.clause()}


def turnover_discount_outside_programme(question: Question) -> Mapping[str, Any]:
    """Answer whether turnover discounts outside the programme hold on a day (M-disc-2)."""
    return _offer(question, "turnover_discount_outside_programme")


def lifetime_license_free_upgrade(question: Question) -> Mapping[str, Any]:
    """Answer whether owners of perpetual licenses move on free of charge on a day (M-promo-1)."""
    return _offer(question, "lifetime_license_free_upgrade")


def price_usd(question: Question) -> Mapping[str, Any]:
    """Answer what a plan costs for `servers` and `months`, in dollars (H-plan-priority-price)."""
    row = _row(question, "prices", question.text("plan", "priority"))
    months = max(question.number("months"), row.value("fewest_months", int))
    further = max(question.number("servers") - row.value("servers", int), 0)
    monthly = row.value("month_usd", int) + further * row.value("further_server_usd", int)
    return {"answer": months * monthly, "clause": row.clause(), "months": months}


def license_refresh_due(question: Question) -> Mapping[str, Any]:
    """Answer by when the server must have refreshed a license paid at `paid_at` (M-move-1)."""
    row = _row(question, "sale", "license_refresh")
    due = question.instant("paid_at") + timedelta(hours=row.value("hours", int))
    return {"name": row.value("timer", str), "due_at": written(due), "clause": row.clause()}


def _offer(question: Question, name: str) -> Mapping[str, Any]:
    row = _row(question, "sale", name)
    return {"answer": question.day("on") < row.value("ends", date), "clause": row.clause()}


def _row(question: Question, thing: str, name: str) -> Table:
    table = needed(edition_of(question), thing)
    row = table.maybe(name)
    if row is None:
        raise Unanswerable("not_in_pack", f"the terms say nothing about {name}")
    return row
