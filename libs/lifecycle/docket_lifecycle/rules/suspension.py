"""What only the user may do: suspend, resume, revoke (R-6.6-a)."""

from docket_events.recorded import Event
from docket_events.ticket import TicketResumed, TicketRevoked, TicketSuspended
from docket_lifecycle.commands import Resume, Revoke, Suspend
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.rules.phases import refuse_unless_alive
from docket_lifecycle.state.ticket import Suspended, Ticket


def suspend(ticket: Ticket, command: Suspend, context: DecisionContext) -> tuple[Event, ...]:
    """Stop the work; the clock is paused until the user resumes (R-6.6-a)."""
    refuse_unless_alive(ticket, context.policy)
    if isinstance(ticket.phase, Suspended):
        raise Refused("already_suspended", context.clause, "the ticket is suspended")
    return (TicketSuspended(by=context.actor.id),)


def resume(ticket: Ticket, command: Resume, context: DecisionContext) -> tuple[Event, ...]:
    """Let the work go on; the term is counted anew (R-6.6-b)."""
    refuse_unless_alive(ticket, context.policy)
    if not isinstance(ticket.phase, Suspended):
        raise Refused("not_suspended", context.clause, "the ticket is not suspended")
    return (TicketResumed(by=context.actor.id),)


def revoke(ticket: Ticket, command: Revoke, context: DecisionContext) -> tuple[Event, ...]:
    """Take the ticket back: it ends without notice and without objection (R-6.6-a, C-23)."""
    refuse_unless_alive(ticket, context.policy)
    return (TicketRevoked(by=context.actor.id),)
