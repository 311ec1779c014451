"""Signing checkpoints as the log and the accesses grow: after a number of rows or seconds.

Each chain is followed by one process, by a lease (decision 0040). Nothing wrong is signed:
where it breaks, the chain gets no further checkpoint, and this is logged; the same where the log is
shorter or other than the copy says, as after a restore (decision 0042). A note is first appended
to the file outside the database and then written to the table. One that stands in the file alone,
because the process ended between the two, is written to the table by the next.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import asyncpg
import structlog

from docket_events.instants import whole_seconds
from docket_proof.access import ACCESS, chain_name
from docket_proof.chain import EPOCH, ChainedRow
from docket_proof.check import Fault, PartitionCheck
from docket_proof.checkpoint import Checkpoint, origin, read
from docket_proof.note import BadNote, Signer, Verifier
from docket_proof.tree import Frontier
from docket_runtime import metrics
from docket_runtime.connection import ReconnectingConnection
from docket_runtime.database import Database, reachable
from docket_runtime.proof import stored_log
from docket_runtime.proof.copied_ends import fork_of, last_copied
from docket_runtime.proof.copies import Copied, Line, append_to, line_of
from docket_runtime.store.leases import Lease, LeaseLost, Leases, confirm
from docket_runtime.store.tail import partitions

CONSUMER = "checkpoints"
EVENTS, SECONDS = 1000, 60.0
COPY_S = 30.0

_WRITE = """
    insert into docket.log_checkpoints (partition, size, frontier, note, signed_at)
    values ($1, $2, $3, $4, $5) on conflict do nothing
"""
_FORK = """
    insert into docket.log_verifications (partition, position, rounds, began_at, fork)
    values ($1, 0, 0, docket.present(), $2) on conflict (partition) do update set fork = $2
"""
_NOW = "select docket.present(), last_value from docket.ticket_numbers"

log = structlog.get_logger()


@dataclass(slots=True)
class Followed:
    """A chain that this process follows, and how far it is signed.

    `owed` are the checkpoints that the copy has and the table lacks, the smallest first. With a
    `fault` nothing more is signed.
    """

    lease: Lease
    check: PartitionCheck
    frontier: Frontier
    origin: str
    signed: int
    signed_at: float
    owed: list[Copied] = field(default_factory=list)
    fault: Fault | None = None

    def due(self, seconds: float) -> bool:
        """Return whether it is time for a checkpoint."""
        grown = self.check.position - self.signed
        return grown >= EVENTS or (grown > 0 and monotonic() - self.signed_at >= seconds)


class CheckpointSigner:
    """Follows the log and signs checkpoints; `copy` is the file outside the database."""

    def __init__(
        self,
        database: Database,
        signer: Signer,
        copy: Path | None,
        *,
        seconds: float = SECONDS,
        verifiers: Sequence[Verifier] = (),
    ) -> None:
        self._database = ReconnectingConnection(database)
        self._signer = signer
        self._verifiers = (*verifiers, signer.verifier)
        self._copy = copy
        self._seconds = seconds
        self.leases = Leases(CONSUMER)
        self._session: asyncpg.Connection | None = None
        self._followed: dict[int, Followed] = {}
        self._copied: list[Copied] = []
        self._copied_at = float("-inf")

    async def step(self) -> bool:
        """Follow each chain of this process by a batch; raise Unavailable or OSError."""
        async with self._database.open() as connection:
            if connection is not self._session:
                self._session, self._followed = connection, {}
                self._copied_at = float("-inf")
            chains = (*await partitions(connection), ACCESS)
            led = await self.leases.held(connection, chains)
            self._followed = {
                chain: followed
                for chain, followed in self._followed.items()
                if led.get(chain) == followed.lease
            }
            worked = [await self._advance(connection, lease) for lease in [*led.values()]]
        return any(worked)

    async def close(self) -> None:
        """Leave the chains to the others."""
        await self.leases.give_up(self._database)
        self._database.close()
        self._session = None

    async def _advance(self, connection: asyncpg.Connection, lease: Lease) -> bool:
        partition = lease.chain
        followed = self._followed.get(partition)
        if followed is None:
            followed = self._followed[partition] = await self._begin(connection, lease)
        if followed.fault is not None:
            return False
        rows = await stored_log.read_rows(connection, partition, followed.check.position, 2**63 - 1)
        for row in rows:
            if not await self._take(connection, followed, row):
                return True
        if followed.due(self._seconds):
            try:
                await self._sign(connection, partition, followed)
            except LeaseLost as lost:
                self.leases.lose(lease, lost)
        return bool(rows)

    async def _take(
        self, connection: asyncpg.Connection, followed: Followed, row: ChainedRow
    ) -> bool:
        """Follow the chain by a row; return whether nothing is wrong so far."""
        followed.fault = next(followed.check.take(row), None)
        if followed.fault is not None:
            name = chain_name(followed.lease.chain)
            metrics.LOG_FAULTS.labels(name).set(1)
            log.error("log_damaged", partition=name, position=row.position)
        elif followed.owed and followed.owed[0].checkpoint.size == row.position:
            await self._settle(connection, followed.lease.chain, followed)
        return followed.fault is None

    async def _begin(self, connection: asyncpg.Connection, lease: Lease) -> Followed:
        """Go on after the newest checkpoint if it is signed by our key, else from the beginning."""
        partition = lease.chain
        meta = await stored_log.read_meta(connection)
        name = origin(meta.log_id, partition)
        frontier, previous = Frontier(), None
        for newest in (await stored_log.signed_checkpoints(connection, partition))[-1:]:
            with suppress(BadNote, ValueError):
                known = read(newest.note, [self._signer.verifier])
                grown = Frontier.unpacked(newest.frontier)
                if known == Checkpoint(name, grown.size, grown.root):
                    rows = await stored_log.hashes_between(
                        connection, partition, grown.size - 1, grown.size
                    )
                    previous, frontier = (rows[0][1] if rows else None), grown
        check = PartitionCheck(meta.log_id, partition, frontier=frontier, previous=previous)
        metrics.CHECKPOINT_SIZE.labels(chain_name(partition)).set(frontier.size)
        copied = {
            each.checkpoint.size: each
            for each in self._last_copied(meta.partitions + 1)
            if each.checkpoint.origin == name
        }
        owed = [copied[size] for size in sorted(copied) if size > frontier.size]
        followed = Followed(lease, check, frontier, name, frontier.size, monotonic(), owed)
        await self._hold(connection, followed, copied[max(copied)] if copied else None)
        return followed

    def _last_copied(self, chains: int) -> list[Copied]:
        """Read the end of the copy, once for all chains that are taken together."""
        if monotonic() - self._copied_at > COPY_S:
            self._copied = last_copied(self._copy, self._verifiers, chains)
            self._copied_at = monotonic()
        return self._copied

    async def _hold(
        self, connection: asyncpg.Connection, followed: Followed, newest: Copied | None
    ) -> None:
        """Hold the log against its newest copied checkpoint: where it forked nothing is signed."""
        chain = followed.lease.chain
        signed = await stored_log.signed_checkpoints(connection, chain)
        told = None if newest is None else await fork_of(connection, chain, newest, signed)
        await self._judge(connection, followed, told)

    async def _judge(
        self, connection: asyncpg.Connection, followed: Followed, fork: str | None
    ) -> None:
        chain = followed.lease.chain
        with reachable():
            await connection.execute(_FORK, chain, fork)
        if fork is not None:
            followed.fault = Fault(chain, None, "forked", fork)
            metrics.LOG_FAULTS.labels(chain_name(chain)).set(1)
            log.error("log_forked", partition=chain_name(chain), reason=fork)

    async def _settle(
        self, connection: asyncpg.Connection, partition: int, followed: Followed
    ) -> None:
        """Write to the table what the copy has of this size, if it is of this tree."""
        copied = followed.owed.pop(0)
        if copied.checkpoint.root != followed.frontier.root:
            told = f"its first {copied.checkpoint.size} events are not those that were signed"
            await self._judge(connection, followed, told)
        elif copied.signed_at is not None:
            at = EPOCH + timedelta(microseconds=copied.signed_at)
            await self._write(connection, partition, followed, copied.note, at)

    async def _sign(
        self, connection: asyncpg.Connection, partition: int, followed: Followed
    ) -> None:
        frontier = followed.frontier
        with reachable():
            present, numbers = await connection.fetchrow(_NOW)
        now = whole_seconds(present)
        signed = Checkpoint(followed.origin, frontier.size, frontier.root, numbers)
        note = self._signer.sign(signed.text)
        await confirm(connection, followed.lease)
        if self._copy is not None:
            append_to(self._copy, line_of(Line(now, frontier.size, note)))
        await self._write(connection, partition, followed, note, now)
        log.info("checkpoint_signed", partition=chain_name(partition), size=frontier.size)

    async def _write(
        self,
        connection: asyncpg.Connection,
        partition: int,
        followed: Followed,
        note: str,
        at: datetime,
    ) -> None:
        frontier = followed.frontier
        with reachable():
            await connection.execute(_WRITE, partition, frontier.size, frontier.packed, note, at)
        followed.signed, followed.signed_at = frontier.size, monotonic()
        metrics.CHECKPOINT_SIZE.labels(chain_name(partition)).set(frontier.size)
