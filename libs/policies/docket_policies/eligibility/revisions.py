"""Which edition of the terms a ticket is under, and how early a new one must be published.

The edition in effect at the moment of creating stays with the ticket (R-2.2). A part of a divided
ticket keeps its parent's edition, a combined ticket has that of the most recent ticket (C-25): ask
with the moment of that ticket.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from docket_policies.eligibility.editions import edition_of, editions_of, needed
from docket_policies.eligibility.question import Question, Unanswerable
from docket_policies.terms.editions import Edition


@dataclass(frozen=True, slots=True)
class AmendmentNotice:
    """The days that must lie between the publication of an edition and its effect."""

    days: int
    clause: str


def revision(question: Question) -> Mapping[str, Any]:
    """Answer which edition is in force at `created_at`.

    `revisions` names further editions: `revision` and `effective_from`. Of several moments
    (`merged_created_at`) the latest counts. Source: R-2.2, C-25.
    """
    editions = editions_of(question.text("pack"))
    known = [(edition.effective_from, edition.revision) for edition in editions]
    if question.says("revisions"):
        announced = question.rows("revisions")
        known += [(row.instant("effective_from"), row.text("revision")) for row in announced]
    if question.says("merged_created_at"):
        moments = question.items("merged_created_at")
        at = max(Question({"at": moment}).instant("at") for moment in moments)
    else:
        at = question.instant("created_at")
    known.sort()
    in_force = [name for effective_from, name in known if effective_from <= at]
    return {"answer": in_force[-1] if in_force else known[0][1]}


def publish_revision(question: Question) -> Mapping[str, Any]:
    """Answer whether an edition published at `published_at` may take effect at `effective_from`.

    Days are the difference of the dates (C-25, C-50). Source: R-9.3, I-11.1.
    """
    notice = _notice(edition_of(question))
    published = question.day("published_at" if question.says("published_at") else "at")
    days = (question.day("effective_from") - published).days
    if days < 0:
        raise Unanswerable("field_wrong", "effective_from lies before the publication")
    return {
        "allowed": days >= notice.days,
        "clause": notice.clause,
        "code": "ok" if days >= notice.days else "notice_period_too_short",
        "days": days,
    }


@cache
def _notice(edition: Edition) -> AmendmentNotice:
    table = needed(edition, "amendment")
    notice = AmendmentNotice(table.value("days", int), table.clause())
    table.value("says", str)
    table.done()
    return notice
