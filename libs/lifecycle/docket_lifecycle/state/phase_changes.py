"""The arrows between the phases of a ticket: what suspends, closes, reopens and ends it.

Whether a step is allowed is asked in `decide`; here it has happened.
"""

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from docket_events.clock import TicketAutoClosed
from docket_events.combining import MergedInto
from docket_events.desk import TicketRejected
from docket_events.notice import ClosureBecameFinal, ClosureNoticeSent
from docket_events.ticket import (
    ClosureDecided,
    ObjectionAccepted,
    ObjectionRefused,
    TicketResumed,
    TicketRevoked,
    TicketSuspended,
)
from docket_lifecycle.state.ball import ball
from docket_lifecycle.state.terms import readings_of
from docket_lifecycle.state.ticket import (
    Answer,
    Closed,
    Closing,
    Final,
    Merged,
    Open,
    Phase,
    Rejected,
    Revoked,
    Suspended,
    Ticket,
)
from docket_lifecycle.state.work import ended

PhaseEvent = (
    TicketSuspended
    | TicketResumed
    | TicketRevoked
    | ClosureDecided
    | ClosureNoticeSent
    | ClosureBecameFinal
    | ObjectionAccepted
    | ObjectionRefused
    | TicketRejected
    | TicketAutoClosed
    | MergedInto
)


def change_phase(ticket: Ticket, event: PhaseEvent, at: datetime) -> Ticket:
    """Return the ticket in the phase that an event at `at` leads to.

    Raises ValueError where a ticket that is not closed becomes final or is reopened.
    """
    match event:
        case TicketSuspended():
            return replace(ticket, phase=Suspended(at))
        case TicketResumed():
            kept = readings_of(ticket).resumed == "as_it_was"
            side = ticket.waiting_for if kept else ball(ticket.requests)
            return replace(ticket, phase=Open(), waiting_for=side)
        case TicketRevoked():
            return replace(_ended(ticket), phase=Revoked(at))
        case ClosureDecided(reason=reason, clause=clause):
            before = ticket.phase if isinstance(ticket.phase, Suspended) else Open()
            return replace(ticket, phase=Closing(at, reason, clause, before), reopened_from=None)
        case ClosureNoticeSent(sent_at=sent_at, objections_until=until):
            reason, clause = _decided(ticket.phase)
            closed = Closed(sent_at, reason, clause, until)
            return replace(_ended(ticket), phase=closed, reopened_from=None)
        case ClosureBecameFinal():
            return replace(ticket, phase=Final(at, _closed(ticket)))
        case ObjectionAccepted():
            return _reopened(ticket)
        case ObjectionRefused():
            if ticket.reopened_from is None:
                return ticket
            return replace(_ended(ticket), phase=ticket.reopened_from, reopened_from=None)
        case TicketRejected(reason=reason, clause=clause):
            return replace(_ended(ticket), phase=Rejected(at, reason, clause))
        case TicketAutoClosed(reason=why, clause=by):
            closed = Closed(at, why or "unknown", by or "unknown", objections_until=None)
            return replace(_ended(ticket), phase=closed, reopened_from=None)
        case MergedInto(into=into):
            return replace(_ended(ticket), phase=Merged(at, into))
        case _:
            assert_never(event)


def without_closing(phase: Phase) -> Phase:
    """Return the phase that an answer leaves: before the notice it cancels the closing (C-21)."""
    return phase.before if isinstance(phase, Closing) else phase


def another_ticket(ticket: Ticket) -> Ticket:
    """Return a ticket that was divided or combined: no objection is left to refuse (C-57)."""
    if ticket.reopened_from is None or readings_of(ticket).refused != "same_ticket":
        return ticket
    return replace(ticket, reopened_from=None)


def _ended(ticket: Ticket) -> Ticket:
    """Return the ticket without its requests, waits and agreements (C-61)."""
    if readings_of(ticket).ended != "everything":
        return ticket
    requests = {q.id: replace(q, answer=Answer.ENDED) for q in ticket.requests.values()}
    return replace(ticket, requests=requests, work=ended(ticket.work))


def _reopened(ticket: Ticket) -> Ticket:
    """An objection counts as the information that was asked for; it may be rejected (C-22)."""
    return replace(
        ticket,
        phase=Open(),
        waiting_for="provider",
        requests={
            q.id: q if q.answer is Answer.ENDED else replace(q, answer=Answer.GIVEN)
            for q in ticket.requests.values()
        },
        reopened_from=_closed(ticket),
    )


def _decided(phase: Phase) -> tuple[str, str]:
    if isinstance(phase, Closing | Closed):
        return phase.reason, phase.clause
    return "unknown", "unknown"  # a history that names no decision, as questions may


def _closed(ticket: Ticket) -> Closed:
    if ticket.closed is None:
        raise ValueError(f"ticket {ticket.id} is not closed")
    return ticket.closed
