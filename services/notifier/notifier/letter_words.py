"""The content of a letter: the texts that it quotes, and the values for its template.

A value has one name in every letter, and is None where a letter has no use for it; texts of the
terms are given by their sentences, which a language may word in its own way.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from docket_events.clock import BreachWithdrawn, ResponseDueSoon, ResponseOverdue
from docket_events.combining import MergedInto, TicketSplit
from docket_events.desk import IndependentMeasuresAgreed, TicketRejected, UpdateReleased
from docket_events.notice import NoticeBounced, SentNotice, kind_of
from docket_events.teams import TeamUpdateReceived
from docket_events.ticket import (
    ClosureDecided,
    InformationRejected,
    InformationRequested,
    ObjectionAccepted,
    ObjectionRefused,
    PriorityChanged,
    ResponseSent,
)
from docket_events.written import ContentRef, Written
from docket_lifecycle.rules.opening.urgency import queue_place, rank_of
from docket_lifecycle.state.ticket import InformationRequest, Ticket
from docket_policies.deadlines.timers import objections_until
from docket_policies.terms.policy import Policy
from docket_runtime.mail.text import sound_line
from notifier.letter_names import NAMES
from notifier.owed_notice import OwedNotice

Texts = Mapping[UUID, bytes | None]
"""Contents by id; None if one was erased."""


def refs_of(notice: OwedNotice, ticket: Ticket) -> tuple[ContentRef, ...]:
    """Return the contents that a letter about this notice quotes; a response is not quoted."""
    refs: list[Written | None] = [ticket.subject]
    if not notice.to_agents:
        refs.append(ticket.contact)
    refs += [_note(notice), _other_ticket(notice), *_asked(notice, ticket)]
    return tuple(ref for ref in refs if isinstance(ref, ContentRef))


def words_of(
    notice: OwedNotice, ticket: Ticket, policy: Policy, texts: Texts, at: datetime
) -> dict[str, Any]:
    """Return the values for the template of a notice, at the moment of sending."""
    said: dict[str, Any] = dict.fromkeys(NAMES)
    said |= {
        "number": ticket.number,
        "subject": sound_line(text_of(ticket.subject, texts)),
        "product": ticket.product,
        "priority": ticket.priority,
        "account": ticket.account_id,
        "assignee": ticket.assignee,
        "waiting_for": ticket.waiting_for,
        "since": notice.cause.occurred_at,
        "untimed": policy.no_target,
        "note": text_of(_note(notice), texts),
    }
    if policy.after_access is not None and ticket.work.consent is not None:
        said["after_access"] = policy.after_access.says
        said["clause"] = policy.after_access.clause
    if notice.kind == "registration":
        return said | _of_registration(ticket, policy)
    if notice.kind == "registration_alert":
        return said | {"clause": "R-1.14"}
    return said | _of_cause(notice, ticket, policy, texts, at)


def _of_cause(
    notice: OwedNotice, ticket: Ticket, policy: Policy, texts: Texts, at: datetime
) -> dict[str, Any]:
    match notice.cause.event:
        case InformationRequested(request=request, clause=clause):
            pause = policy.states.get("waiting_user")
            asked = _of_request(ticket.requests[request], texts)
            return asked | {"clause": clause, "pause_clause": pause}
        case InformationRejected(request=request):
            clause = _clause(policy, "reject-information")
            return _of_request(ticket.requests[request], texts) | {"clause": clause}
        case ClosureDecided(reason=name, clause=clause):
            reason = policy.closing_reasons.get(name)
            return {
                "clause": clause,
                "reason": reason.says if reason else "",
                "until": objections_until(policy, at),
                **_of_objections(policy),
            }
        case TicketRejected(reason=name, clause=clause, reference=reference):
            reason = policy.rejection_reasons.get(name)
            says = reason.says if reason else ""
            return {"clause": clause, "reason": says, "reference": text_of(reference, texts)}
        case ResponseOverdue() | ResponseDueSoon() | BreachWithdrawn() as event:
            return {"turn": event.turn, "due_at": event.due_at, "clause": event.clause}
        case ResponseSent(proposes_solution=proposes):
            silence = policy.auto_close
            return {
                "proposes_solution": proposes,
                "silence": silence.says if silence else None,
                "silence_clause": silence.clause if silence else None,
                "clause": _clause(policy, "respond"),
            }
        case PriorityChanged(to=to, from_=before):
            return {"priority": to, "before": before, "clause": _clause(policy, "prioritize")}
        case TicketSplit(numbers=numbers):
            parts = ", ".join(f"#{each}" for each in numbers)
            return {"clause": _clause(policy, "split"), "parts": parts}
        case MergedInto(number=number):
            return {"clause": _clause(policy, "merge"), "other_number": number}
        case ObjectionAccepted():
            return {"clause": policy.turn_starts.get("objection", _clause(policy, "object"))}
        case ObjectionRefused():
            until = ticket.closed.objections_until if ticket.closed else None
            clause = _clause(policy, "refuse-objection")
            return {"clause": clause, "until": until, **_of_objections(policy)}
        case UpdateReleased(plan_reference=reference, version=version):
            clause = _clause(policy, "link-defect")
            return {"clause": clause, "reference": reference, "version": version}
        case event if notice.kind == "undelivered_alert":
            return _of_undelivered(event, notice.about)
        case event:
            verb = _VERBS.get(notice.kind)
            own = getattr(event, "clause", None)
            return {"clause": _clause(policy, verb)} if verb else ({"clause": own} if own else {})


_VERBS: Mapping[str, str] = {
    "forwarded": "forward",
    "returned": "return",
    "team_update": "team-update",
    "measures_agreed": "agree-measures",
    "change_recorded": "record-change",
    "comment": "comment",
}
"""The command behind a notice whose event names no clause."""


def _of_request(request: InformationRequest, texts: Texts) -> dict[str, Any]:
    items = text_of(request.items, texts)
    return {"request_kind": request.kind, "items": items, "deadline": request.deadline}


def _of_objections(policy: Policy) -> dict[str, Any]:
    window = policy.objection_window
    if window is None:
        return {}
    return {
        "objection_clause": window.clause,
        "motivation_clause": window.motivation_clause,
    }


def _of_registration(ticket: Ticket, policy: Policy) -> dict[str, Any]:
    """Return what a registration notice says: what begins, and what is served (C-69)."""
    suspend, reply = policy.capabilities.get("suspend"), policy.capabilities["reply"]
    starts = policy.turn_starts.get("registration")
    said: dict[str, Any] = {
        "clause": policy.no_target or starts,
        "starts": starts,
        "priority_clause": policy.initial_priority_clause,
        "suspends": suspend.clause if suspend else None,
        "answers": reply.clause,
    }
    if rank_of(ticket) is not None:
        queue = queue_place(ticket)
        said |= {"place": queue.place, "places": queue.places, "place_clause": queue.clause}
    if ticket.support is not None:
        support = ticket.support
        said |= {
            "supported": support.supported,
            "support_clause": support.clause,
            "support_why": support.why,
        }
    return said


def _of_undelivered(event: object, about: SentNotice | None) -> dict[str, Any]:
    code = about.delivery.code if about is not None and about.delivery is not None else None
    return {
        "clause": "C-51",
        "told_kind": kind_of(about) if about is not None else None,
        "delivery_code": event.code if isinstance(event, NoticeBounced) else code,
    }


def _other_ticket(notice: OwedNotice) -> Written | None:
    """Return the ticket to which a rejection refers."""
    event = notice.cause.event
    return event.reference if isinstance(event, TicketRejected) else None


def _note(notice: OwedNotice) -> ContentRef | None:
    """Return what an agent wrote for the letter."""
    match notice.cause.event:
        case InformationRejected(reason=written) | ObjectionRefused(reason=written):
            return written
        case (
            ClosureDecided()
            | TicketRejected()
            | TeamUpdateReceived()
            | IndependentMeasuresAgreed() as event
        ):
            return event.content
        case _:
            return None


def _asked(notice: OwedNotice, ticket: Ticket) -> tuple[ContentRef | None, ...]:
    """Return what the user is asked for."""
    match notice.cause.event:
        case InformationRequested(items=items):
            return (items,)
        case InformationRejected(request=request):
            return (ticket.requests[request].items,)
        case _:
            return ()


def text_of(written: Written | None, texts: Texts) -> str:
    """Return the text of a reference, an empty one if it was erased; one of before is inside."""
    if isinstance(written, str):
        return written
    body = texts.get(written.id) if written is not None else None
    return "" if body is None else body.decode(errors="replace").strip()


def _clause(policy: Policy, verb: str) -> str:
    capability = policy.capabilities.get(verb)
    return capability.clause if capability else policy.absence(verb)
