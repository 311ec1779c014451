"""Leases: which instance does a consumer's work on which chain of the log (decision 0040).

A chain is a partition, or the chain of accesses. Every instance shares the chains with the others;
one that hangs or vanishes loses its leases within `LASTS`, by the clock of the database. What a
holder writes is fenced by the epoch of its lease: who wakes up late writes nothing.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from uuid import UUID

import asyncpg
import structlog

from docket_runtime import metrics
from docket_runtime.connection import ReconnectingConnection
from docket_runtime.database import reachable
from docket_runtime.new_ids import new_id
from docket_runtime.unavailable import Unavailable

LASTS = timedelta(seconds=6)
RENEW_S = 1.5

_HOLD = "select chain, epoch from docket.hold_leases($1, $2, $3, $4)"
_HELD = """
    select exists (
        select from docket.leases
        where consumer = $1 and chain = $2 and holder = $3 and epoch = $4
            and expires_at > clock_timestamp())
"""

log = structlog.get_logger()


class LeaseLost(Exception):
    """Another instance leads now: what was about to be written is left to it."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one instance to do a consumer's work on a chain."""

    consumer: str
    chain: int
    holder: UUID
    epoch: int


class Leases:
    """The leases that this instance holds for one consumer."""

    def __init__(
        self, consumer: str, *, lasts: timedelta = LASTS, renew_s: float = RENEW_S
    ) -> None:
        self.consumer = consumer
        self._holder = new_id()
        self._lasts = lasts
        self._renew_s = renew_s
        self._renewed = float("-inf")
        self._held: dict[int, Lease] = {}

    async def held(self, connection: asyncpg.Connection, chains: Iterable[int]) -> dict[int, Lease]:
        """Return the leases that this instance holds, renewed when it is time; raise Unavailable.

        Called between two steps of the work: what is given up to another instance is not in use.
        """
        if monotonic() - self._renewed >= self._renew_s:
            with reachable():
                rows = await connection.fetch(
                    _HOLD, self.consumer, self._holder, list(chains), self._lasts
                )
            self._renewed = monotonic()
            self._held = {
                chain: Lease(self.consumer, chain, self._holder, epoch) for chain, epoch in rows
            }
            metrics.LEASES.labels(self.consumer).set(len(self._held))
        return self._held

    async def give_up(self, database: ReconnectingConnection) -> None:
        """Leave the chains to the others at once, or when the leases end if it is out of reach."""
        if self._held:
            with suppress(Unavailable):
                async with database.open() as connection:
                    await connection.execute(_HOLD, self.consumer, self._holder, [], self._lasts)
        self._held, self._renewed = {}, float("-inf")

    def lose(self, lease: Lease, lost: LeaseLost) -> None:
        """Forget a lease that another instance has taken, and say so in the log."""
        self._held.pop(lease.chain, None)
        log.warning("lease_lost", consumer=self.consumer, chain=lease.chain, reason=str(lost))

    @property
    def chains(self) -> tuple[int, ...]:
        """Return the chains that this instance leads, as of the last renewal."""
        return tuple(sorted(self._held))


async def confirm(connection: asyncpg.Connection, lease: Lease) -> None:
    """Return if a lease is held still; raise LeaseLost or Unavailable."""
    with reachable():
        held = await connection.fetchval(_HELD, *fence(lease))
    if not held:
        raise LeaseLost(f"another instance leads {lease.consumer} on chain {lease.chain}")


def fence(lease: Lease) -> tuple[str, int, UUID, int]:
    """Return the arguments by which a statement is fenced."""
    return lease.consumer, lease.chain, lease.holder, lease.epoch
