"""What a worked scenario asks about commands, with what it leaves unsaid added.

A scenario names only what matters to it, some of it in words. Here the rest is added: who, the
product, what the terms decided at the moment, and what the words say.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from docket_events.access import RemoteAccessConsentGiven
from docket_events.codec import from_data
from docket_events.notice import ClosureNoticeSent
from docket_events.recorded import Event, Fact
from docket_events.ticket import (
    InformationProvided,
    InformationRequested,
    ResponseSent,
    TicketCreated,
    TicketSuspended,
)
from docket_lifecycle import commands
from docket_lifecycle.commands import Command, Create, Merge, Part, Split, Standing
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Ticket
from docket_policies.deadlines.timers import information_deadline, objections_until
from docket_policies.eligibility import asks
from docket_policies.terms.loader import policy, revision_in_force
from docket_policies.terms.policy import Policy
from people import CREATED, NOTICE, UNDER_I, text

SCENARIOS = Path(__file__).parents[2] / "data" / "domain" / "scenarios.json"


OTHER = UUID("01978a6e-6c00-7000-8def-0123456789ac")


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
    ("I-021", 2): on("2026-06-30T10:00:00Z", ResponseSent()),
    ("I-023", 1): on("2026-06-08T11:00:00Z", RemoteAccessConsentGiven("electronic", "documented")),
    ("I-023", 3): on("2026-06-08T12:00:00Z", RemoteAccessConsentGiven("electronic", "alternative")),
}
"""What the words of a scenario say has happened before its n-th check."""


STANDING: dict[tuple[str, int], Standing] = {
    ("R-057", 3): Standing(license_active=False),
    ("I-021", 0): Standing(services_until=date(2026, 6, 30)),
    ("I-021", 1): Standing(services_until=date(2026, 6, 30)),
    ("I-027", 1): Standing(updates_until=date(2026, 6, 10)),
    ("I-027", 2): Standing(services_until=date(2027, 6, 10)),
}
"""What the words of a scenario say of who opens a ticket."""


CONFIRMED = {("I-011", 2)}
"""The forwarding of which the words say that the matter was confirmed before."""


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
        if scenario["pack"] not in ("R", "I", "M"):
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
    history = tuple(fact_of(event, terms) for event in told["events"]) or begin
    until = tuple(fact for fact in history if fact.occurred_at <= instant(asked["at"]))
    return until + BESIDE.get(key, ())


def fact_of(told: Mapping[str, Any], terms: Policy) -> Fact:
    at = instant(told["at"])
    created = BEGINS[terms.letter]
    added: dict[str, Any] = {
        "TicketCreated": {
            "number": created.number,
            "account_id": created.account_id,
            "requester_id": created.requester_id,
            "product": created.product,
            "priority": created.priority,
            "pack": created.pack,
            "revision": created.revision,
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


def command_of(check: Check) -> Command:
    asked, data = check.asked, check.asked.get("data", {})
    motivated, reason = data.get("motivated"), asked.get("reason", "")
    known: dict[str, Command] = {
        "register_in_client_area": commands.Register(),
        "reply": commands.Reply(text("and now?")),
        "suspend": commands.Suspend(),
        "resume": commands.Resume(),
        "revoke": commands.Revoke(),
        "close": commands.Close(reason, plan_reference=data.get("plan_reference")),
        "reject": commands.Reject(reason, reference=data.get("reference")),
        "object": commands.Object(text("what"), text("then")) if motivated else commands.Object(),
        "forward": commands.Forward("error", confirmed=check.key in CONFIRMED),
        "open_remote_connection": commands.OpenConnection(data.get("method", "documented")),
        "extend_period": commands.ExtendPeriod(3600),
        "split": Split((Part(OTHER, "D-1043"),), "two issues"),
        "merge": Merge(),
        "create": Create(
            number="D-1042",
            account_id="acme",
            requester_id="ann",
            channel=asked.get("channel", "client_area"),
            product=check.scenario["policy"]["product"],
            priority="High",
            requested_priority=data.get("requested_priority"),
            justification=text("why") if "justification" in data else None,
            several_issues=data.get("flag") == "multiple_issues",
            standing=standing_of(check),
        ),
    }
    return known[asked["command"]]


def standing_of(check: Check) -> Standing:
    data = check.asked.get("data", {})
    if check.key in STANDING:
        return STANDING[check.key]
    until = data.get("restricted_until")
    return Standing(
        who=check.asked["actor"],
        restricted_until=instant(until) if until else None,
        grounds=tuple(ground for ground, told in data.items() if told is True),
    )


def sources_of(check: Check) -> Sequence[Ticket]:
    """Make the other ticket of R-040: T2 is of another user, T3 is closed."""
    (_, name) = check.asked.get("tickets", ("T1", "T4"))
    account = "of user B" if name == "T2" else "acme"
    created = TicketCreated("D-1043", account, "bob", "client_area", "VMmanager 6", "Low",
                            check.terms.pack, check.terms.revision)  # fmt: skip
    history = on("2026-06-08T09:00:00Z", created)
    if name == "T3":
        sent = instant("2026-06-08T09:30:00Z")
        notice = ClosureNoticeSent(sent, NOTICE, objections_until(check.terms, sent))
        history += (Fact(notice, sent),)
    ticket = fold(OTHER, history)
    assert ticket is not None
    return [ticket]
