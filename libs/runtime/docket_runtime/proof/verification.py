"""Verifying the stored log, batch by batch.

The end of the log is read first, so what is appended meanwhile is left to the next pass; no
transaction is held open.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from uuid import UUID

import asyncpg
import msgspec

from docket_events.ids import partition_of_ticket
from docket_proof.chain import LogRow, genesis
from docket_proof.check import Fault, Head, PartitionCheck, check_ticket
from docket_proof.checkpoint import Checkpoint, origin, read
from docket_proof.note import BadNote, Verifier
from docket_proof.tree import Frontier
from docket_runtime.database import reachable
from docket_runtime.proof import stored_log

Progress = Callable[[int, int], None]
"""Called with the positions read since the last call, and how many there are in all."""


class VerificationPass:
    """One pass through a partition: `step` until it is `done`."""

    def __init__(self, check: PartitionCheck, head: Head | None, early: Sequence[Fault]) -> None:
        self._check = check
        self._head = head
        self._early = early
        self.until = head.position if head else 2**63 - 1
        self.done = False

    @property
    def partition(self) -> int:
        """Return the partition."""
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
        copied: Sequence[Checkpoint] = (),
        since: Checkpoint | None = None,
    ) -> "VerificationPass":
        """Begin at the first event, or after a checkpoint that the caller trusts.

        `copied` are checkpoints that were kept elsewhere. Raises Unavailable.
        """
        meta = await stored_log.read_meta(connection)
        own = await stored_log.signed_checkpoints(connection, partition)
        known, early = opened(meta.log_id, partition, own, verifiers)
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
        ahead = [
            *known,
            *(each for each in copied if each.origin == origin(meta.log_id, partition)),
        ]
        check = PartitionCheck(meta.log_id, partition, ahead, frontier=frontier, previous=previous)
        return cls(check, head, early)

    async def step(self, connection: asyncpg.Connection) -> list[Fault]:
        """Verify the next batch and return its faults; raise Unavailable."""
        faults, self._early = [*self._early], ()
        rows = await stored_log.read_rows(connection, self.partition, self.position, self.until)
        for row in rows:
            faults += self._check.take(row)
        if rows:
            faults += await _contents(connection, self.partition, rows)
        else:
            faults += self._check.end(self._head)
            self.done = True
        return faults


def opened(
    log_id: UUID, partition: int, signed: Sequence[stored_log.Signed], verifiers: Sequence[Verifier]
) -> tuple[list[Checkpoint], list[Fault]]:
    """Return the checkpoints of notes, and a fault for each note that is not valid.

    Without any key notes cannot be judged, so there are neither.
    """
    found, faults = list[Checkpoint](), list[Fault]()
    for each in signed if verifiers else ():
        try:
            checkpoint = read(each.note, verifiers)
            if (checkpoint.origin, checkpoint.size) != (origin(log_id, partition), each.size):
                raise BadNote("the checkpoint is of another log or size")
            if Frontier.unpacked(each.frontier).root != checkpoint.root:
                raise BadNote("the subtrees beside the note are not those of its root")
            found.append(checkpoint)
        except ValueError as bad:
            faults.append(Fault(partition, each.size, "signature", str(bad)))
    return found, faults


def copies(text: str, verifiers: Sequence[Verifier]) -> list[Checkpoint]:
    """Return the checkpoints of a copy: a note, or a line of JSON with a `note` for each.

    Raise BadNote if one is not valid.
    """
    if not text.startswith("{"):
        return [read(text, verifiers)]
    try:
        notes = [msgspec.json.decode(line)["note"] for line in text.splitlines() if line]
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise BadNote("a line of the copy is no checkpoint") from error
    return [read(note, verifiers) for note in notes]


async def verify_log(
    connection: asyncpg.Connection,
    verifiers: Sequence[Verifier],
    *,
    copied: Sequence[Checkpoint] = (),
    since: Sequence[Checkpoint] = (),
    progress: Progress = lambda _passed, _all: None,
) -> AsyncIterator[Fault]:
    """Yield the faults of the log, partition by partition; raise Unavailable.

    With checkpoints `since` only what came later is read.
    """
    meta = await stored_log.read_meta(connection)
    astray = await stored_log.stray(connection, meta.partitions)
    if astray is not None:
        yield Fault(*astray, "stray", "the log has no such partition")
    for partition in range(meta.partitions):
        name = origin(meta.log_id, partition)
        latest = max((c for c in since if c.origin == name), key=lambda c: c.size, default=None)
        going = await VerificationPass.begin(
            connection, partition, verifiers, copied=copied, since=latest
        )
        while not going.done:
            before = going.position
            for fault in await going.step(connection):
                yield fault
            progress(going.position - before, going.until)
        for ticket_id, last, events in await stored_log.sparse_tickets(connection, partition):
            detail = f"version {last} is the last of {events} events"
            yield Fault(partition, None, "version", detail, ticket_id)
    foreign = {c.origin for c in copied} - {
        origin(meta.log_id, partition) for partition in range(meta.partitions)
    }
    for name in sorted(foreign):
        yield Fault(0, None, "another_log", f"a copied checkpoint is of {name}")


async def ticket_called(connection: asyncpg.Connection, name: str) -> UUID:
    """Return the id of a ticket that is named by its id or its number.

    Raise Unavailable, LookupError if there is none or several have the number.
    """
    try:
        return UUID(name)
    except ValueError:
        with reachable():
            rows = await connection.fetch(
                "select ticket_id from docket.tickets where number = $1", name
            )
    if len(rows) != 1:
        ids = ", ".join(str(row["ticket_id"]) for row in rows)
        several = f"several tickets have the number {name}: name one by its id, {ids}"
        raise LookupError(several if rows else f"the log has no ticket {name}")
    found: UUID = rows[0]["ticket_id"]
    return found


async def verify_ticket(
    connection: asyncpg.Connection, ticket_id: UUID, verifiers: Sequence[Verifier]
) -> AsyncIterator[Fault]:
    """Yield the faults of one ticket; raise Unavailable, LookupError if there is none.

    Its rows are compared with the hashes stored around them, and all stored hashes with the newest
    signed checkpoint.
    """
    partition = partition_of_ticket(ticket_id)
    meta = await stored_log.read_meta(connection)
    rows = await stored_log.rows_of_ticket(connection, partition, ticket_id)
    if not rows:
        raise LookupError(f"the log has no ticket {ticket_id}")
    first = genesis(meta.log_id, partition)
    for fault in check_ticket((before or first, row) for before, row in rows):
        yield fault
    for fault in await _contents(connection, partition, [row for _, row in rows]):
        yield fault
    signed = await stored_log.signed_checkpoints(connection, partition)
    known, faults = opened(meta.log_id, partition, signed[-1:], verifiers)
    for checkpoint in known:
        frontier = Frontier()
        async for _, each in stored_log.hashes(connection, partition, checkpoint.size):
            frontier.add(each)
        if frontier.root != checkpoint.root:
            detail = "the hashes up to here are not those of the signed checkpoint"
            faults.append(Fault(partition, checkpoint.size, "checkpoint", detail))
    for fault in faults:
        yield fault


async def _contents(
    connection: asyncpg.Connection, partition: int, rows: Sequence[LogRow]
) -> list[Fault]:
    named = [(row, *reference) for row in rows for reference in _references(row)]
    kept = await stored_log.digests(
        connection, partition, [content_id for _, content_id, _ in named]
    )
    faults = []
    for row, content_id, digest in named:
        found = kept.get(content_id)
        if found is None:
            code, detail = "content_missing", f"there is no content {content_id}"
        elif found.erased and not found.erased_by_event:
            code, detail = "content_gone", f"content {content_id} is gone and no event erased it"
        elif found.digest is not None and found.digest != digest:
            code, detail = "content", f"content {content_id} is not what was written"
        else:
            continue
        faults.append(Fault(partition, row.position, code, detail, row.ticket_id))
    return faults


def _references(row: LogRow) -> Sequence[tuple[UUID, str]]:
    try:
        return [*stored_log.references(row.body)]
    except (msgspec.DecodeError, ValueError):
        return []  # a body that is no JSON any more is a fault of the chain and reported there
