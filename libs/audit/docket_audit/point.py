"""A point in a ticket's past, and which events of its history count there (decision 0013)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from docket_events.instants import whole_seconds
from docket_events.recorded import Recorded


class NothingYet(ValueError):
    """At that point there was no such version, or nothing had happened or been recorded."""


@dataclass(frozen=True, slots=True)
class Point:
    """What had happened `as_of` a version or an instant, as far as it was recorded `known_at`.

    Both ends are inclusive. None is the present; with `known_at` alone the question is what was
    believed then of that moment.
    """

    as_of: int | datetime | None = None
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HistoryAsOf:
    """A history as of a point: its events in the order of their versions, in three parts.

    `counted` are those that count there, `ahead` those that were known and had not happened by
    then, `unknown` those that were recorded later. `at` is the instant for clocks: that of the
    point, and for a version that of its last event.
    """

    counted: tuple[Recorded, ...]
    ahead: tuple[Recorded, ...]
    unknown: tuple[Recorded, ...]
    at: datetime

    @property
    def late(self) -> tuple[Recorded, ...]:
        """Return the counted events that were recorded after one that happened later."""
        found, latest = [], self.counted[0].occurred_at
        for recorded in self.counted:
            if recorded.occurred_at < latest:
                found.append(recorded)
            latest = max(latest, recorded.occurred_at)
        return tuple(found)


def history_as_of(history: Sequence[Recorded], point: Point, now: datetime) -> HistoryAsOf:
    """Return what counts of a whole history at a point; raise NothingYet."""
    as_of, known_at = point.as_of, point.known_at
    if isinstance(as_of, int) and not 1 <= as_of <= history[-1].version:
        raise NothingYet(f"the ticket has no version {as_of}; it has {history[-1].version}")
    known = [each for each in history if known_at is None or each.recorded_at <= known_at]
    counted = tuple(each for each in known if _happened(each, as_of))
    if not counted:
        raise NothingYet("nothing of the ticket had happened and was known at that point")
    return HistoryAsOf(
        counted=counted,
        ahead=tuple(each for each in known if not _happened(each, as_of)),
        unknown=tuple(history[len(known) :]),
        at=_instant(counted, point, now),
    )


def _happened(recorded: Recorded, as_of: int | datetime | None) -> bool:
    match as_of:
        case None:
            return True
        case int():
            return recorded.version <= as_of
        case _:
            return recorded.occurred_at <= as_of


def _instant(counted: Sequence[Recorded], point: Point, now: datetime) -> datetime:
    last = max(each.occurred_at for each in counted)
    match point.as_of:
        case datetime():
            return whole_seconds(point.as_of)
        case int():
            return last
        case _:
            present = now if point.known_at is None else min(point.known_at, now)
            return max(whole_seconds(present), last)
