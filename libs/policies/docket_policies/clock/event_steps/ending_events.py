"""What ends a ticket or opens it again, and what it means for the clock (R-6.10, C-22, C-61)."""

from typing import assert_never

from docket_events.clock import TicketAutoClosed
from docket_events.combining import MergedInto
from docket_events.desk import TicketRejected
from docket_events.notice import ClosureBecameFinal, ClosureNoticeSent
from docket_events.recorded import Happened
from docket_events.ticket import ClosureDecided, ObjectionAccepted, ObjectionRefused, TicketRevoked
from docket_policies.calendars.epoch import seconds
from docket_policies.clock.progress import ClockProgress
from docket_policies.clock.turn_time import breach_stands
from docket_policies.terms.policy import Policy

EndingEvent = (
    TicketRevoked
    | TicketRejected
    | TicketAutoClosed
    | MergedInto
    | ClosureDecided
    | ClosureNoticeSent
    | ObjectionRefused
)
"""The events that end a ticket, or decide that it shall end."""


def take_ending(
    progress: ClockProgress, policy: Policy, at: int, happened: Happened, event: EndingEvent
) -> None:
    """Note what an end at `at` (seconds since 1970) does to the clock of a ticket that is open."""
    match event:
        case TicketRevoked():
            progress.revoked = happened
            progress.end(at, happened)
        case TicketRejected() | TicketAutoClosed() | MergedInto():
            progress.concluded = happened
            progress.end(at, happened)
        case ClosureDecided():
            progress.reopened = None
        case ClosureNoticeSent():
            progress.closed, progress.reopened = event, None
            progress.end(seconds(event.sent_at), happened)
        case ObjectionRefused():
            _refuse_objection(progress, policy, at, happened)
        case _:
            assert_never(event)


def take_closed(progress: ClockProgress, at: int, happened: Happened) -> None:
    """Note what happens to a closed ticket: an objection opens it with a full turn (C-22)."""
    match happened.event:
        case ObjectionAccepted() if progress.closed is not None:
            progress.reopened = progress.closed, progress.turn
            progress.closed, progress.final = None, False
            progress.open("objection", at, happened)
        case ClosureBecameFinal():
            progress.final = True
        case _:  # what else happens to a closed ticket moves no clock
            return


def _refuse_objection(progress: ClockProgress, policy: Policy, at: int, by: Happened) -> None:
    """Restore the closing that the objection undid (C-22).

    The turn that it opened is void, unless its deadline had passed: a breach stands (C-11, C-56).
    """
    if progress.reopened is None:
        return
    progress.closed, before = progress.reopened
    progress.reopened = None
    turn = progress.turn
    if turn is not before and turn is not None:
        turn.void = not breach_stands(turn, policy, at)
    progress.end(at, by)
    progress.turn = before
