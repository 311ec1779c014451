"""Every command that a worked scenario of pack R asks about, answered by the rules.

A scenario names only what matters to it. Here the rest is added: who, the product, and what the
terms decided at the moment (the last valid instant of a request, the end of a window). Checks whose
command or fact is not known yet are listed with the reason; the list may not hold anything else.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from acme import ANN, CREATED, NOTICE, OLGA, TICKET, text
from sentences import REGULATIONS

from docket_events.codec import from_data
from docket_events.recorded import Event, Fact
from docket_lifecycle.commands import (
    Close,
    Command,
    Create,
    Object,
    Register,
    Resume,
    Revoke,
    Suspend,
)
from docket_lifecycle.decide import create, decide, granted
from docket_lifecycle.fold import fold
from docket_lifecycle.refused import Refused
from docket_policies.deadlines import information_deadline, objections_until

SCENARIOS = Path(__file__).parents[2] / "data" / "domain" / "scenarios.json"

ACTORS = {"user": ANN, "agent": OLGA}
AN_OPEN_TICKET = {
    "at": "2026-06-08T09:00:00Z",
    "type": "TicketCreated",
    "data": {"channel": "client_area"},
}
AS_IN_R_047 = ("R-049", "R-050")
"""Scenarios whose given is that of R-047, in words only."""

NOT_YET = {
    "R-040": "merge is a command of a later issue",
    "R-054 split": "split is a command of a later issue",
    "R-057": "create knows no sender, restriction, license or sublicensee yet",
    "R-063": "publishing a revision is no command on a ticket",
    "R-070 create": "create has no mark for a ticket with several issues yet (C-24)",
    "R-070 split": "split is a command of a later issue",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One question of a scenario: may this be done, and which clause says so."""

    scenario: str
    history: tuple[Mapping[str, Any], ...]
    asked: Mapping[str, Any]

    @property
    def why_not_yet(self) -> str | None:
        return NOT_YET.get(self.scenario) or NOT_YET.get(f"{self.scenario} {self.asked['command']}")


def checks() -> Iterator[Check]:
    scenarios = {s["id"]: s for s in json.loads(SCENARIOS.read_text())["scenarios"]}
    for name, scenario in scenarios.items():
        told = scenarios["R-047"] if name in AS_IN_R_047 else scenario
        before: list[Mapping[str, Any]] = list(told["events"]) or [AN_OPEN_TICKET]
        for asked in scenario["checks"]:
            if scenario["pack"] == "R" and asked["ask"] == "command":
                yield Check(name, tuple(before), asked)
            if name == "R-054" and asked["command"] == "suspend" and asked["expect"]["allowed"]:
                before.append({"at": asked["at"], "type": "TicketSuspended"})


CHECKS = list(checks())


def instant(written: str) -> datetime:
    return datetime.fromisoformat(written)


def event_of(told: Mapping[str, Any]) -> Fact:
    at = instant(told["at"])
    added: dict[str, Any] = {
        "TicketCreated": {
            "number": CREATED.number,
            "account_id": CREATED.account_id,
            "requester_id": CREATED.requester_id,
            "product": CREATED.product,
            "priority": "Low",
            "pack": REGULATIONS.pack,
            "revision": REGULATIONS.revision,
        },
        "RegistrationNoticeSent": {"sent_at": at, "notice_id": NOTICE},
        "InformationRequested": {"deadline": information_deadline(REGULATIONS, at)},
        "ClosureDecided": {"clause": "R-6.10-a"},
        "ClosureNoticeSent": {
            "sent_at": at,
            "notice_id": NOTICE,
            "objections_until": objections_until(REGULATIONS, at),
        },
        "TicketSuspended": {"by": "ann"},
        "TicketRevoked": {"by": "ann"},
    }
    data = added.get(told["type"], {}) | told.get("data", {})
    return Fact(from_data(told["type"], data), at)


def command_of(asked: Mapping[str, Any]) -> Command:
    data = asked.get("data", {})
    motivated = data.get("motivated")
    commands: dict[str, Command] = {
        "register_in_client_area": Register(),
        "suspend": Suspend(),
        "resume": Resume(),
        "revoke": Revoke(),
        "close": Close(asked.get("reason", ""), plan_reference=data.get("plan_reference")),
        "object": Object(text("what"), text("consequences")) if motivated else Object(),
        "create": Create(
            number="D-1042",
            account_id="acme",
            requester_id="ann",
            channel="client_area",
            product="VMmanager 6",
            requested_priority=data.get("requested_priority"),
            justification=text("why") if "justification" in data else None,
        ),
    }
    return commands[asked["command"]]


def answer(check: Check) -> tuple[str, str]:
    """Return the code and the clause that the rules give."""
    at, actor, command = (
        instant(check.asked["at"]),
        ACTORS[check.asked["actor"]],
        command_of(check.asked),
    )
    try:
        clause = granted(REGULATIONS, command, actor)
        if isinstance(command, Create):
            create(command, actor=actor, policy=REGULATIONS)
            return "ok", REGULATIONS.initial_priority_clause
        history = [event_of(told) for told in check.history if instant(told["at"]) <= at]
        ticket = fold(TICKET, history)
        assert ticket is not None
        events: tuple[Event, ...] = decide(ticket, command, at=at, actor=actor, policy=REGULATIONS)
    except Refused as refused:
        return refused.code, refused.clause
    return "ok", getattr(events[0], "clause", clause) if events else clause


@pytest.mark.parametrize(
    "check",
    [check for check in CHECKS if check.why_not_yet is None],
    ids=lambda c: f"{c.scenario} {c.asked['command']} {c.asked.get('reason', '')}",
)
def test_a_command_of_a_scenario(check: Check) -> None:
    expected = check.asked["expect"]

    assert answer(check) == (expected["code"], expected["clause"])


def test_every_reason_for_leaving_a_check_out_is_in_use() -> None:
    left_out = {check.why_not_yet for check in CHECKS} - {None}

    assert left_out == set(NOT_YET.values())
    assert len([check for check in CHECKS if check.why_not_yet is None]) == 29
