"""`docket import`: import the tickets of another helpdesk, with their whole past."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Annotated

import asyncpg
import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as ProgressBar

from docket_cli import config
from docket_cli.errors import CliError
from docket_cli.output import aside, errors, print_json, say
from docket_import.helpdesk import BadLine
from docket_import.loading import Loaded, Progress, check, load
from docket_runtime.database import Database
from docket_runtime.unavailable import Unavailable

SOURCE = "uci-498"


def import_incidents(
    path: Path, database: Database, *, source: str = SOURCE, limit: int | None = None
) -> Loaded:
    """Import a file of incidents, showing progress; nothing is written before all is checked.

    Raise CliError if the file is wrong or the database is out of reach; a repeated call goes on
    where that one ended.
    """
    try:
        surveyed = check(path, source, limit=limit)
    except (BadLine, OSError) as error:
        raise CliError(f"{path}: {error}; nothing was imported") from error

    async def write(progress: Progress) -> Loaded:
        connection = await database.connect()
        try:
            return await load(connection, surveyed, source, progress)
        finally:
            await connection.close()

    try:
        with _progress() as progress:
            return asyncio.run(write(progress))
    except Unavailable as error:
        raise CliError(f"{error}; import the file again to go on") from error
    except asyncpg.UniqueViolationError as error:
        raise CliError(f"a case of {path} has the number of a ticket we have already") from error


def import_command(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON lines, or .gz")],
    source: Annotated[str, typer.Option(help="The name of the helpdesk it comes from.")] = SOURCE,
    limit: Annotated[int | None, typer.Option(min=1, help="Take so many cases only.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Import the tickets of another helpdesk, with the times they had there.

    Each line is one thing that happened: {"case": ..., "occurred_at": ..., "type": ..., "data":
    {...}}. The file is checked whole before anything is written, and every ticket is written whole
    or not at all. What was imported before is left alone, so an import that was cut short is simply
    run again.

    Exit codes: 0 all is in the log, 1 the file is not right or the database is out of reach.

    Example: docket import data/uci-incidents/events.sample.jsonl
    """
    began = monotonic()
    with errors():
        database = Database.of(config.settings(), "docket-import")
        loaded = import_incidents(file, database, source=source, limit=limit)
    seconds = monotonic() - began
    if as_json:
        print_json({**asdict(loaded), "seconds": round(seconds, 3)})
    else:
        say(_summary(loaded, seconds))


@contextmanager
def _progress() -> Iterator[Progress]:
    columns = (
        TextColumn("importing"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("tickets, {task.fields[rate]:,.0f} events/s"),
        TimeElapsedColumn(),
    )
    began = monotonic()
    with ProgressBar(*columns, console=aside) as bar:
        task = bar.add_task("importing", total=None, rate=0.0)

        def told(loaded: Loaded) -> None:
            rate = loaded.events / (monotonic() - began)
            bar.update(task, completed=loaded.done, total=loaded.tickets, rate=rate)

        yield told


def _summary(loaded: Loaded, seconds: float) -> str:
    said = f"{loaded.imported:,} tickets imported ({loaded.events:,} events) in {seconds:.1f} s"
    if loaded.already_there:
        said += f"; {loaded.already_there:,} were already there"
    if loaded.changed:
        said += f", {loaded.changed:,} of them told otherwise now: the log keeps what it has"
    return said
