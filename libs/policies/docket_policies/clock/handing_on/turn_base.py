"""From when a divided or combined ticket is counted (R-6.3-b, I-3.3, C-08)."""

from typing import assert_never

from docket_events.combining import SplitChildCreated, TicketsMerged, TicketSplit
from docket_policies.calendars.epoch import seconds
from docket_policies.terms.readings import Readings


def base_of(
    event: TicketSplit | SplitChildCreated | TicketsMerged, at: int, readings: Readings
) -> int | None:
    """Return the instant (seconds since 1970) the turn counts from after an event at `at`.

    None where the count goes on as it was, or had not started.
    """
    match event:
        case TicketSplit():
            return at if readings.split == "newest_part" else None
        case SplitChildCreated(parent_base=base):
            if base is None or readings.split == "newest_part":
                return None if base is None else at
            return min(at, seconds(base))
        case TicketsMerged(created_at=()):
            return at
        case TicketsMerged(created_at=created):
            match readings.merge:
                case "latest_source":
                    return min(at, seconds(max(created)))
                case "merge":
                    return at
                case "earliest_source":
                    return min(at, seconds(min(created)))
                case _:
                    assert_never(readings.merge)
        case _:
            assert_never(event)


def addressed_since(
    event: TicketSplit | SplitChildCreated | TicketsMerged, at: int, readings: Readings
) -> int | None:
    """Return the start of the addressing time after the event; None where nothing changes.

    A part that is not counted anew has the first message of its parent (R-6.1-c).
    """
    if isinstance(event, SplitChildCreated) and readings.split == "parent":
        return min(at, seconds(event.parent_created_at))
    if isinstance(event, SplitChildCreated):
        return at
    return base_of(event, at, readings)
