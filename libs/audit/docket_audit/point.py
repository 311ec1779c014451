"""A point in a ticket's past, and which events of its history count there (decision 0013)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from docket_events.instants import read_instant, whole_seconds, wire
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

    @property
    def query(self) -> Mapping[str, str]:
        """Return the point as it is asked for, exactly: the parameters that name it."""
        named = {"as_of": self.as_of, "known_at": self.known_at}
        return {
            name: wire(value) if isinstance(value, datetime) else str(value)
            for name, value in named.items()
            if value is not None
        }


def read_place(text: str) -> int | datetime | None:
    """Return a place on the axis of happening that a person wrote, None for nothing.

    A version (17 or v17) or an instant as `read_instant` takes it; raise ValueError.
    """
    if re.fullmatch(r"v?[0-9]{1,9}", text, re.ASCII):
        return int(text.removeprefix("v"))
    try:
        return read_instant(text) if text else None
    except ValueError as wrong:
        raise ValueError(f"{wrong}, or a version such as 17") from None


def read_point(as_of: str | None, known_at: str | None) -> Point:
    """Return the point that a person wrote, the present where nothing stands; raise ValueError."""
    as_of, known_at = (as_of or "").strip(), (known_at or "").strip()
    return Point(read_place(as_of), read_instant(known_at) if known_at else None)


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


def caveats(sight: HistoryAsOf, point: Point, now: datetime) -> tuple[str, ...]:
    """Return in sentences where the answer at a point is not of all that was asked for."""
    return tuple(_caveats(sight, point, now))


def _caveats(sight: HistoryAsOf, point: Point, now: datetime) -> Iterator[str]:
    as_of, known_at = point.as_of, point.known_at
    version = sight.counted[-1].version
    if isinstance(as_of, int) and version < as_of and known_at is not None:
        yield (
            f"Version {as_of} was not written down by {wire(known_at)}:"
            f" the answer is that of version {version}."
        )
    if isinstance(as_of, datetime) and as_of > now:
        yield f"{wire(as_of)} lies ahead: the answer holds if nothing happens until then."
    if known_at is not None and known_at > now:
        yield f"{wire(known_at)} lies ahead: the answer rests on what is known by {wire(now)}."
    if as_of is None and known_at is not None and sight.at > known_at:
        yield f"The last event happened later than that: clocks are asked {wire(sight.at)}."


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
