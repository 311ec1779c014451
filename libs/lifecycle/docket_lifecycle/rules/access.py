"""Access: remote connections with consent, and restrictions of an account's use of support."""

from docket_events.access import (
    RemoteAccessConsentGiven,
    RemoteAccessConsentWithdrawn,
    RemoteConnectionOpened,
)
from docket_events.recorded import Event
from docket_lifecycle import commands
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.rules.phases import refuse_unless_alive, refuse_unless_worked_on
from docket_lifecycle.state.ticket import Ticket


def grant_access(
    ticket: Ticket, command: commands.GrantAccess, context: DecisionContext
) -> tuple[Event, ...]:
    """Consent to remote access, by the documented method or an agreed one (I-3.5, R-6.2-b)."""
    refuse_unless_alive(ticket, context.policy)
    consent = RemoteAccessConsentGiven(command.form, command.method)
    return () if consent == ticket.work.consent else (consent,)


def withdraw_access(
    ticket: Ticket, command: commands.WithdrawAccess, context: DecisionContext
) -> tuple[Event, ...]:
    """Take the consent back; another connection needs another consent."""
    refuse_unless_alive(ticket, context.policy)
    _consent(ticket, context)
    return (RemoteAccessConsentWithdrawn(command.reason),)


def open_connection(
    ticket: Ticket, command: commands.OpenConnection, context: DecisionContext
) -> tuple[Event, ...]:
    """Connect to the user's systems by the method consented to; each time is recorded (I-3.5)."""
    refuse_unless_worked_on(ticket, context.policy)
    consent = _consent(ticket, context)
    if command.method == "alternative" and consent.method != "alternative":
        raise Refused(
            "no_alternative_method_agreed",
            context.clause,
            "the consent is for the documented method",
        )
    return (RemoteConnectionOpened(command.method),)


def _consent(ticket: Ticket, context: DecisionContext) -> RemoteAccessConsentGiven:
    """Return the consent in force; without one, refuse by the clause that lets the user give it."""
    if ticket.work.consent is None:
        clause = context.policy.capabilities["grant-access"].clause
        raise Refused("consent_missing", clause, "the user has not consented to a connection")
    return ticket.work.consent


def refuse_restricted(ticket: Ticket, command: commands.OnTicket, context: DecisionContext) -> None:
    """Raise Refused if the user may not use support now and the command is a use of it (C-52).

    Open tickets go on: the user may give what the provider asked for, and revoke the ticket.
    """
    match command:
        case commands.Reply() | commands.Comment() | commands.Object():
            work = ticket.work
            until = work.restricted_until
            if work.restricted and (until is None or context.at < until):
                raise Refused(
                    "access_restricted",
                    context.clause_of("access_restricted"),
                    "access to support is restricted",
                )
        case _:
            return
