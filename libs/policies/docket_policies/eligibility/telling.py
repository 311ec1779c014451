"""What may be told through which channel."""

from collections.abc import Mapping
from typing import Any

from docket_policies.eligibility.editions import edition_of, needed
from docket_policies.eligibility.question import Question


def disclose_settings(question: Question) -> Mapping[str, Any]:
    """Answer whether account details, parameters and settings may be told on `channel`."""
    return _verdict(question, "disclose_settings")


def recommend_client_area_ticket(question: Question) -> Mapping[str, Any]:
    """Answer whether the agent may ask for a ticket in the client area instead of `channel`."""
    return _verdict(question, "recommend_client_area_ticket")


def _verdict(question: Question, what: str) -> Mapping[str, Any]:
    row = needed(edition_of(question), "telling").child(what)
    row.value("says", str)
    if question.text("channel") in row.names("refused_on"):
        return {"allowed": False, "clause": row.clause(), "code": row.value("code", str)}
    return {"allowed": True, "clause": row.clause(), "code": "ok"}
