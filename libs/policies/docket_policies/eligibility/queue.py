"""In which order tickets are handled where the terms promise no response time."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from docket_policies.eligibility.classification import classification
from docket_policies.eligibility.editions import edition_of, needed
from docket_policies.eligibility.question import Question, Unanswerable
from docket_policies.terms.editions import Edition


@dataclass(frozen=True, slots=True)
class Rank:
    """Tickets of a plan that are, or are not, an emergency; ranks stand in order."""

    plan: str
    emergency: bool
    clause: str


def queue(question: Question) -> Mapping[str, Any]:
    """Answer the ids of `tickets` in the order in which they are handled.

    A ticket has `id`, `plan` and `emergency`, or what classification asks for; the earlier
    `created_at` goes first within a rank, and the order of the question when there is none.
    Source: H-policy-3, C-43. Raises Unanswerable.
    """
    ranks = ranks_of(edition_of(question))
    placed = []
    for number, ticket in enumerate(question.rows("tickets")):
        place, rank = _place(question, ticket, ranks)
        created = ticket.instant("created_at").timestamp() if ticket.says("created_at") else 0.0
        placed.append((place, created, number, ticket.raw("id"), rank.clause))
    placed.sort(key=lambda row: row[:3])
    return {"answer": [row[3] for row in placed], "clauses": [row[4] for row in placed]}


def _place(question: Question, ticket: Question, ranks: tuple[Rank, ...]) -> tuple[int, Rank]:
    if ticket.says("emergency"):
        emergency = ticket.flag("emergency")
    else:
        claims = {key: ticket.raw(key) for key in _CLAIMS if ticket.says(key)}
        asked = Question({"pack": question.text("pack"), **claims})
        emergency = bool(claims) and bool(classification(asked)["emergency"])
    plan = ticket.text("plan").lower()
    for place, rank in enumerate(ranks):
        if (rank.plan, rank.emergency) == (plan, emergency):
            return place, rank
    raise Unanswerable("unknown_plan", f"no plan {plan!r} in the order of the queue")


_CLAIMS = ("subject", "component", "scope")


@cache
def ranks_of(edition: Edition) -> tuple[Rank, ...]:
    """Return the ranks of an edition, first to last; raise Unanswerable or BadPack."""
    table = needed(edition, "queue")
    ranks = []
    for row in table.rows("ranks"):
        ranks.append(Rank(row.value("plan", str), row.value("emergency", bool), row.clause()))
        row.value("says", str)
        row.done()
    table.done()
    return tuple(ranks)
