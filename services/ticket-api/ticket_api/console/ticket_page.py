"""What the page of a ticket shows at a point of its past: state, clock, why, events, proof."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec

from docket_audit.diff import changes
from docket_audit.owed import due_of
from docket_audit.point import Point, caveats
from docket_audit.replay import Replay, replay, rights
from docket_audit.timeline import life, timeline
from docket_audit.timeline_key import Key, legend
from docket_audit.why import why
from docket_events.codec import to_data
from docket_events.recorded import Recorded
from docket_policies.views import clock_answer
from ticket_api.console.pages import picture
from ticket_api.history.difference import difference
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


ENDS = ("from", "from_known_at", "to", "to_known_at")
"""The fields of the form that compares two points."""


def seen(
    ticket_id: UUID, history: Sequence[Recorded], point: Point, now: datetime
) -> Mapping[str, Any]:
    """Return the values of the part of the page that follows the point; raise NothingYet."""
    view = replay(ticket_id, history, point, now)
    clock = clock_answer(view.clock)
    lived = life(view, history, point)
    drawn = timeline(view, history, point)
    return {
        "seen": view,
        "point": point,
        "shown": {"as_of": "", "known_at": "", **point.query},
        "caveats": [*caveats(view.sight, point, now), *([view.caveat] if view.caveat else ())],
        "now": now,
        "newest": len(history) - len(view.sight.unknown),
        "first_s": int(lived.first.timestamp()),
        "end_s": int(lived.last.timestamp()),
        "at_s": int(view.sight.at.timestamp()),
        "picture": picture(drawn),
        "legend": _legend(drawn),
        "state": _state(view),
        "clock": [(name, clock.get(name)) for name in _CLOCK],
        "why": _why(view),
        "rights": rights(view),
        "events": _events(view),
    }


def compared(
    ticket_id: UUID, history: Sequence[Recorded], ends: tuple[Point, Point], now: datetime
) -> Mapping[str, Any]:
    """Return what differs between two points, with the event that set each field last."""
    found = difference(ticket_id, history, *ends, now)
    return {
        "changes": [(change, found.setters[change.field]) for change in found.changes],
        "sides": [
            (view, point, caveats(view.sight, point, now))
            for view, point in zip((found.before, found.after), ends, strict=True)
        ],
        "patch": msgspec.json.format(msgspec.json.encode(found.patch)).decode(),
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
    if part["fork"] is not None:
        faults.append(part["fork"])
    checkpoint = part["checkpoint"]
    covered = checkpoint is not None and checkpoint["size"] >= last.position
    return {
        "faults": faults,
        "verified": part["verified_to"] >= last.position or part["rounds"] > 0,
        "rounds": part["rounds"],
        "checkpoint": checkpoint if covered else None,
        "rows": [(each.version, each.position, each.hash.hex()) for each in history],
    }


def _legend(drawn: str) -> list[tuple[str, list[Key]]]:
    return [(lane, list(keys)) for lane, keys in groupby(legend(drawn), lambda key: key.lane)]


def _why(view: Replay) -> Mapping[str, Any]:
    """Return the reasons, without due times that count no more, with each clause once."""
    due = {turn.number: due_of(turn, view.clock) for turn in view.clock.turns}
    told = why(view)
    for deadline in told["deadlines"]:
        if "turn" in deadline:
            deadline["due_at"] = due[deadline["turn"]]
        spans = deadline.get("spans", ())
        deadline["clauses"] = sorted({(each["clause"], each["says"]) for each in spans})
    return told


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
