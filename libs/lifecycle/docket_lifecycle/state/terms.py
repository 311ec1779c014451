"""What a ticket's terms say that its fold depends on: how they were read when it was created.

A fold never refuses: what no terms govern is folded by the current readings.
"""

from datetime import datetime

from docket_lifecycle.state.ticket import Ticket
from docket_policies.deadlines.timers import information_deadline
from docket_policies.terms.editions import UnknownPack
from docket_policies.terms.loader import terms_of
from docket_policies.terms.policy import Policy, TeamName
from docket_policies.terms.readings import UNREAD, Readings


def readings_of(ticket: Ticket) -> Readings:
    """Return how the ticket's terms are read; `UNREAD` where no terms govern it."""
    terms = _terms(ticket)
    return UNREAD if terms is None else terms.readings


def valid_until(ticket: Ticket, requested_at: datetime) -> datetime | None:
    """Return the last valid instant of an answer where nothing says it, None where none runs."""
    terms = _terms(ticket)
    return None if terms is None else information_deadline(terms, requested_at)


def only_team(ticket: Ticket) -> TeamName | None:
    """Return the team that is meant where the terms know one only."""
    terms = _terms(ticket)
    return None if terms is None else terms.only_team


def _terms(ticket: Ticket) -> Policy | None:
    try:
        return terms_of(ticket)
    except UnknownPack:
        return None
