"""The read model and the clock of a ticket in the service, held against what its history makes."""

from collections.abc import Sequence
from datetime import datetime

from timed_api import TimedApi

from alike import plain, without_versions
from docket_events.recorded import Fact
from docket_lifecycle.state.ticket import Ticket
from docket_policies.clock.response_clock import response_clock
from docket_policies.deadlines.timers import timers
from docket_policies.terms.policy import Policy
from docket_policies.views import clock_answer, timer_answer
from people import OLGA


def row_is_the_fold(api: TimedApi, ticket: Ticket) -> None:
    """Hold the row of the list against the ticket."""
    (row,) = api.rows("select * from docket.tickets where ticket_id = $1", ticket.id)
    closed = ticket.closed
    expected = {
        "version": ticket.version,
        "number": ticket.number,
        "account_id": ticket.account_id,
        "requester_id": ticket.requester_id,
        "status": ticket.status.value,
        "waiting_for": ticket.waiting_for,
        "priority": ticket.priority,
        "product": ticket.product,
        "channel": ticket.channel,
        "pack": ticket.pack,
        "revision": ticket.revision,
        "assignee": ticket.assignee,
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
        "registered_at": ticket.registered_at,
        "closed_at": closed.at if closed else None,
        "objections_until": closed.objections_until if closed else None,
    }
    assert {name: row[name] for name in expected} == expected


def clock_is_the_same(
    api: TimedApi, ticket: Ticket, history: Sequence[Fact], terms: Policy, now: datetime
) -> None:
    """Hold clock and deadlines that the service shows against those of the pure rules."""
    api.clock.at = now
    told = api.get(OLGA, f"/v1/tickets/{ticket.id}/clock").json()
    expected = clock_answer(response_clock(history, terms, now))
    due = [timer_answer(timer) for timer in timers(history, terms)]
    assert told["deadlines"] == plain(due)
    assert without_versions(told["response_clock"]) == plain(expected)
