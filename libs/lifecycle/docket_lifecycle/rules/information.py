"""Requests for information and their answers (R-6.4, R-6.8-a, R-6.9-b, C-05)."""

from datetime import datetime

from docket_events.recorded import Event
from docket_events.ticket import (
    InformationProvided,
    InformationRejected,
    InformationRequested,
    UploadCompleted,
)
from docket_lifecycle.commands import (
    CompleteUpload,
    ProvideInformation,
    RejectInformation,
    RequestInformation,
)
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.contents import refuse_sent
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.rules.phases import refuse_ended, refuse_unless_alive, refuse_unless_worked_on
from docket_lifecycle.state.ticket import Answer, InformationRequest, Ticket
from docket_policies.deadlines.timers import information_deadline


def request(
    ticket: Ticket, command: RequestInformation, context: DecisionContext
) -> tuple[Event, ...]:
    """Ask the user for information; the last valid instant of the answer is fixed now (R-6.9-b)."""
    refuse_unless_worked_on(ticket, context.policy)
    window = context.policy.information_window
    number = len(ticket.requests) + 1
    while f"q{number}" in ticket.requests:  # taken over from another ticket
        number += 1
    return (
        InformationRequested(
            request=f"q{number}",
            kind=command.kind,
            items=command.items,
            deadline=information_deadline(context.policy, context.at),
            clause=window.clause if window else None,
        ),
    )


def provide(
    ticket: Ticket, command: ProvideInformation, context: DecisionContext
) -> tuple[Event, ...]:
    """Answer a request; before the closing notice is sent this also cancels the closing (C-21)."""
    refuse_ended(ticket, context.policy)
    asked = _request(ticket, command.request, context)
    if asked.answer is not Answer.AWAITED:
        raise Refused("already_provided", context.clause, f"{asked.id} has its answer")
    refuse_sent(ticket, command.attachments, context)
    return (
        InformationProvided(asked.id, command.upload_pending, command.content, command.attachments),
    )


def complete_upload(
    ticket: Ticket, command: CompleteUpload, context: DecisionContext
) -> tuple[Event, ...]:
    """Record that the files of an answer have arrived in full: only now it is provided (R-1.14)."""
    refuse_ended(ticket, context.policy)
    asked = _request(ticket, command.request, context)
    if asked.answer is Answer.GIVEN:
        return ()
    if asked.answer is not Answer.UPLOADING:
        raise Refused(
            "no_upload_pending", context.clause, f"no upload for {asked.id} was announced"
        )
    return (UploadCompleted(asked.id),)


def reject(
    ticket: Ticket, command: RejectInformation, context: DecisionContext
) -> tuple[Event, ...]:
    """Reject an insufficient answer: its request is open again since its first moment (R-6.1-c)."""
    refuse_unless_alive(ticket, context.policy)
    asked = _request(ticket, command.request, context)
    if asked.answer is Answer.AWAITED:
        raise Refused("nothing_provided", context.clause, f"{asked.id} has no answer to reject")
    return (InformationRejected(asked.id, command.reason, _lengthened(asked, context)),)


def _lengthened(asked: InformationRequest, context: DecisionContext) -> datetime | None:
    """Return until when the user may answer again: not counted while we had the answer (C-56)."""
    apart = context.policy.readings.rejected == "vendor_time_apart"
    if asked.deadline is None or asked.arrived_at is None or not apart:
        return None
    return asked.deadline + (context.at - asked.arrived_at)


def _request(ticket: Ticket, request_id: str, context: DecisionContext) -> InformationRequest:
    asked = ticket.requests.get(request_id)
    if asked is None:
        known = ", ".join(ticket.requests) or "none"
        raise Refused(
            "unknown_request", context.clause, f"no request {request_id!r}; known: {known}"
        )
    if asked.answer is Answer.ENDED:
        detail = f"the closing has ended {asked.id} (C-61); ask anew"
        raise Refused("unknown_request", context.clause, detail)
    return asked
