"""The formats in which the log is exported."""

from collections.abc import AsyncIterator, Sequence
from typing import Literal, NamedTuple, assert_never

import asyncpg

from docket_export.bundle import bundle
from docket_export.flat_files import CsvCells, csv_lines, jsonl
from docket_export.icalendar_feed import deadlines
from docket_export.ocel import ocel
from docket_export.selection import Selection
from docket_export.xes import xes
from docket_proof.note import Verifier

Format = Literal["jsonl", "csv", "xes", "ocel", "ics", "bundle"]


class Kind(NamedTuple):
    """A format: its file name and media type."""

    media_type: str
    ending: str


KINDS: dict[Format, Kind] = {
    "jsonl": Kind("application/x-ndjson", "jsonl"),
    "csv": Kind("text/csv; charset=utf-8; header=present", "csv"),
    "xes": Kind("application/xml", "xes"),
    "ocel": Kind("application/json", "jsonocel"),
    "ics": Kind("text/calendar; charset=utf-8", "ics"),
    "bundle": Kind("application/zip", "zip"),
}


def export(
    connection: asyncpg.Connection,
    format_: Format,
    selection: Selection,
    verifiers: Sequence[Verifier] = (),
    cells: CsvCells | None = None,
) -> AsyncIterator[bytes]:
    """Return the pieces of an export, read as they are consumed; iterating raises Unavailable.

    `verifiers` are the public keys that a bundle contains, `cells` how those of CSV are written.
    """
    match format_:
        case "jsonl":
            return jsonl(connection, selection)
        case "csv":
            return csv_lines(connection, selection, cells)
        case "xes":
            return xes(connection, selection)
        case "ocel":
            return ocel(connection, selection)
        case "ics":
            return deadlines(connection, selection)
        case "bundle":
            return bundle(connection, selection, verifiers)
        case _:
            assert_never(format_)
