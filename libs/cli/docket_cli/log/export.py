"""`docket export`: the log, or a part of it, for other tools and for auditors elsewhere."""

import asyncio
import sys
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Annotated, BinaryIO

import asyncpg
import typer
from rich.progress import DownloadColumn, Progress, SpinnerColumn, TimeElapsedColumn

from docket_cli import config, output
from docket_cli.arguments import instant, refuse_empty_period
from docket_cli.errors import CliError
from docket_export.formats import KINDS, Format, export
from docket_export.selection import Selection
from docket_export.selection_check import UnknownName, check_names, is_empty
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
    as_json: Annotated[bool, typer.Option("--json", help="Print what was written.")] = False,
) -> None:
    """Export events (jsonl, csv), for process mining (xes, ocel), deadlines (ics), with proof.

    A bundle is a zip archive of events, proofs, the signed checkpoint, the terms, and a program of
    its own that verifies all of it: unzip it and run python3 -I verify.py. Instants are UTC.

    Exit codes: 0 written, 1 it cannot be read or written now, 2 the question makes no sense.

    Example: docket export --format bundle --account acme --to acme.zip
    """
    if format_ not in KINDS:
        raise typer.BadParameter(f"{format_!r} is none of {', '.join(KINDS)}")
    if as_json and to is None:
        raise typer.BadParameter("--json prints to stdout: name a file with --to")
    refuse_empty_period(from_, until)
    selection = Selection(from_, until, account, product, breach)
    with output.errors():
        try:
            size, empty = asyncio.run(_export(to, format_, selection))
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


async def _export(to: Path | None, format_: Format, selection: Selection) -> tuple[int, bool]:
    """Write the export, once its names are known; return its size and whether nothing is in it."""
    connection = await Database.of(config.settings(), "docket-export").connect()
    try:
        await check_names(connection, selection)
        empty = await is_empty(connection, selection)
        with nullcontext(sys.stdout.buffer) if to is None else to.open("wb") as file:
            return await _write(connection, file, format_, selection), empty
    finally:
        await connection.close()


async def _write(
    connection: asyncpg.Connection, file: BinaryIO, format_: Format, selection: Selection
) -> int:
    settings = config.settings()
    columns = (SpinnerColumn(), "exporting", DownloadColumn(), TimeElapsedColumn())
    size = 0
    with Progress(*columns, console=output.aside, transient=True) as bar:
        task = bar.add_task("exporting", total=None)
        async for piece in export(connection, format_, selection, verifiers_of(settings)):
            file.write(piece)
            size += len(piece)
            bar.update(task, completed=size)
    return size
