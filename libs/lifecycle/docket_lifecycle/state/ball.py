"""Whose turn it is: requests to the user and their answers, and when the first turn begins."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from docket_events.combining import OpenRequest, SplitChildCreated, TicketsMerged
from docket_lifecycle.state import work
from docket_lifecycle.state.terms import only_team, readings_of, valid_until
from docket_lifecycle.state.ticket import OPEN_ANSWERS, Answer, InformationRequest, Side, Ticket


def ball(requests: Mapping[str, InformationRequest]) -> Side:
    """Return whose turn it is: the user's while a request waits for its answer (R-6.8-a)."""
    waiting = any(request.answer in OPEN_ANSWERS for request in requests.values())
    return "user" if waiting else "provider"


def answered(
    ticket: Ticket,
    request: str,
    answer: Answer,
    at: datetime,
    attachments: tuple[UUID, ...] | None = None,
) -> Ticket:
    """Record how far the answer to a request has come, and its files; the ball follows."""
    known = ticket.requests.get(request)
    if known is None:  # an imported answer may name a request from before the import
        return ticket
    if known.answer is Answer.ENDED:
        return ticket
    files = known.attachments if attachments is None else attachments
    arrived = (known.arrived_at or at) if answer is Answer.GIVEN else None
    told = replace(known, answer=answer, attachments=files, arrived_at=arrived)
    return _with_request(ticket, told)


def responded(ticket: Ticket) -> Ticket:
    """Give the ball to the user; an individual deadline has done its service (R-1.14, C-58)."""
    ticket = replace(ticket, waiting_for="user", reopened_from=None)
    if ticket.work.deadline is None or readings_of(ticket).individual != "lengthened":
        return ticket
    return replace(ticket, work=replace(ticket.work, deadline=None))


def rejected(ticket: Ticket, request: str, deadline: datetime | None) -> Ticket:
    """Open a request again, until the deadline told now where one is told (C-05, C-56)."""
    known = ticket.requests.get(request)
    if known is None or known.answer is Answer.ENDED:
        return ticket
    until = deadline or known.deadline
    return _with_request(
        ticket, replace(known, answer=Answer.AWAITED, deadline=until, arrived_at=None)
    )


def _with_request(ticket: Ticket, told: InformationRequest) -> Ticket:
    requests = {**ticket.requests, told.id: told}
    return replace(ticket, requests=requests, waiting_for=ball(requests))


def registered(ticket: Ticket, at: datetime) -> Ticket:
    """Start the provider's first turn with the first notice, whatever happened before (R-1.14).

    For a part, or a ticket into which others were merged, it may have started (R-6.3-b).
    """
    if ticket.registered_at is not None:
        return ticket
    side = ticket.waiting_for if ticket.counting else ball(ticket.requests)
    return replace(ticket, registered_at=at, counting=True, waiting_for=side)


def taken_over(ticket: Ticket, event: SplitChildCreated | TicketsMerged, at: datetime) -> Ticket:
    """Add the open requests of other tickets, each since the same moment (C-05, C-08)."""
    requests = dict(ticket.requests)
    for told in event.open_requests:
        asked = told if isinstance(told, OpenRequest) else OpenRequest(told, at)
        until = asked.deadline or valid_until(ticket, asked.requested_at)
        requests.setdefault(
            asked.request,
            InformationRequest(
                asked.request, asked.kind, asked.requested_at, until, items=asked.items
            ),
        )
    silent = isinstance(event, TicketsMerged) and event.answered
    not_begun = isinstance(event, SplitChildCreated) and event.parent_base is None
    return replace(
        ticket,
        priority=event.priority,
        criteria=ticket.criteria if event.priority == ticket.priority else (),
        requests=requests,
        counting=ticket.counting or not (silent or not_begun),
        waiting_for="user" if silent and ticket.waiting_for == "user" else ball(requests),
        work=work.taken_over(ticket.work, event, only_team(ticket)),
    )
