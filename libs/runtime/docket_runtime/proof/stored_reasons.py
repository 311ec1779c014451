"""Why texts were shown: each reason held against the digest that its access has."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

import asyncpg

from docket_events.ids import partition_of_ticket
from docket_proof.access import ACCESS, AccessRow
from docket_proof.check import Fault
from docket_runtime.database import reachable
from docket_runtime.proof.stored_log import PATIENCE_S, as_access_reader

_REASONS = """
    select r.access_id, r.ticket_id, sha256(r.salt || convert_to(r.reason, 'UTF8')),
        r.reason is null,
        (r.reason is null) = (r.salt is null) and (r.reason is null) = (r.erased_at is not null),
        exists (
            select from docket.events as e
            where e.partition = any ($2::smallint[]) and e.ticket_id = r.ticket_id
                and e.recorded_at = r.erased_at and e.type in ('AttachmentErased', 'ContentErased'))
    from docket.access_reasons as r where r.access_id = any ($1)
"""
_STRAYS = """
    select r.access_id from docket.access_reasons as r
    where not exists (
        select from docket.access_events as a
        where a.access_id = r.access_id and a.reason_digest is not null)
    limit 100
"""


class StoredReason(NamedTuple):
    """What the store has of a reason: its digest, and whether and how it was erased."""

    access_id: UUID
    ticket_id: UUID | None
    digest: bytes | None
    erased: bool
    whole: bool
    erased_by_event: bool


async def reason_faults(connection: asyncpg.Connection, rows: Sequence[AccessRow]) -> list[Fault]:
    """Return what is wrong with the reasons of these accesses; raise Unavailable."""
    given = [row for row in rows if row.reason_digest is not None]
    if not given:
        return []
    partitions = {partition_of_ticket(row.ticket_id) for row in given if row.ticket_id}
    async with as_access_reader(connection):
        with reachable():
            found = await connection.fetch(
                _REASONS, [row.access_id for row in given], list(partitions)
            )
    kept = {row[0]: StoredReason(*row) for row in found}
    return [*_compared(given, kept)]


async def stray_reasons(connection: asyncpg.Connection) -> list[Fault]:
    """Return a fault for each reason that no access gave; raise Unavailable."""
    async with as_access_reader(connection):
        with reachable():
            rows = await connection.fetch(_STRAYS, timeout=PATIENCE_S)
    return [Fault(ACCESS, None, "reason_stray", f"no access has reason {row[0]}") for row in rows]


def _compared(given: Sequence[AccessRow], kept: dict[UUID, StoredReason]) -> Iterator[Fault]:
    for row in given:
        reason = kept.get(row.access_id)
        if reason is None:
            code, told = "reason_missing", "is not there"
        elif reason.erased and not reason.erased_by_event:
            code, told = "reason_gone", "is gone and no event erased it, or not then"
        elif not reason.erased and reason.digest != row.reason_digest:
            code, told = "reason", "is not what was written"
        elif not reason.whole or reason.ticket_id != row.ticket_id:
            code, told = "reason_row", "says another ticket or instant"
        else:
            continue
        yield Fault(ACCESS, row.position, code, f"the reason {told}", row.ticket_id)
