"""Why a ticket is in its state: every deadline, pause, refusal and closing with its event.

Each line names the event it rests on, who caused it, and the clause with what it says.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from docket_audit.breaches import breaches
from docket_audit.event_refs import clause_told, event_told, reason_of
from docket_audit.owed import sum_of
from docket_audit.pauses import pauses
from docket_audit.replay import Replay
from docket_audit.report_views import breach_told, pause_told
from docket_events.clock import InformationDeadlinePassed, TicketAutoClosed
from docket_events.combining import MergedInto
from docket_events.desk import TicketRejected
from docket_events.notice import ClosureBecameFinal, ClosureNoticeSent
from docket_events.recorded import Recorded
from docket_events.ticket import (
    ClosureDecided,
    InformationRejected,
    InformationRequested,
    ObjectionAccepted,
    ObjectionRefused,
    TicketRevoked,
)
from docket_policies.clock.response_clock import TurnClock
from docket_policies.deadlines.timers import information_deadline
from docket_policies.terms.policy import Policy
from docket_simulation.explanation import ExplainedSpan


def why(replay: Replay) -> dict[str, Any]:
    """Return the deadlines, breaches, pauses, refusals and closings of a ticket at a point."""
    rows = replay.explanation.rows
    return {
        "sum": sum_of(replay),
        "deadlines": [
            *(_turn(turn, rows) for turn in replay.clock.turns),
            *_information(replay),
            *_objections(replay),
        ],
        "ahead": [
            {
                "name": timer.name,
                "due_at": timer.due_at,
                "fires_at": timer.fires_at,
                **clause_told(timer.clause),
            }
            for timer in replay.deadlines
        ],
        "breaches": [breach_told(breach) for breach in breaches(replay)],
        "pauses": [pause_told(pause) for pause in pauses(replay)],
        "refusals": [_told(each, replay.terms) for each in _of(replay, _REFUSALS)],
        "closings": [_told(each, replay.terms) for each in _of(replay, _CLOSINGS)],
    }


_REFUSALS = (InformationRejected, ObjectionRefused, TicketRejected)

_CLOSINGS = (
    ClosureDecided,
    ClosureNoticeSent,
    ObjectionAccepted,
    ObjectionRefused,
    ClosureBecameFinal,
    TicketAutoClosed,
    TicketRejected,
    TicketRevoked,
    MergedInto,
)


def _turn(turn: TurnClock, rows: Sequence[ExplainedSpan]) -> dict[str, Any]:
    """Return a response time as the spans that add up to it (R-6.7, I-2.6-*)."""
    return {
        "deadline": "response",
        "turn": turn.number,
        "start": turn.start,
        "due_at": turn.due_at,
        "budget_s": turn.budget_s,
        "consumed_s": turn.consumed_s,
        "answered_at": turn.answered_at,
        "breached_at": turn.breached_at,
        "void": turn.void,
        "event": event_told(turn.cause),
        **clause_told(turn.clause),
        "spans": [_span(row) for row in rows if row.turn == turn.number],
    }


def _span(row: ExplainedSpan) -> dict[str, Any]:
    span = row.span
    return {
        "from": span.from_,
        "to": span.to,
        "state": span.state,
        "held_by": row.held_by,
        "calendar": span.calendar,
        "counted_s": span.counted_s,
        "total_s": row.total_s,
        "event": event_told(span.cause),
        **clause_told(span.clause),
    }


def _information(replay: Replay) -> Iterator[dict[str, Any]]:
    """Return the deadlines of information requests: the last valid instants (R-6.9-b)."""
    window = replay.terms.information_window
    if window is None:
        return
    for asked in _of(replay, (InformationRequested,)):
        assert isinstance(asked.event, InformationRequested)
        request = asked.event.request
        known = replay.ticket.requests.get(request)
        passed = [
            each
            for each in _of(replay, (InformationDeadlinePassed,))
            if getattr(each.event, "request", None) == request
        ]
        yield {
            "deadline": "information",
            "request": request,
            "due_at": asked.event.deadline or information_deadline(replay.terms, asked.occurred_at),
            "answer": None if known is None else known.answer,
            "passed": event_told(passed[-1]) if passed else None,
            "event": event_told(asked),
            **clause_told(asked.event.clause or window.clause),
        }


def _objections(replay: Replay) -> Iterator[dict[str, Any]]:
    """Return the ends of the windows for objections: exclusive (R-6.10-b)."""
    window = replay.terms.objection_window
    if window is None:
        return
    for notice in _of(replay, (ClosureNoticeSent,)):
        assert isinstance(notice.event, ClosureNoticeSent)
        if notice.event.objections_until is not None:
            yield {
                "deadline": "objection",
                "due_at": notice.event.objections_until,
                "event": event_told(notice),
                **clause_told(window.clause),
            }


def _of(replay: Replay, kinds: tuple[type, ...]) -> list[Recorded]:
    return [each for each in replay.sight.counted if isinstance(each.event, kinds)]


def _told(recorded: Recorded, terms: Policy) -> dict[str, Any]:
    return {
        "event": event_told(recorded),
        "reason": reason_of(recorded),
        **clause_told(_clause(recorded, terms)),
    }


def _clause(recorded: Recorded, terms: Policy) -> str:
    """Return the clause recorded in an event, else the one of these terms for it."""
    match recorded.event:
        case ClosureDecided(clause=clause) | TicketRejected(clause=clause):
            return clause
        case TicketAutoClosed(clause=str(clause)):
            return clause
        case ClosureNoticeSent():
            return terms.phases["closed"]
        case ClosureBecameFinal() if terms.objection_window is not None:
            return terms.objection_window.clause
        case ObjectionAccepted():
            return _granted(terms, "object")
        case ObjectionRefused():
            return _granted(terms, "refuse-objection")
        case InformationRejected():
            return _granted(terms, "reject-information")
        case TicketRevoked():
            return terms.phases["revoked"]
        case MergedInto():
            return terms.phases["merged_into"]
        case _:
            return terms.clause


def _granted(terms: Policy, verb: str) -> str:
    capability = terms.capabilities.get(verb)
    return terms.absence(verb) if capability is None else capability.clause
