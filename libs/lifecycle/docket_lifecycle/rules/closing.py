"""Closing or rejecting a ticket, and objecting to it (R-6.9, R-6.10, R-6.11, I-3.2)."""

from collections.abc import Mapping
from datetime import datetime

from docket_events.desk import TicketRejected
from docket_events.recorded import Event
from docket_events.ticket import ClosureDecided, ObjectionAccepted, ObjectionRefused
from docket_lifecycle.commands import Close, Object, RefuseObjection, Reject
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.rules.phases import refuse_ended, refuse_unless_alive
from docket_lifecycle.rules.teams import refuse_forwarded
from docket_lifecycle.state.ticket import (
    Answer,
    Closed,
    Closing,
    Final,
    Merged,
    Open,
    Rejected,
    Revoked,
    Suspended,
    Ticket,
)
from docket_policies.terms.policy import ClosingReason


def close(ticket: Ticket, command: Close, context: DecisionContext) -> tuple[Event, ...]:
    """Decide to close for a reason of the pack's list; the notice closes the ticket (C-21)."""
    refuse_unless_alive(ticket, context.policy)
    reason = _reason(ticket, command, context.policy.closing_reasons, context)
    return (
        ClosureDecided(
            reason=command.reason,
            clause=reason.clause,
            plan_reference=command.plan_reference,
            reference=command.reference,
            content=command.content,
        ),
    )


def reject(ticket: Ticket, command: Reject, context: DecisionContext) -> tuple[Event, ...]:
    """Reject the ticket for a reason of the pack's list: it ends at once (I-3.2)."""
    refuse_unless_alive(ticket, context.policy)
    refuse_forwarded(ticket, context)
    reason = _reason(ticket, command, context.policy.rejection_reasons, context)
    return (TicketRejected(command.reason, reason.clause, command.reference, command.content),)


def _reason(
    ticket: Ticket,
    command: Close | Reject,
    known: Mapping[str, ClosingReason],
    context: DecisionContext,
) -> ClosingReason:
    """Return the reason from the terms; raise Refused if it is unknown or misses something."""
    reason = known.get(command.reason)
    if reason is None:
        listed = ", ".join(sorted(known))
        raise Refused(
            "unknown_reason", context.clause, f"no reason {command.reason!r}; known: {listed}"
        )
    for needed, code in reason.requires.items():
        if getattr(command, needed) is None:
            raise Refused(code, reason.clause, f"{command.reason} must name its {needed}")
    asked = {request.kind for request in ticket.requests.values()}
    if reason.after_request is not None and reason.after_request not in asked:
        raise Refused(
            f"{reason.after_request}_not_requested",
            reason.clause,
            f"{command.reason} comes after a request for {reason.after_request}",
        )
    if reason.after_any_request and not asked:
        raise Refused("no_information_requested", reason.clause, "nothing was asked of the user")
    if reason.awaits_information_deadline:
        _refuse_before_information_deadline(ticket, context.at, reason.clause)
    return reason


def _refuse_before_information_deadline(ticket: Ticket, at: datetime, clause: str) -> None:
    """Closing then is a right, never automatic; a late answer ends it (R-6.9-b, C-19).

    An answer whose upload is under way counts as an answer here: nobody is cut off while sending
    (C-05).
    """
    unanswered = [r for r in ticket.requests.values() if r.answer is Answer.AWAITED]
    if not unanswered:
        if any(asked.answer is not Answer.ENDED for asked in ticket.requests.values()):
            raise Refused("information_was_provided", clause, "every request has its answer")
        raise Refused("no_information_requested", clause, "nothing was asked of the user")
    if not any(r.deadline is not None and at > r.deadline for r in unanswered):
        raise Refused(
            "info_deadline_not_reached", clause, "the user may still answer within the 72 hours"
        )


def object_to_closing(
    ticket: Ticket, command: Object, context: DecisionContext
) -> tuple[Event, ...]:
    """Object to the closing in time and with reasons: the ticket opens again (R-6.10-b, C-22).

    While the objection is in force and the window is open, repeating it changes nothing.
    """
    policy, at = context.policy, context.at
    window = policy.objection_window
    if window is None:
        raise Refused("not_in_pack", policy.absence("object"), "these terms grant no objection")
    match ticket.phase:
        case Revoked() | Rejected() | Merged():
            refuse_ended(ticket, policy)
            closed = None
        case Closing():
            raise Refused(
                "ticket_closing", policy.phases["closing"], "the closing notice is on the way"
            )
        case Final():
            raise Refused("objection_window_over", window.clause, "the closing is final")
        case Open() | Suspended():
            closed = ticket.reopened_from
        case Closed() as closed:
            pass
    if closed is None:
        raise Refused("ticket_not_closed", window.clause, "there is no closing to object to")
    if closed.objections_until is None or at >= closed.objections_until:
        raise Refused("objection_window_over", window.clause, "the window has ended")
    if command.description is None or command.consequences is None:
        raise Refused(
            "objection_not_motivated",
            window.motivation_clause,
            "an objection describes the issue and its consequences",
        )
    if ticket.reopened_from is not None:
        return ()
    return (ObjectionAccepted(command.description, command.consequences),)


def refuse_objection(
    ticket: Ticket, command: RefuseObjection, context: DecisionContext
) -> tuple[Event, ...]:
    """Refuse an accepted objection: the closing is in force again, its window unchanged (C-22)."""
    refuse_unless_alive(ticket, context.policy)
    if ticket.reopened_from is None:
        raise Refused("no_objection", context.clause, "there is no objection that could be refused")
    return (ObjectionRefused(command.reason),)
