"""What a ticket is opened with, and what of it is corrected later."""

from uuid import UUID

from msgspec.structs import replace

from docket_events.recorded import Happened
from docket_events.ticket import TicketCorrected, TicketCreated
from docket_lifecycle.state.content_refs import content_events_of
from docket_lifecycle.state.ticket import Ticket


def begin(ticket_id: UUID, happened: Happened) -> Ticket:
    """Return the ticket that a first event creates; raise ValueError if it creates none."""
    created = happened.event
    if not isinstance(created, TicketCreated):
        raise ValueError(f"a ticket begins with TicketCreated, not {type(created).__name__}")
    return Ticket(
        id=ticket_id,
        version=1,
        number=created.number,
        account_id=created.account_id,
        requester_id=created.requester_id,
        channel=created.channel,
        product=created.product,
        pack=created.pack,
        revision=created.revision,
        priority=created.priority,
        created_at=happened.occurred_at,
        updated_at=happened.occurred_at,
        product_version=created.product_version,
        edition=created.edition,
        environment=created.environment,
        environment_kind=created.environment_kind,
        kind=created.kind,
        requested_priority=created.requested_priority,
        justification=created.justification,
        service_level=created.service_level,
        in_client_area=created.channel == "client_area",
        subject=created.subject,
        description=created.description,
        contact=created.contact,
        special_conditions=created.special_conditions,
        readings_version=created.readings_version,
        split_from=created.split_from,
        support=created.support,
        plan=created.plan,
        classification=created.classification,
        content_events=content_events_of(happened, 1),
    )


def corrected(ticket: Ticket, event: TicketCorrected) -> Ticket:
    """Return the ticket with what a correction names in the place of what was said before."""
    return replace(
        ticket,
        subject=event.subject or ticket.subject,
        contact=event.contact or ticket.contact,
        product_version=event.product_version or ticket.product_version,
        edition=event.edition or ticket.edition,
    )
