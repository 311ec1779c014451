"""Signing checkpoints as the log grows: after a number of events or seconds.

Each partition is followed by one process, by an advisory lock of its session. Nothing wrong is
signed: where the chain breaks, the partition gets no further checkpoint, and this is logged. A note
is first appended to the file outside the database and then written to the table; a note that is in
the file alone is as valid.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import asyncpg
import msgspec
import structlog

from docket_events.instants import whole_seconds
from docket_proof.check import Fault, PartitionCheck
from docket_proof.checkpoint import Checkpoint, origin, read
from docket_proof.note import BadNote, Signer
from docket_proof.tree import Frontier
from docket_runtime import metrics
from docket_runtime.connection import ReconnectingConnection
from docket_runtime.database import Database, reachable
from docket_runtime.proof import stored_log
from docket_runtime.store.lease import lead
from docket_runtime.store.tail import partitions

CONSUMER = "checkpoints"
EVENTS, SECONDS = 1000, 60.0

_WRITE = """
    insert into docket.log_checkpoints (partition, size, frontier, note, signed_at)
    values ($1, $2, $3, $4, $5) on conflict do nothing
"""
_HASH = "select hash from docket.events where partition = $1 and position = $2"

log = structlog.get_logger()


@dataclass(slots=True)
class Followed:
    """A partition that this process follows, and how far it is signed."""

    check: PartitionCheck
    frontier: Frontier
    origin: str
    signed: int
    signed_at: float
    fault: Fault | None = None

    def due(self, seconds: float) -> bool:
        """Return whether it is time for a checkpoint."""
        grown = self.check.position - self.signed
        return grown >= EVENTS or (grown > 0 and monotonic() - self.signed_at >= seconds)


class CheckpointSigner:
    """Follows the log and signs checkpoints; `copy` is the file outside the database."""

    def __init__(
        self, database: Database, signer: Signer, copy: Path | None, *, seconds: float = SECONDS
    ) -> None:
        self._database = ReconnectingConnection(database)
        self._signer = signer
        self._copy = copy
        self._seconds = seconds
        self._session: asyncpg.Connection | None = None
        self._followed: dict[int, Followed] = {}

    async def step(self) -> bool:
        """Follow each partition of this process by a batch; raise Unavailable or OSError."""
        async with self._database.open() as connection:
            if connection is not self._session:
                self._session, self._followed = connection, {}
            worked = [await self._advance(connection, n) for n in await partitions(connection)]
        return any(worked)

    async def close(self) -> None:
        """Give up the partitions."""
        self._database.close()
        self._session = None

    async def _advance(self, connection: asyncpg.Connection, partition: int) -> bool:
        followed = self._followed.get(partition)
        if followed is None:
            if not await lead(connection, partition, CONSUMER):
                return False
            followed = self._followed[partition] = await self._begin(connection, partition)
        if followed.fault is not None:
            return False
        rows = await stored_log.read_rows(connection, partition, followed.check.position, 2**63 - 1)
        for row in rows:
            followed.fault = next(followed.check.take(row), None)
            if followed.fault is not None:
                metrics.LOG_FAULTS.labels(partition).set(1)
                log.error("log_damaged", partition=partition, position=row.position)
                return True
        if followed.due(self._seconds):
            await self._sign(connection, partition, followed)
        return bool(rows)

    async def _begin(self, connection: asyncpg.Connection, partition: int) -> Followed:
        """Go on after the newest checkpoint if it is signed by our key, else from the beginning."""
        meta = await stored_log.read_meta(connection)
        name = origin(meta.log_id, partition)
        frontier, previous = Frontier(), None
        for newest in (await stored_log.signed_checkpoints(connection, partition))[-1:]:
            with suppress(BadNote, ValueError):
                known = read(newest.note, [self._signer.verifier])
                grown = Frontier.unpacked(newest.frontier)
                if known == Checkpoint(name, grown.size, grown.root):
                    with reachable():
                        previous = await connection.fetchval(_HASH, partition, grown.size)
                    frontier = grown
        check = PartitionCheck(meta.log_id, partition, frontier=frontier, previous=previous)
        metrics.CHECKPOINT_SIZE.labels(partition).set(frontier.size)
        return Followed(check, frontier, name, frontier.size, monotonic())

    async def _sign(
        self, connection: asyncpg.Connection, partition: int, followed: Followed
    ) -> None:
        frontier = followed.frontier
        note = self._signer.sign(Checkpoint(followed.origin, frontier.size, frontier.root).text)
        with reachable():
            now = whole_seconds(await connection.fetchval("select docket.present()"))
        if self._copy is not None:
            _append(self._copy, {"signed_at": now, "size": frontier.size, "note": note})
        with reachable():
            await connection.execute(_WRITE, partition, frontier.size, frontier.packed, note, now)
        followed.signed, followed.signed_at = frontier.size, monotonic()
        metrics.CHECKPOINT_SIZE.labels(partition).set(frontier.size)
        log.info("checkpoint_signed", partition=partition, size=frontier.size)


def _append(file: Path, line: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, msgspec.json.encode(line) + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
