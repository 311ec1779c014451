"""What a rule needs beside the ticket and the command: when, who, and under which terms.

Whether the terms know a command at all, and to which side they grant it, is decided here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, Self
from uuid import UUID

from docket_events.recorded import Actor, Event, Happened
from docket_lifecycle.commands import Command, verb_of
from docket_lifecycle.refused import NotEntitled, Refused
from docket_lifecycle.state.ticket import Ticket
from docket_policies.terms.policy import Policy

NewEvents = Mapping[UUID, tuple[Event, ...]]
"""New events by stream, to be appended all or none; no event at all means that nothing changes."""

SharedRefusal = Literal[
    "access_restricted",
    "calendar_year_missing",
    "different_packs",
    "different_revisions",
    "different_users",
    "ticket_forwarded",
]
"""The refusals that several commands share: a pack may name a clause for each in `refusals`."""


class OtherTicket(NamedTuple):
    """A ticket that the command names beside its own, with its history."""

    ticket: Ticket
    history: Sequence[Happened]


@dataclass(frozen=True, slots=True)
class DecisionContext:
    """A command at an instant; `clause` is what grants it to the actor."""

    at: datetime
    actor: Actor
    policy: Policy
    clause: str

    @classmethod
    def of(cls, policy: Policy, command: Command, *, at: datetime, actor: Actor) -> Self:
        """Return the context of a command that the policy grants to the actor.

        Raises Refused where the terms do not know the command, NotEntitled where it is another
        side's.
        """
        verb = verb_of(command)
        capability = policy.capabilities.get(verb)
        if capability is None:
            raise Refused(
                "not_in_pack", policy.absence(verb), f"the terms of {policy.title} know no {verb}"
            )
        if actor.kind not in capability.actors:
            allowed = " or ".join(capability.actors)
            raise NotEntitled(
                capability.clause, f"{verb} belongs to {allowed}, not to {actor.kind}"
            )
        return cls(at, actor, policy, capability.clause)

    def clause_of(self, refusal: SharedRefusal) -> str:
        """Return the clause of a shared refusal, that of the command where the terms name none."""
        return self.policy.refusals.get(refusal, self.clause)
