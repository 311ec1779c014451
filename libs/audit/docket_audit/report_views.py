"""Pauses and breaches as plain values, by the names that the API shows."""

from dataclasses import asdict
from typing import Any

from docket_audit.breaches import Breach
from docket_audit.event_refs import clause_told, event_told
from docket_audit.pauses import Pause


def pause_told(pause: Pause) -> dict[str, Any]:
    """Return a pause with its event and what its clause says; `to` is None while it lasts."""
    return {
        "turn": pause.turn,
        "state": pause.state,
        "from": pause.from_,
        "to": pause.to,
        "expected_until": pause.expected_until,
        "reason": pause.reason,
        "by": pause.by,
        "team": pause.team,
        "held_s": pause.held_s,
        "gained_s": pause.gained_s,
        "forgiven_s": pause.forgiven_s,
        "user_messages": pause.user_messages,
        "event": event_told(pause.cause),
        **clause_told(pause.clause),
    }


def breach_told(breach: Breach) -> dict[str, Any]:
    """Return a breach with its excuse beside it, both with their events."""
    excuse = breach.excuse
    return {
        "turn": breach.turn,
        "priority": breach.priority,
        "told": None if breach.told is None else event_told(breach.told),
        "told_due_at": breach.told_due_at,
        "due_at": breach.due_at,
        "breached_at": breach.breached_at,
        "stands": breach.stands,
        "withdrawn": None if breach.withdrawn is None else event_told(breach.withdrawn),
        "excuse": None
        if excuse is None
        else {
            "event": event_told(excuse.event),
            "reason": excuse.reason,
            "approver": asdict(excuse.approver),
            "clause": excuse.clause,
        },
    }
