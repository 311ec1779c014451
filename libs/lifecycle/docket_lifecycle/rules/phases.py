"""Refusals because of the ticket's phase, which many commands share."""

from collections.abc import Sequence

from docket_events.clock import TicketAutoClosed
from docket_events.recorded import Happened
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.state.phase_changes import change_phase
from docket_lifecycle.state.ticket import (
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
from docket_policies.calendars.epoch import seconds
from docket_policies.clock.fold import fold_clock
from docket_policies.deadlines.endings import silence_ends
from docket_policies.terms.policy import Policy


def refuse_ended(ticket: Ticket, policy: Policy) -> None:
    """Raise Refused if the ticket is closed (R-6.10-a), revoked, rejected or merged (C-23)."""
    match ticket.phase:
        case Closed(clause=clause) if _is_for_silence(clause, policy):
            raise Refused("ticket_closed", clause, "the ticket was closed for silence")
        case Closed() | Final():
            raise Refused("ticket_closed", policy.phases["closed"], "the ticket is closed")
        case Revoked():
            raise Refused(
                "ticket_revoked", policy.phases["revoked"], "the user took the ticket back"
            )
        case Rejected(clause=clause):
            raise Refused("ticket_rejected", clause, "the ticket was rejected")
        case Merged(into=into):
            raise Refused(
                "ticket_merged", policy.phases["merged_into"], f"the ticket lives on in {into}"
            )
        case Open() | Suspended() | Closing():
            return


def after_silence(ticket: Ticket, context: DecisionContext, history: Sequence[Happened]) -> Ticket:
    """Return the ticket closed where its user acts after the silence that the terms bear (I-3.6).

    That is decided by the instant, whether or not the closing is written yet (C-64). Raises
    OutsideCoverage.
    """
    rule = context.policy.auto_close
    if rule is None or context.actor.kind not in ("customer", "service") or ticket.ended:
        return ticket
    progress = fold_clock(history, context.policy, seconds(context.at))
    until = silence_ends(progress, context.policy)
    if until is None or context.at < until:
        return ticket
    return change_phase(ticket, TicketAutoClosed(rule.reason, rule.clause, until), until)


def _is_for_silence(clause: str, policy: Policy) -> bool:
    return policy.auto_close is not None and clause == policy.auto_close.clause


def refuse_unless_alive(ticket: Ticket, policy: Policy) -> None:
    """Raise Refused if the ticket has ended, or its closing waits for the notice (C-21)."""
    refuse_ended(ticket, policy)
    if isinstance(ticket.phase, Closing):
        raise Refused(
            "ticket_closing",
            policy.phases["closing"],
            "the closing is decided and its notice is on the way",
        )


def refuse_unless_worked_on(ticket: Ticket, policy: Policy) -> None:
    """Raise Refused unless the provider may work on the ticket now (R-6.6-a)."""
    refuse_unless_alive(ticket, policy)
    if isinstance(ticket.phase, Suspended):
        raise Refused(
            "ticket_suspended", policy.phases["suspended"], "the user has suspended the ticket"
        )
