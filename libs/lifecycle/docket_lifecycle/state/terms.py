"""What a ticket's terms say that its fold depends on: how they were read when it was created.

A fold never refuses: what no terms govern is folded by the current readings.
"""

from datetime import datetime

from docket_lifecycle.state.ticket import Ticket
from docket_policies.deadlines.timers import information_deadline
from docket_policies.terms.editions import UnknownPack
from docket_policies.terms.loader import terms_of
from docket_policies.terms.policy import Policy, TeamName


def closing_ends_everything(ticket: Ticket) -> bool:
    """Say whether the end of the ticket ends every request, wait and agreement (C-61)."""
    terms = _terms(ticket)
    return terms is None or terms.readings.ended == "everything"


def objection_is_of_same_ticket(ticket: Ticket) -> bool:
    """Say whether a division or a combination leaves no objection to refuse (C-57)."""
    terms = _terms(ticket)
    return terms is None or terms.readings.refused == "same_ticket"


def resumption_leaves_ball(ticket: Ticket) -> bool:
    """Say whether the ball is where it was when a suspension ends (C-65)."""
    terms = _terms(ticket)
    return terms is None or terms.readings.resumed == "as_it_was"


def response_ends_individual_deadline(ticket: Ticket) -> bool:
    """Say whether the first response ends an individual deadline (C-58)."""
    terms = _terms(ticket)
    return terms is None or terms.readings.individual == "lengthened"


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
