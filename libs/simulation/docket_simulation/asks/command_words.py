"""A command from the words of an ask: verb, reason, and data by the names of its fields.

Fields that hold a text take the text itself. What the rules need and an ask may leave out, such as
which request is answered, is the last one of the history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any, get_args
from uuid import UUID

import msgspec

from docket_events.clock import ResponseOverdue
from docket_events.recorded import Fact
from docket_events.ticket import InformationRequested
from docket_events.waits import ThirdPartyWaitStarted
from docket_lifecycle.commands import Command, Create, Part, Split, Standing, verb_of
from docket_policies.eligibility.classification import telling_words
from docket_policies.eligibility.question import Unanswerable
from docket_policies.terms.policy import Policy
from docket_simulation.scenarios.content_refs import content_of, references, with_references
from docket_simulation.scenarios.history import ACCOUNT, AGENT, TICKET, USER

VERBS: Mapping[str, type[Command]] = {verb_of(kind): kind for kind in get_args(Command)}

_OTHER_WORDS = {
    "register-in-client-area": "register",
    "open-remote-connection": "open-connection",
}
_OF_THE_ASK = ("ask", "command", "actor", "at", "data", "reason", "events")
"""The fields of an ask that are no facts about the issue."""
_PART = UUID("5a6f2a0e-8a53-5d0e-9d6e-6b1d0a4f1c14")
_AN_HOUR_S = 3600


def kind_of(verb: str) -> type[Command] | None:
    """Return the command that a verb names, with dashes or underscores; None for no such."""
    plain = verb.replace("_", "-")
    return VERBS.get(_OTHER_WORDS.get(plain, plain))


def command_of(
    kind: type[Command], said: Mapping[str, Any], history: Sequence[Fact], terms: Policy
) -> Command:
    """Return the command of an ask; raise Unanswerable with the field that is wrong.

    `said` has the fields of the ask, replaced by those of its data.
    """
    known = {f.name: said[f.name] for f in fields(kind) if said.get(f.name) is not None}
    known = {**_unsaid(kind, history), **_in_other_words(kind, said, terms), **known}
    try:
        return msgspec.convert(with_references(kind, known), type=kind)
    except msgspec.ValidationError as wrong:
        raise Unanswerable("field_wrong", f"{verb_of(kind)}: {wrong}") from None


def _unsaid(kind: type[Command], history: Sequence[Fact]) -> dict[str, Any]:
    """Return the fields that the command needs and an ask may leave out."""
    needed = {f.name for f in fields(kind) if f.default is f.default_factory is MISSING}
    texts: dict[str, Any] = {name: content_of(name) for name in needed & references(kind)}
    plain = {name: value for name, value in _plain(history).items() if name in needed}
    return {**plain, **texts}


def _plain(history: Sequence[Fact]) -> dict[str, Any]:
    events = [fact.event for fact in history]
    requests = [e.request for e in events if isinstance(e, InformationRequested)]
    overdue = [e.turn for e in events if isinstance(e, ResponseOverdue)]
    waits = [e.id for e in events if isinstance(e, ThirdPartyWaitStarted)]
    return {
        "request": requests[-1] if requests else "",
        "wait": waits[-1] if waits else "",
        "turn": overdue[-1] if overdue else 1,
        "approver": AGENT,
        "reason": "",
        "what": "",
        "party": "third party",
        "form": "written",
        "seconds": _AN_HOUR_S,
        "why": "person_asked",
        "parts": (Part(_PART, "T2"),),
        "number": TICKET,
        "account_id": ACCOUNT,
        "requester_id": USER,
        "channel": "client_area",
        "product": "",
    }


def _in_other_words(kind: type[Command], said: Mapping[str, Any], terms: Policy) -> dict[str, Any]:
    """Return the fields that have other names in asks."""
    other: dict[str, Any] = {}
    if said.get("motivated") is True:
        other |= {"description": "what it is", "consequences": "what follows from it"}
    if kind is Create:
        other["several_issues"] = said.get("flag") == "multiple_issues"
        other["standing"] = _standing(said)
        if said.get("installed") is not None:
            other["product_version"] = said["installed"]
        other |= {f"said_{name}": said[name] for name in ("os", "environment") if said.get(name)}
        if isinstance(subject := said.get("subject"), str):
            other["subject_words"] = telling_words(subject)
        if terms.initial_by == "user":
            other["priority"] = terms.initial_priority
    if kind is Split and isinstance(said.get("parts"), int):
        raise Unanswerable("field_wrong", "split: parts is a list")
    return {name: value for name, value in other.items() if name in {f.name for f in fields(kind)}}


def _standing(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known of whoever opens a ticket; true flags of a partner are its grounds."""
    known = {f.name: said[f.name] for f in fields(Standing) if said.get(f.name) is not None}
    who = said.get("actor")
    if who in ("partner", "sublicensee", "outsider"):
        known["who"] = who
        known["grounds"] = tuple(name for name, value in said.items() if value is True)
    known["facts"] = {name: value for name, value in said.items() if name not in _OF_THE_ASK}
    return known
