"""What differs between two points of a ticket's past, and which event set a field last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from docket_audit import diff
from docket_audit.diff import FieldChange
from docket_audit.point import Point
from docket_audit.replay import Replay, replay, states_of
from docket_events.recorded import Recorded
from docket_policies.clock.response_clock import response_clock
from ticket_api.history.views import compared, compared_clock, compared_ticket


@dataclass(frozen=True, slots=True)
class Difference:
    """Two points of a ticket, the fields that differ, and the event that set each last."""

    before: Replay
    after: Replay
    changes: Sequence[FieldChange]
    setters: Mapping[str, Recorded]

    @property
    def patch(self) -> list[dict[str, Any]]:
        """Return the difference as JSON Patch (RFC 6902)."""
        return diff.patch(compared(self.before), compared(self.after))


def difference(
    ticket_id: UUID, history: Sequence[Recorded], one: Point, other: Point, now: datetime
) -> Difference:
    """Return what differs from one point to another; raise as `replay` does."""
    before = replay(ticket_id, history, one, now)
    after = replay(ticket_id, history, other, now)
    changes = diff.changes(compared(before), compared(after))
    return Difference(before, after, changes, set_by(after, [each.field for each in changes]))


def set_by(replayed: Replay, fields: Sequence[str]) -> Mapping[str, Recorded]:
    """Return which event set each field last, of the clock's always at the same instant."""
    counted = replayed.sight.counted
    of_clock = [field for field in fields if field.split("/")[1:2] == ["clock"]]
    states = list(states_of(replayed.ticket.id, counted))

    def ticket_after(part: Sequence[Recorded]) -> dict[str, Any]:
        return compared_ticket(states[len(part) - 1])

    def clock_after(part: Sequence[Recorded]) -> dict[str, Any]:
        return compared_clock(response_clock(part, replayed.terms, replayed.sight.at))

    others = [field for field in fields if field not in of_clock]
    return {
        **diff.set_by(counted, ticket_after, others),
        **diff.set_by(counted, clock_after, of_clock),
    }
