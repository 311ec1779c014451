"""What only the user may do with the work: suspend, resume, revoke (R-6.6-a)."""

from docket_events.recorded import Actor, Event
from docket_events.ticket import TicketResumed, TicketRevoked, TicketSuspended
from docket_lifecycle.phases import refuse_unless_alive
from docket_lifecycle.refused import Refused
from docket_lifecycle.ticket import Suspended, Ticket


def suspend(ticket: Ticket, actor: Actor, clause: str) -> tuple[Event, ...]:
    """Stop the work; the clock stands until the user resumes (R-6.6-a)."""
    refuse_unless_alive(ticket)
    if isinstance(ticket.phase, Suspended):
        raise Refused("already_suspended", clause, "the ticket is suspended")
    return (TicketSuspended(by=actor.id),)


def resume(ticket: Ticket, actor: Actor, clause: str) -> tuple[Event, ...]:
    """Let the work go on; the term is counted anew (R-6.6-b)."""
    refuse_unless_alive(ticket)
    if not isinstance(ticket.phase, Suspended):
        raise Refused("not_suspended", clause, "the ticket is not suspended")
    return (TicketResumed(by=actor.id),)


def revoke(ticket: Ticket, actor: Actor) -> tuple[Event, ...]:
    """Take the ticket back: it ends without notice and without objection (R-6.6-a, C-23)."""
    refuse_unless_alive(ticket)
    return (TicketRevoked(by=actor.id),)
