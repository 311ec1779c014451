"""How far the log has been verified, as the background verification has written it down."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from docket_proof.access import ACCESS
from docket_runtime.schema.proof_tables import access_head, log_checkpoints, log_verifications
from docket_runtime.schema.tables import log_partitions


async def verification_status(engine: AsyncEngine) -> dict[str, Any]:
    """Return how far each chain has been read again, and what was found; raise Unavailable."""
    parts, signed = log_partitions.c, log_checkpoints.c
    heads = select(parts.partition, parts.head_position).order_by(parts.partition)
    other = log_checkpoints.alias()
    largest = select(func.max(other.c.size)).where(other.c.partition == signed.partition)
    latest = select(log_checkpoints).where(signed.size == largest.scalar_subquery())
    reached = select(access_head.c.head_position)
    async with engine.connect() as connection:
        partitions = (await connection.execute(heads)).all()
        accesses = (await connection.execute(reached)).scalar_one()
        rounds = {row.partition: row for row in await connection.execute(select(log_verifications))}
        notes = {row.partition: row for row in await connection.execute(latest)}
    status = [
        {"partition": n, **_chain(head, rounds.get(n), notes.get(n))} for n, head in partitions
    ]
    access = _chain(accesses, rounds.get(ACCESS), notes.get(ACCESS))
    ok = all(each["fault"] is None and each["fork"] is None for each in (*status, access))
    return {"ok": ok, "partitions": status, "access": access}


def _chain(head: int, seen: Any, signed: Any) -> dict[str, Any]:
    return {
        "head_position": head,
        "verified_to": seen.position if seen else 0,
        "rounds": seen.rounds if seen else 0,
        "verified_at": seen.verified_at if seen else None,
        "fault": seen.fault if seen else None,
        "fault_position": seen.fault_position if seen else None,
        "fork": seen.fork if seen else None,
        "checkpoint": None
        if signed is None
        else {"size": signed.size, "signed_at": signed.signed_at, "note": signed.note},
    }
