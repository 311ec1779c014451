"""The worked scenarios of the terms: their histories, and the terms that govern each."""

from typing import Any

from docket_events.recorded import Fact
from docket_policies.terms.policy import Policy
from histories import happened, history_of, policy_of, shared

SCENARIOS = {s["id"]: s for s in shared("scenarios.json")["scenarios"] if s["pack"] in ("R", "I")}


def history(scenario_id: str) -> tuple[Fact, ...]:
    return history_of(SCENARIOS[scenario_id]["events"])


def governing(scenario: Any) -> Policy:
    return policy_of({"pack": scenario["pack"], **scenario["policy"]})


ANSWERED_ON_WEDNESDAY = (
    happened("2026-06-10T09:00:00Z", "TicketCreated", priority="High"),
    happened("2026-06-10T09:00:00Z", "RegistrationNoticeSent"),
    happened("2026-06-10T14:37:00Z", "ResponseSent"),
)
"""What I-012 says in words."""
