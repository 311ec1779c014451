"""Dividing a ticket and combining several: what it does to the history of each (R-6.3, I-3.3)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import get_args

from msgspec.structs import replace as replace_in

from docket_events.combining import (
    Adopted,
    MergedInto,
    OpenRequest,
    SplitChildCreated,
    TicketsMerged,
    TicketSplit,
)
from docket_events.recorded import Event, Fact, Happened
from docket_events.ticket import Priority, TicketCreated
from docket_events.written import reference
from docket_lifecycle.commands import Merge, Part, Split
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext, NewEvents, OtherTicket
from docket_lifecycle.rules.phases import refuse_unless_worked_on
from docket_lifecycle.state.ticket import Merged, Ticket
from docket_policies.clock.handing_on.handover import combined_clock, part_clock, still_standing
from docket_policies.clock.response_clock import response_clock
from docket_policies.terms.policy import Policy


def split(
    parent: Ticket, command: Split, context: DecisionContext, history: Sequence[Happened]
) -> NewEvents:
    """Return the events of the parent and of each part, which takes over its open waits (C-08).

    `history` is the parent's. Raises Refused, and OutsideCoverage.
    """
    policy = context.policy
    parts = tuple(str(part.id) for part in command.parts)
    if parts and set(parts) <= set(parent.parts):
        return {}
    refuse_unless_worked_on(parent, policy)
    if not parts:
        raise Refused("no_parts", context.clause, "name the parts")
    if len(set(parts)) < len(parts) or not set(parts).isdisjoint((str(parent.id), *parent.parts)):
        raise Refused("part_exists", context.clause, "each part is a ticket of its own")
    adopted = part_clock(history, policy, context.at)
    return {
        parent.id: (TicketSplit(parts, command.reason, tuple(p.number for p in command.parts)),),
        **{
            part.id: _part(OtherTicket(parent, history), part, command, adopted, context)
            for part in command.parts
        },
    }


def _part(
    divided: OtherTicket, part: Part, command: Split, adopted: Adopted, context: DecisionContext
) -> tuple[Event, ...]:
    parent, policy, at = divided.ticket, context.policy, context.at
    priority = part.priority or parent.priority
    created, begun = (
        TicketCreated(
            number=part.number,
            account_id=parent.account_id,
            requester_id=parent.requester_id,
            channel=parent.channel,
            product=parent.product,
            product_version=parent.product_version,
            edition=parent.edition,
            environment=reference(parent.environment),
            environment_kind=parent.environment_kind,
            support=parent.support,
            plan=parent.plan,
            classification=parent.classification,
            kind=parent.kind,
            priority=priority,
            pack=parent.pack,
            revision=parent.revision,
            service_level=parent.service_level,
            subject=part.subject or parent.subject,
            description=part.description,
            contact=parent.contact,
            special_conditions=parent.special_conditions,
            split_from=str(parent.id),
            readings_version=parent.readings_version,
        ),
        SplitChildCreated(
            parent=str(parent.id),
            parent_created_at=parent.created_at,
            priority=priority,
            parent_base=adopted.base,
            reason=part.reason or command.reason,
            open_requests=_requests(parent, ""),
            third_parties=parent.work.third_parties,
            cause_unknown=parent.work.cause_unknown,
            agreed_for=_agreed_ahead([parent], at),
        ),
    )
    if policy.readings.split != "parent":
        return created, begun
    goes_on = replace(begun, adopted=adopted)
    short = _seconds_short(divided, (Fact(created, at), Fact(goes_on, at)), policy, at)
    if short:
        longer = replace_in(adopted, extensions_s=adopted.extensions_s + short)
        goes_on = replace(goes_on, adopted=longer)
    return created, goes_on


def _seconds_short(divided: OtherTicket, part: Sequence[Fact], policy: Policy, at: datetime) -> int:
    """Return what a part that would be overdue at birth lacks to have what its parent has left.

    A part is never overdue at birth unless its parent was (C-60).
    """
    ours, theirs = (response_clock(each, policy, at) for each in (divided.history, part))
    if ours.overdue or not theirs.overdue or ours.remaining_s is None or theirs.budget_s is None:
        return 0
    return ours.remaining_s + (theirs.consumed_s or 0) - theirs.budget_s


def merge(
    into: OtherTicket,
    others: Sequence[OtherTicket],
    command: Merge,
    context: DecisionContext,
) -> NewEvents:
    """Return the events of the target and of each source, which it ends (R-6.3, C-08, C-23).

    The terms are the target's. Every wait still open on any of them is open on the target; requests
    and waits of a source are known there under the number of their ticket. Raises Refused, and
    OutsideCoverage.
    """
    target, name = into.ticket, str(into.ticket.id)
    kept = [each for each in others if not _lives_in(each.ticket, name)]
    if others and not kept:
        return {}
    left = [each.ticket for each in kept]
    _refuse_unless_together(target, left, context)
    together = [target, *left]
    return {
        target.id: (
            TicketsMerged(
                created_at=tuple(sorted(ticket.created_at for ticket in together)),
                priority=command.priority or _most_urgent(together),
                sources=tuple(str(source.id) for source in left),
                reason=command.reason,
                answered=not any(_waits_for_provider(ticket) for ticket in together),
                open_requests=(
                    *_requests(target, ""),
                    *(each for s in left for each in _requests(s, f"{s.number}-")),
                ),
                third_parties=(
                    *target.work.third_parties,
                    *(f"{s.number}-{wait}" for s in left for wait in s.work.third_parties),
                ),
                cause_unknown=any(ticket.work.cause_unknown for ticket in together),
                agreed_for=_agreed_ahead(together, context.at),
                adopted=_adopted(into, kept, context),
            ),
        ),
        **{source.id: (MergedInto(name, target.number),) for source in left},
    }


def _lives_in(ticket: Ticket, name: str) -> bool:
    return isinstance(ticket.phase, Merged) and ticket.phase.into == name


def _adopted(into: OtherTicket, others: Sequence[OtherTicket], context: DecisionContext) -> Adopted:
    """Return the clock of the most recent ticket that waits for the provider (C-59).

    Of several that were created in one second the ids decide, so that the direction does not.
    """
    together = sorted((into, *others), key=lambda each: (each.ticket.created_at, each.ticket.id))
    newest = together[-1].ticket.created_at
    waiting = [each for each in together if _waits_for_provider(each.ticket)]
    if not waiting:
        return still_standing(together[-1].history, context.policy, context.at)
    chosen = waiting[-1]
    prefix = "" if chosen is into else f"{chosen.ticket.number}-"
    return combined_clock(chosen.history, context.policy, context.at, newest, prefix)


def _refuse_unless_together(
    target: Ticket, sources: Sequence[Ticket], context: DecisionContext
) -> None:
    """Raise Refused unless the tickets may merge: one user, one edition, all worked on (C-08)."""
    policy = context.policy
    ids = [ticket.id for ticket in (target, *sources)]
    if len(ids) < 2 or len(set(ids)) < len(ids):
        raise Refused("no_other_tickets", context.clause, "name other tickets, each once")
    for ticket in (target, *sources):
        if ticket.account_id != target.account_id:
            clause = context.clause_of("different_users")
            raise Refused("different_users", clause, "the tickets belong to different users")
        if ticket.pack != target.pack:
            clause = context.clause_of("different_packs")
            raise Refused("different_packs", clause, "different terms govern the tickets")
        refuse_unless_worked_on(ticket, policy)
    counting = next((ticket for ticket in sources if ticket.counting), None)
    if counting is not None and not target.counting:
        raise Refused(
            "target_not_registered",
            policy.states["not_started"],
            f"the clock of {counting.number} runs; combine them into a ticket whose clock does",
        )
    newest = max((target, *sources), key=lambda ticket: ticket.created_at)
    if newest.revision != target.revision:
        clause = context.clause_of("different_revisions")
        raise Refused(
            "different_revisions", clause, f"combine them into {newest.number}, the most recent one"
        )


def _requests(ticket: Ticket, prefix: str) -> tuple[OpenRequest, ...]:
    return tuple(
        OpenRequest(prefix + asked.id, asked.requested_at, asked.kind, asked.deadline, asked.items)
        for asked in ticket.open_requests
    )


def _agreed_ahead(tickets: Sequence[Ticket], at: datetime) -> datetime | None:
    """Return the latest hour agreed on for an operation that lies ahead."""
    agreed = [t.work.agreed_for for t in tickets if t.work.agreed_for and t.work.agreed_for > at]
    return max(agreed, default=None)


def _waits_for_provider(ticket: Ticket) -> bool:
    return ticket.counting and ticket.waiting_for == "provider"


def _most_urgent(tickets: Sequence[Ticket]) -> Priority:
    return min((ticket.priority for ticket in tickets), key=get_args(Priority).index)
