"""The events of a history as trees of causes, one for each correlation."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from docket_audit.event_refs import event_told
from docket_events.recorded import Recorded


def causes(history: Sequence[Recorded]) -> list[dict[str, Any]]:
    """Return the events by correlation, each with the events that it caused.

    An event whose cause is in another history is a root and names the cause as `caused_by`.
    """
    here = {recorded.event_id for recorded in history}
    caused: dict[UUID, list[Recorded]] = defaultdict(list)
    roots: dict[UUID, list[Recorded]] = {}
    for recorded in history:
        if recorded.causation_id in here and recorded.causation_id != recorded.event_id:
            caused[recorded.causation_id].append(recorded)
        else:
            roots.setdefault(recorded.correlation_id, []).append(recorded)
    return [
        {"correlation_id": correlation, "events": [_node(each, caused) for each in events]}
        for correlation, events in roots.items()
    ]


def _node(root: Recorded, caused: dict[UUID, list[Recorded]]) -> dict[str, Any]:
    """Return an event with all below it; without recursion, since a chain may be long."""
    top = _told(root)
    left = [(root, top)]
    while left:
        recorded, node = left.pop()
        for each in caused.get(recorded.event_id, ()):
            below = _told(each)
            node["caused"].append(below)
            left.append((each, below))
    return top


def _told(recorded: Recorded) -> dict[str, Any]:
    return {
        **event_told(recorded),
        "event_id": recorded.event_id,
        "caused_by": recorded.causation_id,
        "caused": [],
    }
