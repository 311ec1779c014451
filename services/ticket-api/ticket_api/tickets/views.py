"""What the API shows of a ticket and of its events: plain values, ready for JSON."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import structs

from docket_events.codec import to_data
from docket_events.contents import texts_of
from docket_events.recorded import Recorded
from docket_events.written import ContentRef, reference
from docket_lifecycle.rules.opening.urgency import queue_place, rank_of
from docket_lifecycle.state.ticket import Closed, Closing, Final, Merged, Revoked, Suspended, Ticket
from docket_lifecycle.state.work import Work
from docket_policies.calendars.opentime import OutsideCoverage
from docket_policies.eligibility.criteria import Criterion, criterion_named
from docket_policies.eligibility.support_hours import known_plans, plan_named, window_of
from docket_policies.terms.editions import UnknownPack, edition_named
from ticket_api.tickets.readable_texts import ReadableTexts

_WORK = tuple(
    f.name for f in structs.fields(Work) if f.name not in ("restricted", "restricted_until")
)
"""The fields of the work that a ticket shows; a restriction is shown with the account (C-52)."""


def ticket_view(ticket: Ticket, texts: ReadableTexts | None = None) -> dict[str, Any]:
    """Return the ticket's state; with `texts` also the texts of its references."""
    return {
        "id": ticket.id,
        "number": ticket.number,
        "version": ticket.version,
        "status": ticket.status,
        "waiting_for": ticket.owing,
        "priority": ticket.priority,
        "requested_priority": ticket.requested_priority,
        "justification": content_view(ticket.justification, texts),
        "criteria": [_criterion(ticket, name) for name in ticket.criteria],
        "account_id": ticket.account_id,
        "requester_id": ticket.requester_id,
        "assignee": ticket.assignee,
        "channel": ticket.channel,
        "product": ticket.product,
        "product_version": ticket.product_version,
        "edition": ticket.edition,
        "environment": texts.of(ticket.environment, 1) if texts else None,
        "kind": ticket.kind,
        "pack": ticket.pack,
        "revision": ticket.revision,
        "service_level": ticket.service_level,
        "special_conditions": ticket.special_conditions,
        "support": ticket.support,
        "plan": ticket.plan,
        "classification": _classification(ticket),
        "queue": _queue(ticket),
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
        "registered_at": ticket.registered_at,
        "subject": content_view(ticket.subject, texts),
        "description": content_view(ticket.description, texts),
        "contact": _contact(ticket.contact, texts),
        "undelivered_notices": len(ticket.undelivered),
        "open_requests": [request.id for request in ticket.open_requests],
        "information_requests": [
            {
                "request": request.id,
                "kind": request.kind,
                "requested_at": request.requested_at,
                "deadline": request.deadline,
                "answer": request.answer,
                "items": content_view(request.items, texts),
                "attachments": request.attachments,
            }
            for request in ticket.requests.values()
        ],
        "suspended_since": ticket.phase.since if isinstance(ticket.phase, Suspended) else None,
        "revoked_at": ticket.phase.at if isinstance(ticket.phase, Revoked) else None,
        "closing": _closing(ticket),
        "work": {name: getattr(ticket.work, name) for name in _WORK},
        "split_from": ticket.split_from,
        "parts": ticket.parts,
        "merged_into": ticket.phase.into if isinstance(ticket.phase, Merged) else None,
        "sources": ticket.sources,
        "imported": {"source": ticket.imported.source, "source_id": ticket.imported.source_id}
        if ticket.imported
        else None,
    }


def criterion_view(row: Criterion) -> dict[str, Any]:
    """Return a criterion of a priority with its sentence."""
    return {
        "criterion": row.name,
        "priority": row.priority,
        "product": row.product,
        "says": row.says,
    }


def _classification(ticket: Ticket) -> dict[str, Any] | None:
    rank, found = rank_of(ticket), ticket.classification
    if rank is None or found is None:
        return None
    return {"rank": rank, "clause": found.clause, "mark_ignored": found.mark_ignored}


def window_view(ticket: Ticket, at: datetime) -> dict[str, Any] | None:
    """Return when support answers under the plan of a ticket that goes on (H-policy-3).

    None under terms without plans or that nobody has here, and in years of unknown holidays.
    """
    try:
        edition = edition_named(ticket.pack, ticket.revision)
        if ticket.ended or not known_plans(edition):
            return None
        opening = window_of(plan_named(edition, ticket.plan), at)
    except (OutsideCoverage, UnknownPack):
        return None
    return {
        "open_now": opening.open_from <= at,
        "open_from": opening.open_from,
        "open_until": opening.open_until,
        "clause": opening.clause,
    }


def _queue(ticket: Ticket) -> dict[str, Any] | None:
    if ticket.ended:
        return None
    place = queue_place(ticket)
    return {"place": place.place, "places": place.places, "clause": place.clause}


def event_view(recorded: Recorded, texts: ReadableTexts | None = None) -> dict[str, Any]:
    """Return one event of a history; with `texts` also its texts."""
    view: dict[str, Any] = {
        "ticket_id": recorded.ticket_id,
        "version": recorded.version,
        "type": recorded.type,
        "at": recorded.occurred_at,
        "recorded_at": recorded.recorded_at,
        "actor": recorded.actor,
        "data": to_data(recorded.event),
        "event_id": recorded.event_id,
        "position": recorded.position,
        "correlation_id": recorded.correlation_id,
        "causation_id": recorded.causation_id,
    }
    if texts is not None:
        view["texts"] = texts.of_event(recorded.event, recorded.version)
    return view


def content_ids(ticket: Ticket) -> tuple[UUID, ...]:
    """Return the ids of the texts that `ticket_view` shows."""
    references = (
        ticket.subject,
        ticket.description,
        ticket.justification,
        ticket.contact,
        reference(ticket.environment),
        *(request.items for request in ticket.requests.values()),
    )
    return tuple(each.id for each in references if each is not None)


def event_content_ids(history: Iterable[Recorded]) -> tuple[UUID, ...]:
    """Return the ids of the texts that `event_view` shows of a history."""
    return tuple(ref.id for recorded in history for ref in texts_of(recorded.event))


def _criterion(ticket: Ticket, name: str) -> dict[str, Any]:
    row = criterion_named(ticket.pack, ticket.revision, name)
    if row is not None:
        return criterion_view(row)
    return {"criterion": name, "priority": ticket.priority, "product": None, "says": None}


def content_view(
    reference: ContentRef | None, texts: ReadableTexts | None
) -> dict[str, Any] | None:
    """Return a reference to a text, with the text itself where `texts` are given."""
    if reference is None:
        return None
    view: dict[str, Any] = {"id": reference.id, "digest": reference.digest}
    if texts is not None:
        view["text"] = texts.beside.get(reference.id)
    return view


def _contact(reference: ContentRef | None, texts: ReadableTexts | None) -> dict[str, Any] | None:
    """Show an address, which is JSON beside the log, by its fields."""
    if reference is None:
        return None
    view: dict[str, Any] = {"id": reference.id, "digest": reference.digest}
    if texts is not None:
        written = texts.beside.get(reference.id)
        known = msgspec.json.decode(written) if written is not None else {}
        view |= {name: known.get(name) for name in ("email", "name")}
    return view


def _closing(ticket: Ticket) -> dict[str, Any] | None:
    match ticket.phase:
        case Closing(decided_at=at, reason=reason, clause=clause):
            return {"reason": reason, "clause": clause, "decided_at": at}
        case Closed(at=at, reason=reason, clause=clause, objections_until=until):
            return {
                "reason": reason,
                "clause": clause,
                "closed_at": at,
                "objections_until": until,
            }
        case Final(at=at, closed=closed):
            return {
                "reason": closed.reason,
                "clause": closed.clause,
                "closed_at": closed.at,
                "objections_until": closed.objections_until,
                "final_at": at,
            }
        case _:
            return None
