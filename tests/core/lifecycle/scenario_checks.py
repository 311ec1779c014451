"""What a worked scenario of packs R and I asks about commands, with what it leaves unsaid added.

A scenario names only what matters to it, some of it in words. Here the rest is added: who, the
product, what the terms decided at the moment, and what the words say. (The kit in `conformance`
asks the commands of packs H and M.)
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from docket_events.access import RemoteAccessConsentGiven
from docket_events.codec import from_data
from docket_events.recorded import Event, Fact
from docket_events.ticket import (
    InformationProvided,
    InformationRejected,
    InformationRequested,
    ResponseSent,
    TicketSuspended,
)
from docket_lifecycle.commands import RejectInformation
from docket_lifecycle.decide import decide
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.state.fold import fold
from docket_policies.deadlines.timers import information_deadline, objections_until
from docket_policies.eligibility import asks
from docket_policies.terms.loader import policy, revision_in_force
from docket_policies.terms.policy import Policy
from people import CREATED, NOTICE, OLGA, TICKET, UNDER_I, text

SCENARIOS = Path(__file__).parents[2] / "data" / "domain" / "scenarios.json"


def instant(written: str) -> datetime:
    return datetime.fromisoformat(written)


def on(at: str, *events: Event) -> tuple[Fact, ...]:
    return tuple(Fact(event, instant(at)) for event in events)


BEGINS = {"R": CREATED, "I": UNDER_I}


AS_IN_R_047 = ("R-049", "R-050")
"""Scenarios whose given is that of R-047, in words only."""


BESIDE: dict[tuple[str, int], tuple[Fact, ...]] = {
    ("R-054", 5): on("2026-06-08T10:00:00Z", TicketSuspended("ann")),
    ("I-011", 0): on("2026-06-08T09:00:00Z", InformationRequested("q1")),
    ("I-011", 1): on("2026-06-08T11:00:00Z", InformationRequested("q1"), InformationProvided("q1")),
    ("I-020", 2): on("2026-06-08T10:00:00Z", InformationRequested("q1")),
    ("I-021", 2): on("2026-06-30T10:00:00Z", ResponseSent()),
    ("I-023", 1): on("2026-06-08T11:00:00Z", RemoteAccessConsentGiven("electronic", "documented")),
    ("I-023", 3): on("2026-06-08T12:00:00Z", RemoteAccessConsentGiven("electronic", "alternative")),
}
"""What the words of a scenario say has happened before its n-th check."""


@dataclass(frozen=True, slots=True)
class Check:
    """One question of a scenario: may this be done, and which clause says so."""

    scenario: Mapping[str, Any]
    number: int
    history: tuple[Fact, ...]
    asked: Mapping[str, Any]
    terms: Policy

    @property
    def key(self) -> tuple[str, int]:
        return self.scenario["id"], self.number

    @property
    def at(self) -> datetime:
        return instant(self.asked["at"])

    def __str__(self) -> str:
        name, number = self.key
        return f"{name} {number} {self.asked['command']} {self.asked.get('reason', '')}".strip()


def scenarios() -> dict[str, Mapping[str, Any]]:
    return {s["id"]: s for s in json.loads(SCENARIOS.read_text())["scenarios"]}


def asked_of(scenario: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [check for check in scenario["checks"] if check["ask"] == "command"]


def about_a_ticket(asked: Mapping[str, Any]) -> bool:
    return asked["command"] == "create" or asked["command"] not in asks.COMMANDS


def checks() -> Iterator[Check]:
    known = scenarios()
    for name, scenario in known.items():
        if scenario["pack"] not in BEGINS:
            continue
        told = known["R-047"] if name in AS_IN_R_047 else scenario
        for number, asked in enumerate(asked_of(scenario)):
            if about_a_ticket(asked):
                terms = terms_of(scenario, instant(asked["at"]))
                history = history_of(told, (name, number), asked, terms)
                yield Check(scenario, number, history, asked, terms)


def terms_of(scenario: Mapping[str, Any], at: datetime) -> Policy:
    pack, said = scenario["pack"], scenario["policy"]
    revision = revision_in_force(pack, at)
    return policy(pack, revision, said["product"], said.get("service_level"))


def history_of(
    told: Mapping[str, Any], key: tuple[str, int], asked: Mapping[str, Any], terms: Policy
) -> tuple[Fact, ...]:
    created = asked.get("data", {}).get("ticket_created", "2026-06-08T09:00:00Z")
    begin = on(created, BEGINS[terms.letter])
    history = tuple(facts_of(told["events"], terms, told["policy"]["product"])) or begin
    until = tuple(fact for fact in history if fact.occurred_at <= instant(asked["at"]))
    return until + BESIDE.get(key, ())


def facts_of(
    told: Sequence[Mapping[str, Any]], terms: Policy, product: str | None = None
) -> Iterator[Fact]:
    """Tell events one after the other; until when to answer again is what the rules decide."""
    history: list[Fact] = []
    for event in told:
        fact = fact_of(event, terms, product)
        if isinstance(fact.event, InformationRejected):
            fact = Fact(rejected_by_the_rules(fact, history, terms), fact.occurred_at)
        history.append(fact)
        yield fact


def rejected_by_the_rules(fact: Fact, history: Sequence[Fact], terms: Policy) -> Event:
    assert isinstance(fact.event, InformationRejected)
    command = RejectInformation(fact.event.request, text("not enough"))
    context = DecisionContext.of(terms, command, at=fact.occurred_at, actor=OLGA)
    ticket = fold(TICKET, history)
    assert ticket is not None
    (rejected,) = decide(ticket, command, context, history=history)[TICKET]
    return rejected


def fact_of(told: Mapping[str, Any], terms: Policy, product: str | None = None) -> Fact:
    at = instant(told["at"])
    created = BEGINS[terms.letter]
    added: dict[str, Any] = {
        "TicketCreated": {
            "number": created.number,
            "account_id": created.account_id,
            "requester_id": created.requester_id,
            "product": product or created.product,
            "priority": created.priority,
            "pack": created.pack,
            "revision": created.revision,
            "readings_version": created.readings_version,
        },
        "RegistrationNoticeSent": {"sent_at": at, "notice_id": NOTICE},
        "InformationRequested": {"deadline": information_deadline(terms, at)},
        "ClosureDecided": {"clause": "R-6.10-a"},
        "ClosureNoticeSent": {
            "sent_at": at,
            "notice_id": NOTICE,
            "objections_until": objections_until(terms, at),
        },
        "TicketSuspended": {"by": "ann"},
        "TicketRevoked": {"by": "ann"},
    }
    return Fact(from_data(told["type"], added.get(told["type"], {}) | told.get("data", {})), at)
