"""What a rule needs beside the ticket and the command: when, who, and under which terms."""

from dataclasses import dataclass
from datetime import datetime

from docket_events.recorded import Actor
from docket_lifecycle.commands import Command, verb_of
from docket_lifecycle.refused import NotEntitled, Refused
from docket_policies.terms.policy import Policy


@dataclass(frozen=True, slots=True)
class Asking:
    """A command with its circumstances; `clause` is the one that grants it to the actor."""

    at: datetime
    actor: Actor
    policy: Policy
    clause: str


def granted(policy: Policy, command: Command, actor: Actor) -> str:
    """Return the clause that grants the command to the actor; raise Refused or NotEntitled."""
    verb = verb_of(command)
    capability = policy.capabilities.get(verb)
    if capability is None:
        raise Refused(
            "not_in_pack", policy.absence(verb), f"the terms of {policy.title} know no {verb}"
        )
    if actor.kind not in capability.actors:
        allowed = " or ".join(capability.actors)
        raise NotEntitled(capability.clause, f"{verb} belongs to {allowed}, not to {actor.kind}")
    return capability.clause
