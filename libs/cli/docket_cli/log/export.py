"""`docket export`: the log, or a part of it, for other tools and for auditors elsewhere."""

import asyncio
import sys
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Protocol, cast, get_args

import asyncpg
import typer
from rich.progress import DownloadColumn, Progress, SpinnerColumn, TimeElapsedColumn

from docket_cli import config, output
from docket_cli.arguments import AllowStandby, instant, refuse_empty_period
from docket_cli.errors import CliError
from docket_events.characters import printable
from docket_export.flat_files import CsvCells
from docket_export.formats import KINDS, Format, export
from docket_export.selection import Cases, Selection
from docket_export.selection_check import UnknownName, check_names, is_empty, tickets_named
from docket_runtime.database import Database
from docket_runtime.proof.keys import verifiers_of
from docket_runtime.unavailable import Unavailable


def export_command(
    format_: Annotated[
        str, typer.Option("--format", "-f", help=f"One of {', '.join(KINDS)}.")
    ] = "jsonl",
    to: Annotated[Path | None, typer.Option(help="The file to write; stdout if left out.")] = None,
    from_: Annotated[
        datetime | None,
        typer.Option("--from", parser=instant, help="What happened from then on."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(parser=instant, help="What happened before then."),
    ] = None,
    account: Annotated[str | None, typer.Option(help="Tickets of this account.")] = None,
    product: Annotated[str | None, typer.Option(help="Tickets on this product.")] = None,
    breach: Annotated[bool, typer.Option("--breach", help="Tickets that were overdue.")] = False,
    ticket: Annotated[
        list[str] | None, typer.Option(help="This ticket, by its id or number; may repeat.")
    ] = None,
    cases: Annotated[
        str | None,
        typer.Option(help="Whole tickets that were created, closed or active from --from on."),
    ] = None,
    raw_cells: Annotated[
        bool, typer.Option("--raw-cells", help="CSV without guarding cells for spreadsheets.")
    ] = False,
    bom: Annotated[
        bool, typer.Option("--bom", help="CSV with a byte order mark, for Excel.")
    ] = False,
    allow_standby: AllowStandby = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was written.")] = False,
) -> None:
    """Export events (jsonl, csv), for process mining (xes, ocel), deadlines (ics), with proof.

    A bundle is a zip archive of events, proofs, the signed checkpoint, the terms, and a program of
    its own that verifies all of it: unzip it and run python3 -I verify.py. Instants are UTC.
    For process mining a period takes whole tickets: those that were active in it, or --cases.

    Exit codes: 0 written, 1 it cannot be read or written now, 2 the question makes no sense.

    Example: docket export --format bundle --account acme --to acme.zip
    """
    if format_ not in KINDS:
        raise typer.BadParameter(f"{format_!r} is none of {', '.join(KINDS)}")
    if as_json and to is None:
        raise typer.BadParameter("--json prints to stdout: name a file with --to")
    if cases not in (None, *get_args(Cases)):
        raise typer.BadParameter(f"{cases!r} is none of {', '.join(get_args(Cases))}")
    if format_ == "bundle" and to is None and sys.stdout.isatty():
        raise typer.BadParameter("a bundle is not for a terminal: name a file with --to")
    refuse_empty_period(from_, until)
    selection = Selection(from_, until, account, product, breach, cases=cast(Cases | None, cases))
    asked = _Asked(to, format_, selection, tuple(ticket or ()), CsvCells(raw_cells, bom))
    with output.errors():
        settings = config.settings()
        database = Database.of(settings, "docket-export", reads_standby=allow_standby)
        try:
            size, empty = asyncio.run(_export(database, asked))
        except UnknownName as unknown:
            raise typer.BadParameter(str(unknown)) from None
        except (Unavailable, OSError, ValueError) as error:
            raise CliError(str(error)) from error
    if empty:
        output.say("no event fits: what was written is empty")
    if as_json:
        output.print_json({"file": str(to), "format": format_, "bytes": size, "empty": empty})
    elif to is not None:
        output.say(f"{to}: {size:,} bytes")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is exported, and where to: to stdout where no file is named."""

    to: Path | None
    format_: Format
    selection: Selection
    tickets: tuple[str, ...]
    cells: CsvCells


async def _export(database: Database, asked: _Asked) -> tuple[int, bool]:
    """Write the export, once its names are known; return its size and whether nothing is in it."""
    connection = await database.connect()
    try:
        named = await tickets_named(connection, asked.tickets)
        selection = replace(asked.selection, tickets=named)
        await check_names(connection, selection)
        empty = await is_empty(connection, selection)
        opened = nullcontext(_stdout()) if asked.to is None else asked.to.open("wb")
        with opened as file:
            return await _write(connection, file, asked, selection), empty
    finally:
        await connection.close()


class Writes(Protocol):
    """What pieces are written to."""

    def write(self, piece: bytes, /) -> Any: ...


class _Shown:
    def write(self, piece: bytes, /) -> None:
        sys.stdout.write(printable(piece.decode(errors="replace")))


def _stdout() -> Writes:
    """Return stdout: exact in a file or a pipe, on a terminal without what it would obey."""
    return _Shown() if sys.stdout.isatty() else sys.stdout.buffer


async def _write(
    connection: asyncpg.Connection, file: Writes, asked: _Asked, selection: Selection
) -> int:
    settings = config.settings()
    columns = (SpinnerColumn(), "exporting", DownloadColumn(), TimeElapsedColumn())
    pieces = export(connection, asked.format_, selection, verifiers_of(settings), asked.cells)
    size = 0
    with Progress(*columns, console=output.aside, transient=True) as bar:
        task = bar.add_task("exporting", total=None)
        async for piece in pieces:
            file.write(piece)
            size += len(piece)
            bar.update(task, completed=size)
    return size
