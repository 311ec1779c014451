"""Proof and export over HTTP: how far the log has been verified, and the log for other tools."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import asyncpg
from fastapi import APIRouter, Query
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request as HttpRequest
from starlette.responses import Response, StreamingResponse

from docket_export.formats import KINDS, Format, export
from docket_export.selection import Selection
from docket_runtime.database import Database
from docket_runtime.proof.keys import verifiers_of
from docket_runtime.schema.tables import log_checkpoints, log_partitions, log_verifications
from ticket_api import instants
from ticket_api.answers import answer
from ticket_api.audit_schemas import VerificationAnswer
from ticket_api.doors import doors
from ticket_api.openapi import problems
from ticket_api.points import utc

router = APIRouter(prefix="/v1/audit", tags=["audit"])

Short = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")]


@router.get(
    "/verify",
    operation_id="get_verification",
    response_model=VerificationAnswer,
    responses=problems(401, 403, 503),
)
async def get_verification(http: HttpRequest) -> Response:
    """Return how far the log has been verified, what was found wrong, and the last checkpoints.

    sla-clock reads the log again from its beginning, round after round; `docket verify` does it at
    once. A fault once found stays until the round after it finds none.
    """
    at_hand = doors(http)
    at_hand.principal(http)
    return answer(await verification(at_hand.engine))


async def verification(engine: AsyncEngine) -> dict[str, Any]:
    """Return how far each partition has been read again, and what was found; raise Unavailable."""
    parts, signed = log_partitions.c, log_checkpoints.c
    heads = select(parts.partition, parts.head_position).order_by(parts.partition)
    other = log_checkpoints.alias()
    largest = select(func.max(other.c.size)).where(other.c.partition == signed.partition)
    latest = select(log_checkpoints).where(signed.size == largest.scalar_subquery())
    async with engine.connect() as connection:
        partitions = (await connection.execute(heads)).all()
        rounds = {row.partition: row for row in await connection.execute(select(log_verifications))}
        notes = {row.partition: row for row in await connection.execute(latest)}
    told = [_partition(n, head, rounds.get(n), notes.get(n)) for n, head in partitions]
    return {"ok": all(each["fault"] is None for each in told), "partitions": told}


def _partition(partition: int, head: int, seen: Any, signed: Any) -> dict[str, Any]:
    return {
        "partition": partition,
        "head_position": head,
        "verified_to": seen.position if seen else 0,
        "rounds": seen.rounds if seen else 0,
        "verified_at": seen.verified_at if seen else None,
        "fault": seen.fault if seen else None,
        "fault_position": seen.fault_position if seen else None,
        "checkpoint": None
        if signed is None
        else {"size": signed.size, "signed_at": signed.signed_at, "note": signed.note},
    }


@router.get(
    "/export",
    operation_id="export_log",
    response_class=Response,
    responses={
        200: {
            "description": "the export, as it is read",
            "content": {
                kind.media_type.partition(";")[0]: {"schema": {"type": "string"}}
                for kind in KINDS.values()
            },
        },
        **problems(401, 403, 422, 503),
    },
)
async def export_log(
    http: HttpRequest,
    format: Format = "jsonl",
    from_: Annotated[
        instants.Instant | None, Query(alias="from", description="what happened from then on")
    ] = None,
    to: Annotated[instants.Instant | None, Query(description="what happened before then")] = None,
    account: Short = None,
    product: Short = None,
    breach: Annotated[bool, Query(description="only tickets that were overdue")] = False,
) -> Response:
    """Take the log away, or a part of it, for other tools or with its proof.

    `xes` and `ocel` are for process mining, `ics` has the deadlines ahead, `bundle` is a zip with
    events, proofs, the signed checkpoint, the terms, and a program that verifies all of it. It
    leaves an access event.
    """
    at_hand = doors(http)
    at_hand.principal(http)
    selection = Selection(utc(from_), utc(to), account, product, breach)
    connection = await Database.of(at_hand.settings, "ticket-api-export").connect()
    pieces = export(connection, format, selection, verifiers_of(at_hand.settings))
    try:
        first = await anext(pieces, b"")
    except BaseException:
        connection.terminate()
        raise
    kind = KINDS[format]
    return StreamingResponse(
        _from(first, pieces, connection),
        media_type=kind.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="docket.{kind.ending}"',
            "Cache-Control": "no-store",
        },
    )


async def _from(
    first: bytes, rest: AsyncIterator[bytes], connection: asyncpg.Connection
) -> AsyncIterator[bytes]:
    """Yield what was read before the answer began, and then the rest; leave the database."""
    try:
        yield first
        async for piece in rest:
            yield piece
    finally:
        connection.terminate()
