"""When the copy of a notice by mail comes back: what is recorded of it (C-51)."""

from collections.abc import Sequence

from docket_events.notice import (
    ClosureNoticeSent,
    NoticeBounced,
    NoticeSent,
    RegistrationNoticeSent,
)
from docket_events.recorded import Event, Happened
from docket_lifecycle.commands.bounces import RecordBounce
from docket_lifecycle.refused import Refused
from docket_lifecycle.state.ticket import Ticket

CLAUSE = "C-51"
_TO_THE_USER = (RegistrationNoticeSent, ClosureNoticeSent, NoticeSent)


def record_bounce(
    ticket: Ticket, command: RecordBounce, history: Sequence[Happened]
) -> tuple[Event, ...]:
    """Record once, in every phase, that the copy of a notice to the user came back (C-51).

    It is a fact about a mail and no act under the terms of the ticket: no pack grants it, and it
    moves no clock and no right. Raises Refused for a notice that the ticket does not have or that
    was not mailed.
    """
    sent = next(
        (
            each.event
            for each in history
            if isinstance(each.event, _TO_THE_USER) and each.event.notice_id == command.notice_id
        ),
        None,
    )
    if sent is None:
        raise Refused("unknown_notice", CLAUSE, "the user got no such notice of this ticket")
    if command.notice_id in ticket.undelivered:
        return ()
    if sent.delivery is not None and sent.delivery.state != "accepted":
        raise Refused("notice_not_mailed", CLAUSE, "the notice was posted to the ticket alone")
    return (NoticeBounced(command.notice_id, command.code),)
