"""The copies of notices by mail: which of those to the user did not arrive (C-51)."""

from uuid import UUID

from msgspec.structs import replace

from docket_events.notice import SentNotice, undelivered
from docket_lifecycle.state.ticket import Ticket


def noted(ticket: Ticket, notice: SentNotice) -> Ticket:
    """Return the ticket after a notice that was sent to its user."""
    return missed(ticket, notice.notice_id) if undelivered(notice) else ticket


def missed(ticket: Ticket, notice: UUID) -> Ticket:
    """Return the ticket with a notice whose copy did not arrive."""
    return replace(ticket, undelivered=tuple(dict.fromkeys((*ticket.undelivered, notice))))
