"""Verifying all that is evidence in the database, and one ticket of it."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from docket_events.ids import partition_of_ticket
from docket_proof.access import ACCESS
from docket_proof.chain import genesis
from docket_proof.check import Fault, check_ticket
from docket_proof.checkpoint import origin
from docket_proof.note import Verifier
from docket_proof.tree import Frontier
from docket_runtime.database import reachable
from docket_runtime.files import Files
from docket_runtime.proof import stored_log
from docket_runtime.proof.copies import Copied, differing, lacking
from docket_runtime.proof.stored_files import BytesRead
from docket_runtime.proof.verification_pass import VerificationPass, evidence_beside, opened

Progress = Callable[[int, int], None]
"""Called with the positions read since the last call, and how many there are in all."""

Chains = Mapping[str, tuple[int, Sequence[stored_log.Signed]]]
"""The chains of a log by their origin: the number, and the checkpoints that the database has."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What is read again beside the database: the bytes of files, where there is a store."""

    files: Files | None = None
    bytes_read: BytesRead = lambda _: None


async def verify_log(
    connection: asyncpg.Connection,
    verifiers: Sequence[Verifier],
    *,
    copied: Sequence[Copied] = (),
    since: Sequence[Copied] = (),
    beside: Beside = Beside(),
    progress: Progress = lambda _passed, _all: None,
) -> AsyncIterator[Fault]:
    """Yield the faults of the log and of the accesses, chain by chain; raise Unavailable.

    With checkpoints `since` only what came later is read. Where the role may not read accesses,
    asyncpg's refusal is raised.
    """
    try:
        meta = await stored_log.read_meta(connection)
    except stored_log.NoLog as none:
        yield Fault(0, None, "no_log", str(none))
        return
    astray = await stored_log.stray(connection, meta.partitions)
    if astray is not None:
        yield Fault(*astray, "stray", "the log has no such partition")
    for number, position, table in await stored_log.stray_heads(connection, meta.partitions):
        yield Fault(number, position, "stray", f"docket.{table} has a row of no partition")
    chains = await _chains(connection, meta)
    for fault in differing(chains, copied):
        yield fault
    for name, (number, _) in chains.items():
        trusted = (each.checkpoint for each in since if each.checkpoint.origin == name)
        latest = max(trusted, key=lambda each: each.size, default=None)
        going = await VerificationPass.begin(
            connection, number, verifiers, copied=copied, since=latest
        )
        going.files, going.bytes_read = beside.files, beside.bytes_read
        while not going.done:
            before = going.position
            for fault in await going.step(connection):
                yield fault
            progress(going.position - before, going.until)
        for ticket_id, last, events in await _sparse_tickets(connection, number):
            detail = f"version {last} is the last of {events} events"
            yield Fault(number, None, "version", detail, ticket_id)
    for name in sorted({each.checkpoint.origin for each in copied} - set(chains)):
        yield Fault(0, None, "another_log", f"a copied checkpoint is of {name}")


async def copy_lacks(connection: asyncpg.Connection, copied: Sequence[Copied]) -> list[str]:
    """Return what a copy lacks that should have every checkpoint; raise Unavailable, or NoLog."""
    meta = await stored_log.read_meta(connection)
    return [*lacking(await _chains(connection, meta), copied)]


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
    connection: asyncpg.Connection,
    ticket_id: UUID,
    verifiers: Sequence[Verifier],
    beside: Beside = Beside(),
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
    events = [row for _, row in rows]
    for fault in await evidence_beside(
        connection, partition, events, beside.files, beside.bytes_read
    ):
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


async def _chains(connection: asyncpg.Connection, meta: stored_log.Meta) -> Chains:
    return {
        origin(meta.log_id, number): (
            number,
            await stored_log.signed_checkpoints(connection, number),
        )
        for number in (*range(meta.partitions), ACCESS)
    }


async def _sparse_tickets(
    connection: asyncpg.Connection, chain: int
) -> Sequence[tuple[UUID, int, int]]:
    return () if chain == ACCESS else await stored_log.sparse_tickets(connection, chain)
