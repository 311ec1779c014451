"""What may be disclosed through which channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from docket_policies.eligibility.editions import edition_of, needed
from docket_policies.eligibility.question import Question
from docket_policies.terms.editions import Edition


@dataclass(frozen=True, slots=True)
class Telling:
    """Something that an agent may do on any channel except these."""

    refused_on: tuple[str, ...]
    clause: str
    code: str


def disclose_settings(question: Question) -> Mapping[str, Any]:
    """Answer whether account details, parameters and settings may be disclosed on `channel`."""
    return _verdict(question, "disclose_settings")


def recommend_client_area_ticket(question: Question) -> Mapping[str, Any]:
    """Answer whether the agent may ask for a ticket in the client area instead of `channel`."""
    return _verdict(question, "recommend_client_area_ticket")


def _verdict(question: Question, what: str) -> Mapping[str, Any]:
    telling = _tellings(edition_of(question))[what]
    if question.text("channel") in telling.refused_on:
        return {"allowed": False, "clause": telling.clause, "code": telling.code}
    return {"allowed": True, "clause": telling.clause, "code": "ok"}


@cache
def _tellings(edition: Edition) -> Mapping[str, Telling]:
    table = needed(edition, "telling")
    tellings = {}
    for what in ("disclose_settings", "recommend_client_area_ticket"):
        row = table.child(what)
        refused_on = row.names("refused_on")
        code = row.value("code", str) if refused_on else "ok"
        tellings[what] = Telling(refused_on, row.clause(), code)
        row.value("says", str)
        row.done()
    table.done()
    return tellings
