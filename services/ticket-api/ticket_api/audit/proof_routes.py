"""Proof and export over HTTP: how far the log has been verified, and the log for other tools."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated

import asyncpg
import structlog
from fastapi import APIRouter, Query
from pydantic import StringConstraints
from starlette.requests import Request as HttpRequest
from starlette.responses import Response, StreamingResponse

from docket_export.flat_files import CsvCells
from docket_export.formats import KINDS, Format, export
from docket_export.selection import Cases, Selection
from docket_export.selection_check import UnknownName, check_names, is_empty, tickets_named
from docket_proof.note import Verifier
from docket_runtime.database import Database
from docket_runtime.proof.keys import verifiers_of
from docket_runtime.proof.status import verification_status
from docket_runtime.settings import Settings
from ticket_api.audit.schemas import VerificationAnswer
from ticket_api.auth.gate import principal_of
from ticket_api.http.answers import tagged_response
from ticket_api.http.downloads import attachment
from ticket_api.http.fields import NO_NUL, Instant
from ticket_api.http.problem_docs import headers, problems
from ticket_api.http.problems import Problem
from ticket_api.http.query import OptionalWord, refuse_empty_period
from ticket_api.http.runtime import runtime_of

router = APIRouter(prefix="/v1/audit", tags=["audit"])
log = structlog.get_logger()


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
    principal_of(http)
    return tagged_response(await verification_status(runtime_of(http).engine))


@router.get(
    "/export",
    operation_id="export_log",
    response_class=Response,
    responses={
        200: {
            "description": "the export, as it is read",
            "headers": headers("Docket-Selected"),
            "content": {
                kind.media_type.partition(";")[0]: {"schema": {"type": "string"}}
                for kind in KINDS.values()
            },
        },
        **problems(
            401,
            403,
            codes={
                422: ("empty_period", "unknown_account", "unknown_product", "unknown_ticket"),
                503: ("keys_unreadable",),
            },
        ),
    },
)
async def export_log(
    http: HttpRequest,
    format: Format = "jsonl",
    from_: Annotated[
        Instant | None, Query(alias="from", description="what happened from then on")
    ] = None,
    to: Annotated[Instant | None, Query(description="what happened before then")] = None,
    account: OptionalWord = None,
    product: OptionalWord = None,
    breach: Annotated[bool, Query(description="only tickets that were overdue")] = False,
    ticket: Annotated[
        list[Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]] | None,
        Query(max_length=100, description="only these tickets, by id or number"),
    ] = None,
    cases: Annotated[
        Cases | None,
        Query(description="whole tickets that were created or closed in the period, or active"),
    ] = None,
    raw_cells: Annotated[
        bool, Query(description="CSV without guarding cells for spreadsheets")
    ] = False,
    bom: Annotated[bool, Query(description="CSV with a byte order mark, for Excel")] = False,
) -> Response:
    """Take the log away, or a part of it, for other tools or with its proof.

    `xes` and `ocel` are for process mining and take whole tickets: of a period those that were
    active in it, or as `cases` says. In `csv` an apostrophe stands before cells that a spreadsheet
    would run, unless `raw_cells`. `ics` has the deadlines ahead, `bundle` is a zip with
    events, proofs, the signed checkpoint, the terms, and a program that verifies all of it. It
    leaves an access event.
    """
    principal_of(http)
    refuse_empty_period(from_, to)
    settings = runtime_of(http).settings
    selection = Selection(from_, to, account, product, breach, cases=cases)
    keys = _keys(settings) if format == "bundle" else ()
    connection = await Database.of(settings, "ticket-api-export").connect()
    cells = CsvCells(raw_cells, bom)
    try:
        selection = replace(selection, tickets=await tickets_named(connection, ticket or ()))
        await check_names(connection, selection)
        empty = await is_empty(connection, selection)
        pieces = export(connection, format, selection, keys, cells)
        first = await anext(pieces, b"")
    except UnknownName as unknown:
        connection.terminate()
        raise Problem(422, unknown.code, str(unknown)) from None
    except BaseException:
        connection.terminate()
        raise
    kind = KINDS[format]
    return StreamingResponse(
        _from(first, pieces, connection),
        media_type=kind.media_type,
        headers={
            "Content-Disposition": attachment(f"docket.{kind.ending}"),
            "Cache-Control": "no-store",
            **({"Docket-Selected": "0"} if empty else {}),
        },
    )


def _keys(settings: Settings) -> tuple[Verifier, ...]:
    """Return the keys that a bundle contains; raise Problem 503 where they cannot be read."""
    try:
        return verifiers_of(settings)
    except (OSError, ValueError) as fault:
        log.error("checkpoint_keys_unreadable", why=str(fault))
        raise Problem(
            503,
            "keys_unreadable",
            "the keys of a bundle cannot be read here: see the log, and DOCKET_CHECKPOINT_KEYS",
            headers={"Retry-After": "60"},
        ) from None


async def _from(
    first: bytes, rest: AsyncIterator[bytes], connection: asyncpg.Connection
) -> AsyncIterator[bytes]:
    """Yield what was read before the answer began, and then the rest; close the connection."""
    try:
        yield first
        async for piece in rest:
            yield piece
    finally:
        connection.terminate()
