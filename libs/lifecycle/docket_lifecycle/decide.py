"""What follows from a command: new events, nothing (already so), or a refusal with its clause.

First the question that every command shares: does the ticket's pack grant it, and to whom. Then the
rule of the command itself, in the module of the thing it is about.
"""

from datetime import datetime
from typing import assert_never

from docket_events.recorded import Actor, Event
from docket_events.ticket import TicketCreated
from docket_lifecycle import closing, conversation, information, suspension, triage
from docket_lifecycle.asking import Asking
from docket_lifecycle.commands import (
    Close,
    Command,
    Comment,
    CompleteUpload,
    Create,
    Object,
    Prioritize,
    ProvideInformation,
    RefuseObjection,
    Register,
    RejectInformation,
    Reply,
    RequestInformation,
    Respond,
    Resume,
    Revoke,
    Suspend,
    TicketCommand,
    verb_of,
)
from docket_lifecycle.refused import NotEntitled, Refused
from docket_lifecycle.ticket import Ticket
from docket_policies.model import Policy


def decide(
    ticket: Ticket, command: TicketCommand, *, at: datetime, actor: Actor, policy: Policy
) -> tuple[Event, ...]:
    """Return the events that the command causes at `at`; () means that it is so already.

    Raises NotEntitled where that side may never do it, Refused where it may not be done now.
    """
    asking = Asking(at, actor, policy, granted(policy, command, actor))
    match command:
        case Register():
            return triage.register(ticket, command, asking)
        case Prioritize():
            return triage.prioritize(ticket, command, asking)
        case Respond():
            return conversation.respond(ticket, command, asking)
        case Reply():
            return conversation.reply(ticket, command, asking)
        case Comment():
            return conversation.comment(ticket, command, asking)
        case RequestInformation():
            return information.request(ticket, command, asking)
        case ProvideInformation():
            return information.provide(ticket, command, asking)
        case CompleteUpload():
            return information.complete_upload(ticket, command, asking)
        case RejectInformation():
            return information.reject(ticket, command, asking)
        case Suspend():
            return suspension.suspend(ticket, command, asking)
        case Resume():
            return suspension.resume(ticket, command, asking)
        case Revoke():
            return suspension.revoke(ticket, command, asking)
        case Close():
            return closing.close(ticket, command, asking)
        case Object():
            return closing.object_to_closing(ticket, command, asking)
        case RefuseObjection():
            return closing.refuse_objection(ticket, command, asking)
        case _:
            assert_never(command)


def create(command: Create, *, actor: Actor, policy: Policy) -> tuple[Event, ...]:
    """Return the event that opens a ticket under the policy; raise NotEntitled or Refused.

    The priority is the pack's initial one; a wish for another needs its reasons (R-6.5, C-10).
    """
    granted(policy, command, actor)
    if command.requested_priority is not None and command.justification is None:
        raise Refused(
            "justification_required",
            policy.initial_priority_clause,
            "a priority may be asked for with reasons only",
        )
    return (
        TicketCreated(
            number=command.number,
            account_id=command.account_id,
            requester_id=command.requester_id,
            channel=command.channel,
            product=command.product,
            priority=policy.initial_priority,
            pack=policy.pack,
            revision=policy.revision,
            product_version=command.product_version,
            edition=command.edition,
            environment=command.environment,
            kind=command.kind,
            requested_priority=command.requested_priority,
            justification=command.justification,
            service_level=command.service_level,
            subject=command.subject,
            description=command.description,
            contact=command.contact,
        ),
    )


def granted(policy: Policy, command: Command, actor: Actor) -> str:
    """Return the clause that grants the command to the actor; raise Refused or NotEntitled."""
    verb = verb_of(command)
    capability = policy.capabilities.get(verb)
    if capability is None:
        raise Refused("not_in_pack", policy.letter, f"the terms of {policy.title} know no {verb}")
    if actor.kind not in capability.actors:
        allowed = " or ".join(capability.actors)
        raise NotEntitled(capability.clause, f"{verb} belongs to {allowed}, not to {actor.kind}")
    return capability.clause
