"""What the page of a ticket shows at a point of its past: state, clock, why, events, proof."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from docket_audit.diff import changes, patch, set_by
from docket_audit.point import Point
from docket_audit.replay import Replay, replay, rights
from docket_audit.timeline import timeline
from docket_audit.why import why
from docket_events.codec import to_data
from docket_events.recorded import Recorded
from docket_policies.views import clock_answer
from ticket_api.console.pages import picture
from ticket_api.history import views
from ticket_api.tickets.views import ticket_view

_CLOCK = (
    "clock_state",
    "priority",
    "deadline",
    "budget_s",
    "consumed_s",
    "remaining_s",
    "overdue",
    "ended_at",
    "clause",
    "turn",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The point that the address of the page names."""

    point: Point
    at: str
    known_at: str


def seen(
    ticket_id: UUID, history: Sequence[Recorded], point: Point, now: datetime
) -> Mapping[str, Any]:
    """Return the values of the part of the page that follows the slider; raise NothingYet."""
    view = replay(ticket_id, history, point, now)
    clock = clock_answer(view.clock)
    return {
        "seen": view,
        "picture": picture(timeline(view, history)),
        "state": _state(view),
        "clock": [(name, clock.get(name)) for name in _CLOCK],
        "why": why(view),
        "rights": rights(view),
        "events": _events(view),
    }


def compared(
    ticket_id: UUID, history: Sequence[Recorded], before: int, after: int
) -> Mapping[str, Any]:
    """Return what differs between two versions, with the event that set each field last."""

    def state_after(part: Sequence[Recorded]) -> Mapping[str, Any]:
        return views.compared(replay(ticket_id, part, Point(len(part)), part[-1].recorded_at))

    old, new = state_after(history[:before]), state_after(history[:after])
    differences = changes(old, new)
    fields = [change.field for change in differences]
    setters = set_by(history[: max(before, after)], state_after, fields)
    return {
        "changes": [(change, setters.get(change.field)) for change in differences],
        "patch": msgspec.json.format(msgspec.json.encode(patch(old, new))).decode(),
    }


def proof(history: Sequence[Recorded], verified: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what is known of the history's integrity, and its hashes.

    `verified` is how far the log has been verified: a fault anywhere in the ticket's partition
    counts, because the chain goes through all of it.
    """
    last = history[-1]
    part = next(p for p in verified["partitions"] if p["partition"] == last.partition)
    dense = [each.version for each in history] == list(range(1, len(history) + 1))
    faults = [] if dense else ["a version is missing"]
    if part["fault"] is not None:
        faults.append(f"{part['fault']} (position {part['fault_position']})")
    checkpoint = part["checkpoint"]
    covered = checkpoint is not None and checkpoint["size"] >= last.position
    return {
        "faults": faults,
        "verified": part["verified_to"] >= last.position or part["rounds"] > 0,
        "rounds": part["rounds"],
        "checkpoint": checkpoint if covered else None,
        "rows": [(each.version, each.position, each.hash.hex()) for each in history],
    }


def _state(view: Replay) -> list[tuple[str, Any]]:
    """Return the fields of the state that have a value, innermost, by their names."""
    plain = msgspec.to_builtins(ticket_view(view.ticket), builtin_types=(datetime,))
    return [
        (change.field.removeprefix("/").replace("/", "."), change.after)
        for change in changes({}, plain)
        if change.after not in (None, [], (), False)
    ]


def _datum(value: Any) -> Any:
    """Return a field of an event for people: a text beside the log by its id."""
    if isinstance(value, Mapping) and value.keys() == {"id", "digest"}:
        return f"content {value['id']}"
    return value


def _events(view: Replay) -> list[Mapping[str, Any]]:
    sight = view.sight
    events = [(each, "counted") for each in sight.counted]
    events += [(each, "ahead") for each in sight.ahead]
    events += [(each, "unknown") for each in sight.unknown]
    return [
        {
            "version": each.version,
            "type": each.type,
            "at": each.occurred_at,
            "recorded_at": each.recorded_at,
            "actor": each.actor,
            "data": [
                (name, _datum(value))
                for name, value in msgspec.to_builtins(to_data(each.event)).items()
                if value is not None
            ],
            "there": there,
        }
        for each, there in sorted(events, key=lambda pair: pair[0].version)
    ]
