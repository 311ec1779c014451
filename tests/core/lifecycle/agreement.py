"""On what a ticket and its response clock must agree, whatever happened."""

from datetime import datetime

from acme import (
    MONDAY,
)

from docket_lifecycle.state.ticket import Answer, Closed, Closing, Open, Suspended, Ticket
from docket_policies.terms.policy import ClockState, Policy


def clock_state_of(ticket: Ticket, terms: Policy, now: datetime, answered: bool) -> ClockState:
    """Say in which state the response clock of such a ticket is.

    `answered` says that the provider has answered since the ball came to the user: whether a
    request for information came before or after an answer is no part of a ticket.
    """
    phase = ticket.phase.before if isinstance(ticket.phase, Closing) else ticket.phase
    work = ticket.work
    match phase:
        case Open() | Suspended():
            pass
        case _ if ticket.status == "revoked":
            return "revoked"
        case _:
            return "closed"
    if work.team == "relevant_team" and ("void" not in terms.states or not work.term_void):
        return "no_target"
    if not ticket.counting:
        return "not_started"
    if work.term_void:
        return "void"
    if work.deadline is not None and not answered:
        return "individual_deadline"
    if isinstance(phase, Suspended):
        return "suspended"
    if ticket.open_requests:
        return "waiting_user"
    if ticket.waiting_for == "user":
        return "satisfied"
    if work.third_parties and "waiting_third_party" in terms.states:
        return "waiting_third_party"
    if work.cause_unknown:
        return "cause_unknown"
    if work.agreed_for is not None and work.agreed_for > now:
        return "scheduled_operation"
    return "running"


def owes_registration_notice(ticket: Ticket) -> bool:
    return ticket.in_client_area and ticket.registered_at is None and not ticket.ended


def window_end(ticket: Ticket) -> datetime:
    match ticket.phase:
        case Closed(objections_until=datetime() as until):
            return until
        case _:
            return datetime.max.replace(tzinfo=MONDAY.tzinfo)


def is_late(ticket: Ticket, now: datetime) -> list[bool]:
    return [
        r.deadline is not None and now > r.deadline
        for r in ticket.requests.values()
        if r.answer is not Answer.GIVEN
    ]
