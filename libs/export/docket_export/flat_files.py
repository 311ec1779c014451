"""Events as lines of JSON, and as CSV."""

import csv
from collections.abc import AsyncIterator
from io import StringIO

import asyncpg
import msgspec

from docket_events.codec import leaving
from docket_export.selection import Selection, windows
from docket_proof.chain import LogRow, instant

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


async def jsonl(connection: asyncpg.Connection, selection: Selection) -> AsyncIterator[bytes]:
    """Yield the events as lines of JSON, their data in the bytes in which it is stored.

    A text inside an event of before is left out, as those beside the log are (decision 0033).
    """
    encode = msgspec.json.Encoder().encode
    async for rows in windows(connection, selection):
        yield b"".join(
            encode(dict(zip(COLUMNS, (*_told(row), msgspec.Raw(_data(row))), strict=True))) + b"\n"
            for row in rows
        )


async def csv_lines(connection: asyncpg.Connection, selection: Selection) -> AsyncIterator[bytes]:
    """Yield the events as CSV (RFC 4180) with a head line; `data` is JSON."""
    yield ",".join(COLUMNS).encode() + b"\r\n"
    async for rows in windows(connection, selection):
        text = StringIO()
        csv.writer(text).writerows((*_told(row), _data(row).decode()) for row in rows)
        yield text.getvalue().encode()


def _data(row: LogRow) -> bytes:
    return leaving(row.type, row.schema_version, row.body)


def _told(row: LogRow) -> tuple[object, ...]:
    return (
        *row[:7],
        instant(row.occurred_at),
        instant(row.recorded_at),
        *row[10:15],
        row.hash.hex(),
    )
