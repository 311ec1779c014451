"""Triage: registering a ticket, correcting it, its priority, its assignee, its defect."""

from docket_events.desk import DefectLinked, TicketAssigned
from docket_events.recorded import Event
from docket_events.ticket import PriorityChanged, TicketCorrected, TicketRegisteredInClientArea
from docket_lifecycle.commands import Assign, Correct, LinkDefect, Prioritize, Register
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.rules.phases import refuse_unless_alive
from docket_lifecycle.state.ticket import Ticket
from docket_policies.eligibility.criteria import clause_of_criteria, criteria_for


def register(ticket: Ticket, command: Register, context: DecisionContext) -> tuple[Event, ...]:
    """Register a ticket of another channel in the Client Area for its user (R-4.2-b)."""
    refuse_unless_alive(ticket, context.policy)
    if ticket.in_client_area:
        raise Refused("already_registered", context.clause, "the ticket is in the Client Area")
    return (TicketRegisteredInClientArea(on_behalf_of=ticket.requester_id),)


def prioritize(ticket: Ticket, command: Prioritize, context: DecisionContext) -> tuple[Event, ...]:
    """Set the priority, by criteria of the terms that fit it (R-5.2, R-6.5, R-6.7-b, I-2.6-intro).

    The present priority changes nothing unless other criteria are named for it (C-66).
    """
    refuse_unless_alive(ticket, context.policy)
    criteria = _fitting(ticket, command, context)
    same = not criteria or {*criteria} == {*ticket.criteria}
    if command.priority == ticket.priority and same:
        return ()
    return (
        PriorityChanged(
            to=command.priority,
            from_=ticket.priority,
            reason=command.reason,
            criteria=criteria,
        ),
    )


def _fitting(ticket: Ticket, command: Prioritize, context: DecisionContext) -> tuple[str, ...]:
    """Return the criteria named, each once; raise Refused for one that does not fit (C-66)."""
    policy = context.policy
    fitting = {row.name: row for row in criteria_for(policy.pack, policy.revision, ticket.product)}
    for name in command.criteria:
        row = fitting.get(name)
        if row is None or row.priority != command.priority:
            raise Refused(
                "unknown_criterion",
                clause_of_criteria(policy.pack, policy.revision) or context.clause,
                f"{name} is no criterion of {command.priority} for {ticket.product}",
            )
    return tuple(dict.fromkeys(command.criteria))


def correct(ticket: Ticket, command: Correct, context: DecisionContext) -> tuple[Event, ...]:
    """Correct what the ticket says of itself; what it says already changes nothing.

    A text is another one each time it is written, because the rules see no text (R-6.1-a,
    I-2.4.2). The terms that govern the ticket were chosen when it was opened and stay (R-2.2).
    """
    refuse_unless_alive(ticket, context.policy)
    corrected = TicketCorrected(
        reason=command.reason,
        subject=command.subject,
        contact=command.contact,
        product_version=_other(command.product_version, ticket.product_version),
        edition=_other(command.edition, ticket.edition),
    )
    return () if corrected == TicketCorrected(command.reason) else (corrected,)


def _other(named: str | None, known: str | None) -> str | None:
    return None if named == known else named


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
