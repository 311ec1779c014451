"""Refusals because of the ticket's phase, which many commands share."""

from docket_lifecycle.refused import Refused
from docket_lifecycle.state.ticket import (
    Closed,
    Closing,
    Final,
    Merged,
    Open,
    Rejected,
    Revoked,
    Suspended,
    Ticket,
)
from docket_policies.terms.policy import Policy


def refuse_ended(ticket: Ticket, policy: Policy) -> None:
    """Raise Refused if the ticket is closed (R-6.10-a), revoked, rejected or merged (C-23)."""
    match ticket.phase:
        case Closed() | Final():
            raise Refused("ticket_closed", policy.phases["closed"], "the ticket is closed")
        case Revoked():
            raise Refused(
                "ticket_revoked", policy.phases["revoked"], "the user took the ticket back"
            )
        case Rejected(clause=clause):
            raise Refused("ticket_rejected", clause, "the ticket was rejected")
        case Merged(into=into):
            raise Refused(
                "ticket_merged", policy.phases["merged_into"], f"the ticket lives on in {into}"
            )
        case Open() | Suspended() | Closing():
            return


def refuse_unless_alive(ticket: Ticket, policy: Policy) -> None:
    """Raise Refused if the ticket has ended, or its closing waits for the notice (C-21)."""
    refuse_ended(ticket, policy)
    if isinstance(ticket.phase, Closing):
        raise Refused(
            "ticket_closing",
            policy.phases["closing"],
            "the closing is decided and its notice is on the way",
        )


def refuse_unless_worked_on(ticket: Ticket, policy: Policy) -> None:
    """Raise Refused unless the provider may work on the ticket now (R-6.6-a)."""
    refuse_unless_alive(ticket, policy)
    if isinstance(ticket.phase, Suspended):
        raise Refused(
            "ticket_suspended", policy.phases["suspended"], "the user has suspended the ticket"
        )
