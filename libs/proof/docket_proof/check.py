"""Check a partition row by row: what is wrong, and at which position."""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from docket_proof.chain import ChainedRow, LogRow, genesis, link
from docket_proof.checkpoint import Checkpoint
from docket_proof.tree import Frontier


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong; `position` is where, None where it is not about one row.

    `partition` is the number of the chain: -1 that of the accesses.
    """

    partition: int
    position: int | None
    code: str
    detail: str
    ticket_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain as its own row records it; `recorded_at` None where that is not asked."""

    position: int
    hash: bytes
    recorded_at: int | None = None


class PartitionCheck:
    """Follows one chain from its beginning, or from a position that is known.

    `frontier` and `previous` are the tree and the hash up to that position. Checkpoints are
    compared with the tree when it has their size. A row whose hash is wrong is reported once: what
    follows is compared with the hash that is stored.
    """

    def __init__(
        self,
        log_id: UUID,
        partition: int,
        checkpoints: Iterable[Checkpoint] = (),
        *,
        frontier: Frontier | None = None,
        previous: bytes | None = None,
    ) -> None:
        self.partition = partition
        self.frontier = frontier or Frontier()
        self.position = self.frontier.size
        self._previous: bytes | None = previous or genesis(log_id, partition)
        self._recorded_at: int | None = None
        ahead = (each for each in checkpoints if each.size >= self.position)
        self._ahead = sorted(ahead, key=lambda each: each.size, reverse=True)

    def take(self, row: ChainedRow) -> Iterator[Fault]:
        """Take the next row of the partition in the order of positions; yield its faults."""
        yield from self._passed()
        expected = self.position + 1
        if row.partition != self.partition:
            yield self._fault(row, "wrong_partition", f"the row says partition {row.partition}")
        if row.position < expected:
            yield self._fault(row, "position_twice", f"position {expected} was expected")
            return
        if row.position > expected:
            missing = f"{expected}" if row.position == expected + 1 else f"{expected} and later"
            yield self._fault(row, "missing", f"there is no event at position {missing}")
            self._previous = None
        if self._previous is not None and not _fits(self._previous, row):
            yield self._fault(row, "hash", "the row is not what was hashed when it was written")
        if self._recorded_at is not None and row.recorded_at < self._recorded_at:
            yield self._fault(row, "recorded_earlier", "recorded before the event in front of it")
        self._previous, self._recorded_at = row.hash, row.recorded_at
        self.position = row.position
        self.frontier.add(row.hash)

    def end(self, head: Head | None) -> Iterator[Fault]:
        """Compare the end with the partition's head row and the checkpoints that are left."""
        yield from self._passed()
        for checkpoint in reversed(self._ahead):
            detail = f"a checkpoint of {checkpoint.size} events was signed"
            yield Fault(self.partition, self.position, "truncated", detail)
        self._ahead = []
        if head is None:
            yield Fault(self.partition, None, "head_missing", "the partition has no head row")
        elif head.position != self.position:
            detail = f"the log ends here and its head says {head.position}"
            yield Fault(self.partition, self.position, "head", detail)
        elif self._previous is not None and head.hash != self._previous:
            yield Fault(self.partition, self.position, "head", "the head has another hash")
        elif head.recorded_at not in (None, self._recorded_at) and self._recorded_at is not None:
            yield Fault(self.partition, self.position, "head", "the head has another instant")

    def _passed(self) -> Iterator[Fault]:
        """Compare the tree with the checkpoints of the size that it has now."""
        while self._ahead and self._ahead[-1].size <= self.position:
            checkpoint = self._ahead.pop()
            if checkpoint.root != self.frontier.root:
                detail = "the events up to here are not those of the signed checkpoint"
                yield Fault(self.partition, checkpoint.size, "checkpoint", detail)

    def _fault(self, row: ChainedRow, code: str, detail: str) -> Fault:
        return Fault(self.partition, row.position, code, detail, row.ticket_id)


def check(
    rows: Iterable[ChainedRow], head: Head | None, started: PartitionCheck
) -> Iterator[Fault]:
    """Yield what is wrong with all rows of a partition, in the order of positions."""
    for row in rows:
        yield from started.take(row)
    yield from started.end(head)


def check_ticket(rows: Iterable[tuple[bytes, LogRow]]) -> Iterator[Fault]:
    """Yield what is wrong with a ticket's rows, in the order of versions.

    Each comes with the hash that is stored before it in the partition; a checkpoint decides whether
    those hashes are the log's.
    """
    version = 0
    for previous, row in rows:
        if not _fits(previous, row):
            detail = "the row is not what was hashed when it was written"
            yield Fault(row.partition, row.position, "hash", detail, row.ticket_id)
        if row.version != version + 1:
            detail = f"version {version} is followed by {row.version}"
            yield Fault(row.partition, row.position, "version", detail, row.ticket_id)
        version = row.version


def _fits(previous: bytes, row: ChainedRow) -> bool:
    try:
        return link(previous, row) == row.hash
    except (struct.error, OverflowError, UnicodeEncodeError):
        return False  # no column could hold it
