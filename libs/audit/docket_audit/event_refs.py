"""Short references to events and clauses, used in every answer about the past."""

from typing import Any

from docket_events.codec import to_data, type_of
from docket_events.recorded import Happened, Recorded
from docket_simulation.clauses import clause_of

_REASONS = ("reason", "why", "what", "party", "kind")


def event_told(happened: Happened) -> dict[str, Any]:
    """Return an event's version and type, when it happened and was recorded, and who caused it.

    An event that was taken over from another ticket has no version in this history.
    """
    told: dict[str, Any] = {"type": type_of(happened.event), "at": happened.occurred_at}
    if isinstance(happened, Recorded):
        told |= {
            "version": happened.version,
            "recorded_at": happened.recorded_at,
            "actor": happened.actor,
        }
    return told


def clause_told(clause_id: str) -> dict[str, str]:
    """Return a clause with what it says in our words; empty if it is not in the list."""
    clause = clause_of(clause_id)
    return {"clause": clause_id, "says": "" if clause is None else clause.says}


def reason_of(happened: Happened) -> str | None:
    """Return the code of the reason that an event gives, None if it gives none.

    What people wrote is stored beside the log and is not shown here.
    """
    data = to_data(happened.event)
    said = (data.get(name) for name in _REASONS)
    return next((reason for reason in said if isinstance(reason, str)), None)
