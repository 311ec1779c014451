"""What ends a ticket, and what it means for the clock (R-6.10-c)."""

from typing import assert_never

from docket_events.clock import TicketAutoClosed
from docket_events.combining import MergedInto
from docket_events.desk import TicketRejected
from docket_events.notice import ClosureNoticeSent
from docket_events.recorded import Happened
from docket_events.ticket import ClosureDecided, ObjectionRefused, TicketRevoked
from docket_policies.clock.progress import ClockProgress

EndingEvent = (
    TicketRevoked
    | TicketRejected
    | TicketAutoClosed
    | MergedInto
    | ClosureDecided
    | ClosureNoticeSent
    | ObjectionRefused
)
"""The events that end a ticket, or restore its end."""


def take_ending(progress: ClockProgress, at: int, happened: Happened, event: EndingEvent) -> None:
    """Note what an end at `at` (seconds since 1970) does to the clock."""
    match event:
        case TicketRevoked():
            progress.revoke(at, happened)
        case TicketRejected() | TicketAutoClosed() | MergedInto():
            progress.conclude(at, happened)
        case ClosureDecided():
            progress.reopened = None
        case ClosureNoticeSent():
            progress.close(event, happened)
        case ObjectionRefused():
            progress.refuse_objection(at, happened)
        case _:
            assert_never(event)
