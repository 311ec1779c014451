"""Triage: registering a ticket, its priority, its assignee, the defect that causes it."""

from docket_events.desk import DefectLinked, TicketAssigned
from docket_events.recorded import Event
from docket_events.ticket import PriorityChanged, TicketRegisteredInClientArea
from docket_lifecycle.commands import Assign, LinkDefect, Prioritize, Register
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.rules.phases import refuse_unless_alive
from docket_lifecycle.state.ticket import Ticket


def register(ticket: Ticket, command: Register, context: DecisionContext) -> tuple[Event, ...]:
    """Register a ticket of another channel in the Client Area for its user (R-4.2-b)."""
    refuse_unless_alive(ticket, context.policy)
    if ticket.in_client_area:
        raise Refused("already_registered", context.clause, "the ticket is in the Client Area")
    return (TicketRegisteredInClientArea(on_behalf_of=ticket.requester_id),)


def prioritize(ticket: Ticket, command: Prioritize, context: DecisionContext) -> tuple[Event, ...]:
    """Set the priority; the present one changes nothing (R-6.5, R-6.7-b)."""
    refuse_unless_alive(ticket, context.policy)
    if command.priority == ticket.priority:
        return ()
    return (
        PriorityChanged(
            to=command.priority,
            from_=ticket.priority,
            reason=command.reason,
            criteria=command.criteria,
        ),
    )


def assign(ticket: Ticket, command: Assign, context: DecisionContext) -> tuple[Event, ...]:
    """Assign the ticket to an agent, or to nobody."""
    refuse_unless_alive(ticket, context.policy)
    if command.to == ticket.assignee:
        return ()
    return (TicketAssigned(command.to),)


def link_defect(ticket: Ticket, command: LinkDefect, context: DecisionContext) -> tuple[Event, ...]:
    """Link the ticket to a defect whose correction is planned under a reference (R-6.11)."""
    refuse_unless_alive(ticket, context.policy)
    if command.plan_reference in ticket.work.defects:
        return ()
    return (DefectLinked(command.plan_reference),)
