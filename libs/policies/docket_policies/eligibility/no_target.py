"""Terms that promise no time to answer: their tickets have no response clock."""

from collections.abc import Mapping
from typing import Any

from docket_policies.eligibility.editions import edition_of
from docket_policies.eligibility.question import Question, Unanswerable


def response_clock(question: Question) -> Mapping[str, Any]:
    """Answer the clock of a ticket under terms without a target; raise Unanswerable under others.

    Source: H-policy-3, M-price-support, C-35.
    """
    edition = edition_of(question)
    if edition.no_target is None:
        raise Unanswerable("has_clock", f"{edition.pack} counts a response time: ask its clock")
    return {
        "clock_state": "no_target",
        "deadline": None,
        "budget_s": None,
        "overdue": False,
        "clause": edition.no_target,
    }
