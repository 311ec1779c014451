"""Questions for the tests of the simulation, told in few words."""

import json
from typing import Any

from docket_simulation.simulator import answer_line

MONDAY = "2026-06-08T09:00:00Z"

Event = dict[str, Any]


def event(at: str, kind: str, **data: Any) -> Event:
    return {"at": at, "type": kind, "data": data}


CREATED = event(MONDAY, "TicketCreated")
REGISTERED = event(MONDAY, "RegistrationNoticeSent")


def line(*asks: dict[str, Any], events: tuple[Event, ...] = (), **said: Any) -> dict[str, Any]:
    """Tell a question about a ticket under pack R, registered on Monday at nine."""
    history = [CREATED, REGISTERED, *events]
    policy = {"product": "VMmanager 6"}
    return {"id": "x", "pack": "R", "policy": policy, "events": history, "asks": asks, **said}


def answers(question: dict[str, Any]) -> list[dict[str, Any]]:
    """Ask a line as the command would, and return its answers."""
    said = json.loads(answer_line(json.dumps(question).encode()))
    assert said["id"] == question["id"]
    return said["answers"]  # type: ignore[no-any-return]  # a list of tables, as the contract says


def answer(ask: str, *events: Event, policy: dict[str, Any] | None = None, **said: Any) -> Any:
    """Ask one thing and return its answer."""
    more = {} if policy is None else {"policy": {"product": "VMmanager 6", **policy}}
    (one,) = answers(line({"ask": ask, **said}, events=events, **more))
    return one
