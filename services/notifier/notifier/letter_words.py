"""The content of a letter: the texts that it quotes, and the values for its template."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from docket_events.clock import ResponseOverdue
from docket_events.combining import MergedInto
from docket_events.desk import TicketRejected
from docket_events.notice import NoticeKind
from docket_events.teams import ForwardedToRelevantTeam, TeamUpdateReceived
from docket_events.ticket import (
    ClosureDecided,
    InformationRequested,
    ObjectionAccepted,
    ObjectionRefused,
    PriorityChanged,
    ResponseSent,
)
from docket_events.written import ContentRef, Written
from docket_lifecycle.rules.opening.urgency import queue_place, rank_of
from docket_lifecycle.state.ticket import Ticket
from docket_policies.deadlines.timers import objections_until
from docket_policies.terms.policy import Policy
from notifier.decide import OwedNotice

SUBJECTS: Mapping[NoticeKind, str] = {
    "registration": "Your ticket is registered",
    "registration_alert": "No registration notice was sent",
    "information_request": "We need something from you",
    "overdue_alert": "The answer is late",
    "closing": "Your ticket is closed",
    "response": "There is an answer",
    "priority": "The priority has changed",
    "forwarded": "A team has your ticket",
    "team_update": "News from the team",
    "rejection": "Your ticket is rejected",
    "automatic_closing": "Your ticket was closed for silence",
    "comment": "There is a message for you",
    "merged": "Your ticket goes on in another one",
    "objection_accepted": "Your objection is accepted",
    "objection_refused": "Your objection is refused",
}

Texts = Mapping[UUID, bytes | None]
"""Contents by id; None if one was erased."""


def refs_of(notice: OwedNotice, ticket: Ticket) -> tuple[ContentRef, ...]:
    """Return the contents that a letter about this notice quotes; a response is not quoted."""
    event = notice.cause.event
    refs: list[Written | None] = [ticket.subject]
    if not notice.to_agents:
        refs.append(ticket.contact)
    match event:
        case InformationRequested(items=quoted):
            refs.append(quoted)
        case TicketRejected():
            refs += (event.content, event.reference)
        case ClosureDecided() | TeamUpdateReceived():
            refs.append(event.content)
        case ObjectionRefused(reason=reason):
            refs.append(reason)
        case _:
            pass
    return tuple(ref for ref in refs if isinstance(ref, ContentRef))


def words_of(
    notice: OwedNotice, ticket: Ticket, policy: Policy, texts: Texts, at: datetime
) -> dict[str, Any]:
    """Return the values for the template of a notice, at the moment of sending."""
    event = notice.cause.event
    topic = "" if notice.to_agents else text_of(ticket.subject, texts)
    said: dict[str, Any] = {"ticket": ticket, "cause": notice.cause, "subject": one_line(topic)}
    said["after_access"] = policy.after_access if ticket.work.consent is not None else None
    if notice.kind == "registration":
        said |= _of_registration(ticket, policy)
    match event:
        case InformationRequested(request=request, items=items, clause=clause):
            said |= {"request": ticket.requests[request], "items": text_of(items, texts)}
            said |= {"clause": clause}
        case ClosureDecided(reason=name, clause=clause, content=content):
            reason = policy.closing_reasons.get(name)
            said |= {"clause": clause, "reason": reason.says if reason else ""}
            said |= {"note": text_of(content, texts), "window": policy.objection_window}
            said |= {"until": objections_until(policy, at)}
        case TicketRejected(reason=name, clause=clause, content=content):
            reason = policy.rejection_reasons.get(name)
            said |= {"clause": clause, "reason": reason.says if reason else ""}
            said |= {"note": text_of(content, texts), "reference": text_of(event.reference, texts)}
        case ResponseOverdue():
            said |= {"overdue": event}
        case ResponseSent(proposes_solution=proposes):
            said |= {"proposes_solution": proposes, "silence": policy.auto_close}
        case PriorityChanged(to=to, from_=before):
            said |= {"to": to, "before": before, "clause": _clause(policy, "prioritize")}
        case ForwardedToRelevantTeam():
            said |= {"clause": _clause(policy, "forward")}
        case MergedInto(number=number):
            said |= {"clause": _clause(policy, "merge"), "number": number}
        case ObjectionAccepted():
            said |= {"clause": policy.turn_starts.get("objection", _clause(policy, "object"))}
        case ObjectionRefused(reason=content):
            said |= {"clause": _clause(policy, "refuse-objection")}
            said |= {"note": text_of(content, texts), "window": policy.objection_window}
            said |= {"until": ticket.closed.objections_until if ticket.closed else None}
        case TeamUpdateReceived(content=content):
            said |= {"clause": _clause(policy, "team-update"), "news": text_of(content, texts)}
        case _:
            pass
    return said


def _of_registration(ticket: Ticket, policy: Policy) -> dict[str, Any]:
    """Return what a registration notice says: what begins, and what is served (C-69)."""
    suspend, reply = policy.capabilities.get("suspend"), policy.capabilities["reply"]
    return {
        "untimed": policy.no_target,
        "starts": policy.turn_starts.get("registration"),
        "priority_clause": policy.initial_priority_clause,
        "place": queue_place(ticket) if rank_of(ticket) is not None else None,
        "support": ticket.support,
        "suspends": suspend.clause if suspend else None,
        "answers": reply.clause,
    }


def text_of(written: Written | None, texts: Texts) -> str:
    """Return the text of a reference, an empty one if it was erased; one of before is inside."""
    if isinstance(written, str):
        return written
    body = texts.get(written.id) if written is not None else None
    return "" if body is None else body.decode(errors="replace").strip()


def one_line(text: str) -> str:
    """Return the text without control characters and line separators of any kind."""
    printable = (letter if letter.isprintable() else " " for letter in text)
    return " ".join("".join(printable).split())


def _clause(policy: Policy, verb: str) -> str:
    capability = policy.capabilities.get(verb)
    return capability.clause if capability else policy.absence(verb)
