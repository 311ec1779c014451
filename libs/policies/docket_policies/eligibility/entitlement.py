"""What a license is entitled to: support and updates over periods of days, both ends included.

Updates bought for a past period give no support for it (C-39). The last day counts to its end in
UTC (C-50).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from docket_policies.calendars.time_arithmetic import months_later
from docket_policies.eligibility.editions import edition_of, needed
from docket_policies.eligibility.question import Question, Unanswerable
from docket_policies.terms.editions import Edition


@dataclass(frozen=True, slots=True)
class Entitlement:
    """A period from its first to its last day, and whether it brings support beside updates."""

    first: date
    last: date
    support: bool

    def covers(self, day: date) -> bool:
        """Return whether a day lies in the period."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class States:
    """The state of a license while it is paid and after, each with its clause."""

    paid: tuple[str, str]
    after: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clauses on which entitlement rests in an edition of the terms."""

    updates: str
    after: str
    missed: str


def entitlements(question: Question) -> tuple[Entitlement, ...]:
    """Return the periods that a question names.

    `entitlements` is a list of tables `from`, `until`, `support`; `services_until` and
    `updates_until` are short for one period with and without support. Raises Unanswerable.
    """
    told = []
    if question.says("entitlements"):
        for row in question.rows("entitlements"):
            first, last = row.day("from"), row.day("until")
            told.append(Entitlement(first, last, row.flag("support")))
    for key, support in (("services_until", True), ("updates_until", False)):
        if question.says(key):
            told.append(Entitlement(date.min, question.day(key), support))
    return tuple(told)


def release_entitlement(question: Question) -> Mapping[str, Any]:
    """Answer whether a release may be installed: its date is not after the last paid day (I-9.5).

    The paid period ends with `updates_until`, `services_until`, `license_until` or the latest of
    `entitlements`. Raises Unanswerable.
    """
    clauses = clauses_of(edition_of(question))
    ends = [period.last for period in entitlements(question)]
    if question.says("license_until"):
        ends.append(question.day("license_until"))
    if not ends:
        raise Unanswerable("field_missing", "updates_until: say until when updates are included")
    return {
        "entitled": question.day("release_date") <= max(ends),
        "clause": clauses.updates,
        "until": max(ends).isoformat(),
    }


def install_update(question: Question) -> Mapping[str, Any]:
    """Answer whether updates may be installed on a day: no unpaid period lies before it (I-9.7-a).

    `updates_until` is the last day paid without a gap; `arrears_paid` says that the gap was paid.
    """
    clauses = clauses_of(edition_of(question))
    missed = question.judged_on() > question.day("updates_until")
    if missed and not question.flag("arrears_paid"):
        return {"allowed": False, "clause": clauses.missed, "code": "missed_period_unpaid"}
    return {"allowed": True, "clause": clauses.after if missed else clauses.updates, "code": "ok"}


def license_state(question: Question) -> Mapping[str, Any]:
    """Answer whether a license runs on a day, or what it has become after its paid period.

    The last paid day is `paid_until`, or the anniversary of `bought` after `term_months`.
    Source: M-stop-1, M-stop-3.
    """
    states = _states(edition_of(question))
    if question.says("paid_until"):
        last = question.day("paid_until")
    else:
        last = months_later(question.day("bought"), question.number("term_months"))
    state, clause = states.paid if question.judged_on() <= last else states.after
    return {"answer": state, "clause": clause}


@cache
def _states(edition: Edition) -> States:
    table = needed(edition, "license_end")
    states = States(
        (table.value("running", str), table.clause()),
        (table.value("after", str), table.value("refusal", str)),
    )
    table.value("says", str)
    table.done()
    return states


@cache
def clauses_of(edition: Edition) -> Clauses:
    """Return the clauses of entitlement of an edition; raise Unanswerable or BadPack."""
    table = needed(edition, "entitlement")
    rows = {name: table.child(name) for name in ("updates", "after", "missed")}
    clauses = Clauses(**{name: row.clause() for name, row in rows.items()})
    for row in rows.values():
        row.value("says", str)
        row.done()
    table.done()
    return clauses
