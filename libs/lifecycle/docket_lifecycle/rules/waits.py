"""What the provider waits for beside the user: a third party, a cause, an agreed hour (R-6.8)."""

from typing import assert_never

from docket_events.recorded import Event
from docket_events.waits import (
    CauseEstablished,
    CauseUnknownDeclared,
    OperationCancelled,
    OperationScheduled,
    ThirdPartyResponseReceived,
    ThirdPartyWaitStarted,
)
from docket_lifecycle import commands
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.rules.phases import refuse_unless_alive, refuse_unless_worked_on
from docket_lifecycle.state.ticket import Ticket


def events_of_wait(
    ticket: Ticket, command: commands.WaitCommand, context: DecisionContext
) -> tuple[Event, ...]:
    """Return the events of a command about a wait; raise Refused where it may not be given now."""
    match command:
        case commands.AwaitThirdParty():
            return await_third_party(ticket, command, context)
        case commands.ThirdPartyResponded():
            return third_party_responded(ticket, command, context)
        case commands.DeclareCauseUnknown():
            return declare_cause_unknown(ticket, command, context)
        case commands.CauseEstablished():
            return cause_established(ticket, command, context)
        case commands.ScheduleOperation():
            return schedule_operation(ticket, command, context)
        case commands.CancelOperation():
            return cancel_operation(ticket, command, context)
        case _:
            assert_never(command)


def await_third_party(
    ticket: Ticket, command: commands.AwaitThirdParty, context: DecisionContext
) -> tuple[Event, ...]:
    """Begin to wait for a third party; several waits may be open (R-6.8-b)."""
    refuse_unless_worked_on(ticket, context.policy)
    number = ticket.version + 1
    while f"w{number}" in ticket.work.third_parties:  # taken over from another ticket
        number += 1
    return (ThirdPartyWaitStarted(f"w{number}", command.party),)


def third_party_responded(
    ticket: Ticket, command: commands.ThirdPartyResponded, context: DecisionContext
) -> tuple[Event, ...]:
    """End one wait for a third party; the clock goes on when the last one ends (R-6.8-b)."""
    refuse_unless_alive(ticket, context.policy)
    if command.wait not in ticket.work.third_parties:
        known = ", ".join(ticket.work.third_parties) or "none"
        raise Refused(
            "unknown_wait", context.clause, f"no open wait {command.wait!r}; open: {known}"
        )
    return (ThirdPartyResponseReceived(command.wait),)


def declare_cause_unknown(
    ticket: Ticket, command: commands.DeclareCauseUnknown, context: DecisionContext
) -> tuple[Event, ...]:
    """Declare that no cause is known or no solution worked; it counts from now only (C-16)."""
    refuse_unless_worked_on(ticket, context.policy)
    if ticket.work.cause_unknown:
        return ()
    return (CauseUnknownDeclared(command.reason),)


def cause_established(
    ticket: Ticket, command: commands.CauseEstablished, context: DecisionContext
) -> tuple[Event, ...]:
    """Record that the cause is known now, or a solution found (R-6.8-c)."""
    refuse_unless_alive(ticket, context.policy)
    if not ticket.work.cause_unknown:
        raise Refused("cause_not_unknown", context.clause, "nobody declared the cause unknown")
    return (CauseEstablished(command.reason),)


def schedule_operation(
    ticket: Ticket, command: commands.ScheduleOperation, context: DecisionContext
) -> tuple[Event, ...]:
    """Record the time agreed for an operation; a later agreement replaces it (C-17)."""
    refuse_unless_worked_on(ticket, context.policy)
    if command.agreed_for <= context.at:
        raise Refused("agreed_hour_passed", context.clause, "agree on an hour that is yet to come")
    if command.agreed_for == ticket.work.agreed_for:
        return ()
    return (OperationScheduled(command.agreed_for),)


def cancel_operation(
    ticket: Ticket, command: commands.CancelOperation, context: DecisionContext
) -> tuple[Event, ...]:
    """Cancel an agreed time; the wait ends at once (C-17)."""
    refuse_unless_alive(ticket, context.policy)
    agreed_for = ticket.work.agreed_for
    if agreed_for is None or agreed_for <= context.at:
        raise Refused("no_operation_scheduled", context.clause, "no agreed hour lies ahead")
    return (OperationCancelled(command.reason),)
