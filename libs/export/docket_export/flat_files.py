"""Events as lines of JSON, exact; and as CSV, whose cells no spreadsheet runs."""

import csv
import re
from codecs import BOM_UTF8
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from docket_events.codec import json_object, leaving
from docket_export.selection import PATIENCE_S, Selection, windows
from docket_proof.chain import LogRow, instant
from docket_runtime.database import reachable

COLUMNS = (
    "partition",
    "position",
    "ticket_id",
    "version",
    "event_id",
    "type",
    "schema_version",
    "at",
    "recorded_at",
    "actor_kind",
    "actor_id",
    "on_behalf_of",
    "correlation_id",
    "causation_id",
    "hash",
    "data",
)
_OF_CASE = ("number", "account_id", "product", "priority", "status")
"""What a line of CSV says of the ticket as it is now."""
_TICKETS = """
    select ticket_id, number, account_id, product, priority, status from docket.tickets
    where partition = $1 and ticket_id = any ($2)
"""
_RUNS = re.compile(r"[\s\x00]*[=+\-@\t\r\n\x00＝＋－＠﹢﹣﹦﹫]")
"""How a cell begins that spreadsheets take for a formula (OWASP, CSV injection)."""


@dataclass(frozen=True, slots=True)
class CsvCells:
    """How cells are written: `raw` as they are, `mark` with a byte order mark, for Excel."""

    raw: bool = False
    mark: bool = False

    def of(self, value: object) -> object:
        """Return a cell; before what would run stands an apostrophe."""
        guarded = isinstance(value, str) and not self.raw and _RUNS.match(value)
        return f"'{value}" if guarded else value


async def jsonl(connection: asyncpg.Connection, selection: Selection) -> AsyncIterator[bytes]:
    """Yield the events as lines of JSON, their data in the bytes in which it is stored.

    Data that is no JSON is null, here and in CSV: the event stays, and holds up no other. A text
    inside an event of before is left out, as those beside the log are (decision 0033).
    """
    encode = msgspec.json.Encoder().encode
    async for rows in windows(connection, selection):
        yield b"".join(
            encode(dict(zip(COLUMNS, (*_told(row), _data(row)), strict=True))) + b"\n"
            for row in rows
        )


async def csv_lines(
    connection: asyncpg.Connection, selection: Selection, cells: CsvCells | None = None
) -> AsyncIterator[bytes]:
    """Yield the events as CSV (RFC 4180) with a head line; `data` is JSON."""
    cells = cells or CsvCells()
    yield (BOM_UTF8 if cells.mark else b"") + ",".join((*COLUMNS, *_OF_CASE)).encode() + b"\r\n"
    async for rows in windows(connection, selection):
        cases = await _cases(connection, rows)
        text = StringIO()
        csv.writer(text).writerows(
            [cells.of(each) for each in (*_told(row), _text(row), *cases[row.ticket_id])]
            for row in rows
        )
        yield text.getvalue().encode()


async def _cases(
    connection: asyncpg.Connection, rows: Sequence[LogRow]
) -> Mapping[UUID, Sequence[Any]]:
    """Return what is said of the ticket of each event; of an account's nothing."""
    found: dict[UUID, Sequence[Any]] = {row.ticket_id: (None,) * len(_OF_CASE) for row in rows}
    if rows:
        with reachable():
            known = await connection.fetch(
                _TICKETS, rows[0].partition, [*found], timeout=PATIENCE_S
            )
        found |= {ticket_id: tuple(told) for ticket_id, *told in known}
    return found


def _text(row: LogRow) -> str:
    """Return the data of an event as it leaves, the empty text where it is no JSON object."""
    if json_object(row.body) is None:
        return ""
    return leaving(row.type, row.schema_version, row.body).decode()


def _data(row: LogRow) -> msgspec.Raw | None:
    text = _text(row)
    return msgspec.Raw(text.encode()) if text else None


def _told(row: LogRow) -> tuple[object, ...]:
    return (
        *row[:7],
        instant(row.occurred_at),
        instant(row.recorded_at),
        *row[10:15],
        row.hash.hex(),
    )
