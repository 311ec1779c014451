"""The clock: the only module that asks for the present time.

The present is the database's: a process reads it now and then and counts on with its own monotonic
clock, so a machine's wrong wall clock decides nothing. Instants have whole seconds, as the terms
count (decision 0006).

A warped clock (development and tests only) maps real to virtual time; the database applies the same
warp, so that the three services and their timers share one present.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Protocol

from docket_events.instants import whole_seconds

_WARP = re.compile(r"warp:(?P<virtual>[^@]+)@(?P<real>[^x]+)x(?P<factor>\d+(\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Warp:
    """Map the instant `real` to the instant `virtual`, then run `factor` times as fast."""

    virtual: datetime
    real: datetime
    factor: float

    def apply(self, instant: datetime) -> datetime:
        """Return the virtual instant of a real one."""
        return self.virtual + (instant - self.real) * self.factor


def parse_warp(text: str) -> Warp | None:
    """Read `system` (None) or `warp:<virtual start>@<real start>x<factor>`; raise ValueError."""
    if text == "system":
        return None
    match = _WARP.fullmatch(text)
    if match is None:
        raise ValueError(
            f"{text!r} is neither 'system' nor 'warp:<virtual start>@<real start>x<factor>'"
        )
    virtual, real = (datetime.fromisoformat(match[part]) for part in ("virtual", "real"))
    if virtual.tzinfo is None or real.tzinfo is None:
        raise ValueError(f"{text!r} has an instant without a zone; write it with Z")
    return Warp(virtual.astimezone(UTC), real.astimezone(UTC), float(match["factor"]))


class HasPresent(Protocol):
    """A connection that can be asked for the database's (warped) present."""

    async def fetchval(self, query: str) -> datetime: ...


class Clock:
    """The database's present, counted on by the monotonic clock of this process."""

    def __init__(self, warp: Warp | None = None) -> None:
        self._factor = warp.factor if warp else 1.0
        real = datetime.now(UTC)
        self._base = warp.apply(real) if warp else real
        self._monotonic = monotonic()

    async def synchronise(self, connection: HasPresent) -> None:
        """Take over the database's present; call now and then, off the path of a request."""
        asked = monotonic()
        present = await connection.fetchval("select docket.present()")
        answered = monotonic()
        self._base, self._monotonic = present, (asked + answered) / 2

    def now(self) -> datetime:
        """Return the present instant in UTC, whole seconds."""
        passed = timedelta(seconds=(monotonic() - self._monotonic) * self._factor)
        return whole_seconds(self._base + passed)


def wall_clock() -> datetime:
    """Return this machine's time, never warped; no term depends on it, but a token's end does."""
    return datetime.now(UTC)
