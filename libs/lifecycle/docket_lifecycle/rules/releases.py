"""When the update with a planned correction is out: what is recorded of a ticket about it."""

from docket_events.desk import UpdateReleased
from docket_events.recorded import Event
from docket_lifecycle.commands.releases import ReleaseUpdate
from docket_lifecycle.state.ticket import Ticket


def release_update(ticket: Ticket, command: ReleaseUpdate) -> tuple[Event, ...]:
    """Record that the correction of a linked defect is out, once, in every phase (I-3.9.1-c).

    It is a fact about the product and no act under the terms of one ticket: no pack grants it. A
    ticket that is not linked to the defect, or was told before, gets no event.
    """
    linked = command.plan_reference in ticket.work.defects
    if not linked or command.plan_reference in ticket.work.released:
        return ()
    return (UpdateReleased(command.plan_reference, command.version),)
