"""Dates and sums of sale that decide what a license or a partner is: data of the editions.

A day named as an end is the first day after it (C-46); days begin in the zone the data names
(C-50).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from docket_events.instants import whole_seconds, wire
from docket_policies.eligibility.editions import edition_of, needed
from docket_policies.eligibility.question import Question, Unanswerable
from docket_policies.terms.editions import Edition
from docket_policies.terms.table import Table


@dataclass(frozen=True, slots=True)
class Renewal:
    """A product is sold and renewed before one day, for a period that ends by another."""

    ends: date
    longest_until: date
    zone: ZoneInfo
    clause: str
    term_clause: str


@dataclass(frozen=True, slots=True)
class Partners:
    """A partner who did not file its papers before one day takes no part from another day on."""

    qualify_before: date
    stops: date
    papers: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Refresh:
    """A timer of so many hours after a payment."""

    hours: int
    timer: str
    clause: str


@dataclass(frozen=True, slots=True)
class Sale:
    """The dates of sale of an edition; an offer is named by the first day on which it is over."""

    renewal: Renewal
    partners: Partners
    refresh: Refresh
    offers: Mapping[str, tuple[date, str]]


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars a month for so many servers, more for each further one, and the fewest months."""

    month_usd: int
    fewest_months: int
    servers: int
    further_server_usd: int
    clause: str


def renew_ispmanager5(question: Question) -> Mapping[str, Any]:
    """Answer whether a license may be renewed at `at` until `until` (M-eol-1, M-eol-2)."""
    renewal = sale_of(edition_of(question)).renewal
    if question.instant("at").astimezone(renewal.zone).date() >= renewal.ends:
        return {"allowed": False, "clause": renewal.clause, "code": "sale_ended"}
    within = question.day("until") <= renewal.longest_until
    code = "ok" if within else "term_too_long"
    return {"allowed": within, "clause": renewal.term_clause, "code": code}


def partner_participates(question: Question) -> Mapping[str, Any]:
    """Answer whether a partner takes part on a day, by the papers it filed (M-part-5)."""
    partners = sale_of(edition_of(question)).partners
    filed = all(
        question.says(paper) and question.day(paper) < partners.qualify_before
        for paper in partners.papers
    )
    return {"answer": filed or question.day("on") < partners.stops, "clause": partners.clause}


def turnover_discount_outside_programme(question: Question) -> Mapping[str, Any]:
    """Answer whether turnover discounts outside the programme hold on a day (M-disc-2)."""
    return _offer(question, "turnover_discount_outside_programme")


def lifetime_license_free_upgrade(question: Question) -> Mapping[str, Any]:
    """Answer whether owners of perpetual licenses move on free of charge on a day (M-promo-1)."""
    return _offer(question, "lifetime_license_free_upgrade")


def license_refresh_due(question: Question) -> Mapping[str, Any]:
    """Answer by when the server must have refreshed a license paid at `paid_at` (M-move-1)."""
    refresh = sale_of(edition_of(question)).refresh
    due = question.instant("paid_at") + timedelta(hours=refresh.hours)
    return {"name": refresh.timer, "due_at": wire(whole_seconds(due)), "clause": refresh.clause}


def price_usd(question: Question) -> Mapping[str, Any]:
    """Answer what a plan costs for `servers` and `months`, in dollars (H-plan-priority-price)."""
    prices, plan = _prices(edition_of(question)), question.text("plan", "priority")
    if plan not in prices:
        raise Unanswerable("unknown_plan", f"no price of {plan!r}; there is {', '.join(prices)}")
    price = prices[plan]
    months = max(question.number("months"), price.fewest_months)
    further = max(question.number("servers") - price.servers, 0)
    monthly = price.month_usd + further * price.further_server_usd
    return {"answer": months * monthly, "clause": price.clause, "months": months}


def _offer(question: Question, name: str) -> Mapping[str, Any]:
    ends, clause = sale_of(edition_of(question)).offers[name]
    return {"answer": question.day("on") < ends, "clause": clause}


@cache
def sale_of(edition: Edition) -> Sale:
    """Return the dates of sale of an edition; raise Unanswerable or BadPack."""
    table = needed(edition, "sale")
    sold, partners, refresh = (
        table.child(name) for name in ("renewal", "partners", "license_refresh")
    )
    offers = {
        name: table.child(name)
        for name in ("turnover_discount_outside_programme", "lifetime_license_free_upgrade")
    }
    sale = Sale(
        Renewal(
            ends=sold.value("ends", date),
            longest_until=sold.value("longest_until", date),
            zone=ZoneInfo(sold.value("timezone", str)),
            clause=sold.clause(),
            term_clause=sold.value("term_clause", str),
        ),
        Partners(
            qualify_before=partners.value("qualify_before", date),
            stops=partners.value("stops", date),
            papers=partners.names("papers"),
            clause=partners.clause(),
        ),
        Refresh(refresh.value("hours", int), refresh.value("timer", str), refresh.clause()),
        {name: (row.value("ends", date), row.clause()) for name, row in offers.items()},
    )
    _said(sold, partners, refresh, *offers.values())
    table.done()
    return sale


@cache
def _prices(edition: Edition) -> Mapping[str, Price]:
    table = needed(edition, "prices")
    rows = {"priority": table.child("priority")}
    prices = {
        plan: Price(
            month_usd=row.value("month_usd", int),
            fewest_months=row.value("fewest_months", int),
            servers=row.value("servers", int),
            further_server_usd=row.value("further_server_usd", int),
            clause=row.clause(),
        )
        for plan, row in rows.items()
    }
    _said(*rows.values())
    table.done()
    return prices


def _said(*rows: Table) -> None:
    """Refuse a row without a sentence or with an unknown key."""
    for row in rows:
        row.value("says", str)
        row.done()
