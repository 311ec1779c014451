"""In which order tickets are handled where the terms promise no response time."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from docket_events.opening import Rank as Level
from docket_policies.eligibility.classification import classification
from docket_policies.eligibility.editions import edition_of, needed
from docket_policies.eligibility.question import Question, Unanswerable
from docket_policies.terms.editions import Edition


@dataclass(frozen=True, slots=True)
class Rank:
    """Tickets of a plan that are, or are not, an emergency; ranks stand in order.

    Of the emergencies of a rank those of the highest level go first (H-policy-4).
    """

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
        plan, level = ticket.text("plan").lower(), _level(question, ticket)
        place, clause = place_of(ranks, plan, level)
        created = ticket.instant("created_at").timestamp() if ticket.says("created_at") else 0.0
        placed.append((place, created, number, ticket.raw("id"), clause))
    placed.sort(key=lambda row: row[:3])
    return {"answer": [row[3] for row in placed], "clauses": [row[4] for row in placed]}


def place_of(ranks: tuple[Rank, ...], plan: str, level: Level) -> tuple[int, str]:
    """Return the place of a ticket in the queue, the first is 0, and the clause that gives it.

    Raises Unanswerable for a plan that the order does not know.
    """
    for place, rank in enumerate(ranks):
        if (rank.plan, rank.emergency) == (plan, level != "ordinary"):
            return 2 * place + (level == "emergency"), rank.clause
    raise Unanswerable("unknown_plan", f"no plan {plan!r} in the order of the queue")


def places_of(ranks: tuple[Rank, ...]) -> int:
    """Return how many places the queue has."""
    return 2 * len(ranks)


def _level(question: Question, ticket: Question) -> Level:
    """Return how urgent a ticket is: as it says, or as what it claims is classified."""
    claims = {key: ticket.raw(key) for key in _CLAIMS if ticket.says(key)}
    asked = Question({"pack": question.text("pack"), **claims})
    level: Level = classification(asked)["rank"] if claims else "ordinary"
    if not ticket.says("emergency"):
        return level
    if not ticket.flag("emergency"):
        return "ordinary"
    return "highest" if level == "highest" else "emergency"


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
