"""What the one who writes is to the account: its user, a partner, somebody else (R-3.3, I-1.4).

Who writes under an own token belongs to its account; a service names the person it writes for, who
must be one of the account's people as soon as any were recorded (C-69).
"""

from dataclasses import replace
from typing import Any

from docket_events.recorded import Actor
from docket_lifecycle.commands import Create
from docket_lifecycle.refused import Refused
from docket_lifecycle.state.account import Account
from docket_lifecycle.state.ticket import Ticket
from docket_policies.eligibility.admission import gates_of
from docket_policies.terms.editions import edition_named


def with_standing(command: Create, account: Account, actor: Actor, *, known_sender: bool) -> Create:
    """Return the command with what the account knows of who asks (R-3.3, R-4.2-c, I-1.4)."""
    contact = account.contacts.get(command.requester_id)
    standing = replace(command.standing, sender_is_contact=known_sender)
    if contact is not None:
        standing = replace(standing, who=contact.relation, grounds=contact.grounds)
    elif account.contacts and actor.kind == "service":
        standing = replace(standing, who="outsider")
    return replace(command, standing=standing)


def with_releases(command: Create, releases: Any) -> Create:
    """Return the command with the releases of its product, None where nobody knows them (C-69)."""
    return replace(command, standing=replace(command.standing, releases=releases))


def refuse_stranger(ticket: Ticket, account: Account, actor: Actor) -> None:
    """Raise Refused where a service writes for somebody who is not of the ticket's account.

    The one who opened the ticket is, and so are the account's people (R-3.3, I-1.4).
    """
    person = actor.on_behalf_of
    if person in (None, ticket.requester_id, *account.contacts):
        return
    gates = gates_of(edition_named(ticket.pack, ticket.revision))
    gate = next((each for each in gates if "outsider" in each.who), None)
    if gate is not None:
        raise Refused(gate.code, gate.clause, f"{person} is not known to the account of the ticket")
