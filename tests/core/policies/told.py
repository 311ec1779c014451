"""Histories for the tests of the terms, told in few words or read from the shared data."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docket_events.codec import from_data
from docket_events.recorded import Fact
from docket_policies.terms.loader import policy, revision_in_force, with_special_conditions
from docket_policies.terms.policy import Policy

DOMAIN = Path(__file__).parents[2] / "data" / "domain"

R = policy("regulations", "R-2025-03-27")

I_REVISION = "I-2025-09-08"

INFRASTRUCTURE = policy("infrastructure", I_REVISION, "VMmanager 6", "Standard")
"""Pack I as most of its scenarios have it."""

NOTICE_ID = "00000000-0000-7000-8000-000000000001"

_CREATED = {
    "number": "1",
    "account_id": "acme",
    "requester_id": "ann",
    "channel": "client_area",
    "product": "VMmanager 6",
    "priority": "Low",
    "pack": "regulations",
    "revision": "R-2025-03-27",
}

_LEFT_OUT: Mapping[str, Mapping[str, Any]] = {
    "TicketCreated": _CREATED,
    "TicketRegisteredInClientArea": {"on_behalf_of": "ann"},
    "TicketRevoked": {"by": "ann"},
    "TicketSuspended": {"by": "ann"},
    "TicketResumed": {"by": "ann"},
    "ClosureDecided": {"clause": "R-6.10-a", "reason": "resolved"},
    "TicketRejected": {"clause": "I-3.2-e", "reason": "out_of_scope"},
    "MergedInto": {"into": "T1"},
}
"""What the shared data leaves out of an event because no clock asks for it."""


def at(text: str) -> datetime:
    """Read an instant like 2026-06-08T09:00:00Z; without a zone it is UTC."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def happened(when: str, kind: str, /, **data: Any) -> Fact:
    """Tell that an event happened."""
    filled = {**_LEFT_OUT.get(kind, {}), **data}
    if kind in ("RegistrationNoticeSent", "ClosureNoticeSent"):
        filled = {"sent_at": when, "notice_id": NOTICE_ID, **filled}
    return Fact(from_data(kind, filled), at(when))


def history_of(events: Sequence[Mapping[str, Any]]) -> tuple[Fact, ...]:
    """Read the events of a shared scenario or history; raise UnknownEventType."""
    return tuple(happened(event["at"], event["type"], **event.get("data", {})) for event in events)


def policy_of(question: Mapping[str, Any]) -> Policy:
    """Return the terms that a shared scenario is about."""
    pack = question["pack"]
    terms = policy(
        pack,
        revision_in_force(pack, at("2026-01-01")),
        question["product"],
        question.get("service_level"),
    )
    return with_special_conditions(terms, question.get("special_conditions", {}))


def shared(name: str) -> Any:
    """Read one of the shared data files."""
    return json.loads((DOMAIN / name).read_text(encoding="utf-8"))


def answer(clock: Any) -> dict[str, Any]:
    """Return a response clock in the words of the shared data."""
    return {
        "clock_state": clock.state,
        "priority": clock.priority,
        "deadline": written(clock.deadline),
        "budget_s": clock.budget_s,
        "consumed_s": clock.consumed_s,
        "remaining_s": clock.remaining_s,
        "overdue": clock.overdue,
        "ended_at": written(clock.ended_at),
    }


def written(instant: datetime | None) -> str | None:
    """Write an instant as the shared data does."""
    return None if instant is None else instant.strftime("%Y-%m-%dT%H:%M:%SZ")


FIRST = happened("2026-06-08T09:00:00Z", "TicketCreated")
NOTICE = happened("2026-06-08T09:00:00Z", "RegistrationNoticeSent")


def high(*later: Fact) -> tuple[Fact, ...]:
    """Tell a ticket of high priority, registered on Monday at 09:00, and what came later."""
    return FIRST, NOTICE, happened("2026-06-08T09:00:00Z", "PriorityChanged", to="High"), *later


def emergency(start: str, *later: Fact) -> tuple[Fact, ...]:
    """Tell an emergency registered at an instant, and what came later."""
    return (
        happened(start, "TicketCreated"),
        happened(start, "RegistrationNoticeSent"),
        happened(start, "PriorityChanged", to="Emergency"),
        *later,
    )
