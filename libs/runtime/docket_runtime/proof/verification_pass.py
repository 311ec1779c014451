"""Verifying one chain of the database, batch by batch, with what lies beside it.

The end is read first, so what is appended meanwhile is left to the next pass; no transaction is
held open.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from docket_proof.access import ACCESS, AccessRow
from docket_proof.chain import ChainedRow, LogRow
from docket_proof.check import Fault, Head, PartitionCheck
from docket_proof.checkpoint import Checkpoint, origin, read
from docket_proof.note import BadNote, Verifier
from docket_proof.tree import Frontier
from docket_runtime.files import Files
from docket_runtime.proof import stored_log
from docket_runtime.proof.copies import Copied
from docket_runtime.proof.stored_contents import named_contents, stray_contents
from docket_runtime.proof.stored_files import BytesRead, file_faults
from docket_runtime.proof.stored_reasons import reason_faults, stray_reasons


class VerificationPass:
    """One pass through a chain: `step` until it is `done`.

    With a file store the bytes of files are read again, without one only their rows.
    """

    def __init__(self, check: PartitionCheck, head: Head | None, early: Sequence[Fault]) -> None:
        self._check = check
        self._head = head
        self._early = early
        self.until = head.position if head else 2**63 - 1
        self.done = False
        self.files: Files | None = None
        self.bytes_read: BytesRead = lambda _: None

    @property
    def partition(self) -> int:
        """Return the number of the chain."""
        return self._check.partition

    @property
    def position(self) -> int:
        """Return the position up to which it has been verified."""
        return self._check.position

    @classmethod
    async def begin(
        cls,
        connection: asyncpg.Connection,
        partition: int,
        verifiers: Sequence[Verifier],
        *,
        copied: Sequence[Copied] = (),
        since: Checkpoint | None = None,
    ) -> "VerificationPass":
        """Begin at the first row, or after a checkpoint that the caller trusts.

        `copied` are checkpoints that were kept elsewhere. Raises Unavailable, or NoLog.
        """
        meta = await stored_log.read_meta(connection)
        name = origin(meta.log_id, partition)
        own = await stored_log.signed_checkpoints(connection, partition)
        elsewhere = [each for each in copied if each.checkpoint.origin == name]
        opened_before = {each.note: each.checkpoint for each in elsewhere}
        known, early = opened(meta.log_id, partition, own, verifiers, opened_before)
        head = await stored_log.read_head(connection, partition)
        if head is None and partition >= meta.partitions:
            raise ValueError(f"the log has no partition {partition}")
        frontier, previous = Frontier(), None
        if since is not None:
            async for _, each in stored_log.hashes(connection, partition, since.size):
                frontier.add(each)
                previous = each
            if (frontier.size, frontier.root) != (since.size, since.root):
                detail = "the hashes up to here are not those of the signed checkpoint"
                early.append(Fault(partition, since.size, "checkpoint", detail))
        ahead = [*known, *(each.checkpoint for each in elsewhere)]
        check = PartitionCheck(meta.log_id, partition, ahead, frontier=frontier, previous=previous)
        return cls(check, head, early)

    async def step(self, connection: asyncpg.Connection) -> list[Fault]:
        """Verify the next batch and return its faults; raise Unavailable."""
        faults, self._early = [*self._early], ()
        rows = await stored_log.read_rows(connection, self.partition, self.position, self.until)
        for row in rows:
            faults += self._check.take(row)
        if rows:
            faults += await self._beside(connection, rows)
        else:
            faults += self._check.end(self._head)
            faults += await self._astray(connection)
            self.done = True
        return faults

    async def _beside(
        self, connection: asyncpg.Connection, rows: Sequence[ChainedRow]
    ) -> list[Fault]:
        """Return what is wrong with what these rows refer to."""
        if self.partition == ACCESS:
            accesses = [row for row in rows if isinstance(row, AccessRow)]
            return await reason_faults(connection, accesses)
        events = [row for row in rows if isinstance(row, LogRow)]
        return await evidence_beside(
            connection, self.partition, events, self.files, self.bytes_read
        )

    async def _astray(self, connection: asyncpg.Connection) -> list[Fault]:
        """Return a fault for what stands where the chain does not lead."""
        faults = []
        ends = await stored_log.read_ends(connection, self.partition)
        if ends is not None:
            head, first, last = ends
            if first < 1:
                detail = "a row stands before the first position"
                faults.append(Fault(self.partition, first, "stray", detail))
            if last > head:
                faults.append(Fault(self.partition, last, "stray", "a row stands behind the head"))
        if self.partition == ACCESS:
            return faults + await stray_reasons(connection)
        return faults + await stray_contents(connection, self.partition)


async def evidence_beside(
    connection: asyncpg.Connection,
    partition: int,
    events: Sequence[LogRow],
    files: Files | None,
    bytes_read: BytesRead = lambda _: None,
) -> list[Fault]:
    """Return what is wrong with the contents and files that these events name."""
    named, wrong = await named_contents(connection, partition, events)
    wrong += [each.fault for each in named if each.fault is not None]
    return wrong + await file_faults(connection, partition, named, files, bytes_read)


def opened(
    log_id: UUID,
    partition: int,
    signed: Sequence[stored_log.Signed],
    verifiers: Sequence[Verifier],
    before: Mapping[str, Checkpoint] = {},
) -> tuple[list[Checkpoint], list[Fault]]:
    """Return the checkpoints of notes, and a fault for each note that is not valid.

    `before` are notes that were opened already. Without any key notes cannot be judged, so there
    are neither.
    """
    found, faults = list[Checkpoint](), list[Fault]()
    for each in signed if verifiers else ():
        try:
            checkpoint = before.get(each.note) or read(each.note, verifiers)
            if (checkpoint.origin, checkpoint.size) != (origin(log_id, partition), each.size):
                raise BadNote("the checkpoint is of another log or size")
            if Frontier.unpacked(each.frontier).root != checkpoint.root:
                raise BadNote("the subtrees beside the note are not those of its root")
            found.append(checkpoint)
        except ValueError as bad:
            faults.append(Fault(partition, each.size, "signature", str(bad)))
    return found, faults
