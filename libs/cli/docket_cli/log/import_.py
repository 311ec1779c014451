"""`docket import`: import the tickets of another helpdesk, with their whole past."""

import asyncio
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import Annotated

import asyncpg
import typer

from docket_cli import config
from docket_cli.errors import CliError
from docket_cli.log.import_progress import reading, writing
from docket_cli.output import errors, print_json, say
from docket_import.cases import survey
from docket_import.checking import Checked, check, present
from docket_import.fault import BadLine, Fault
from docket_import.files import Passed
from docket_import.formats import reader_for
from docket_import.loading import Loaded, load
from docket_import.rules import ImportRules
from docket_runtime.database import Database
from docket_runtime.unavailable import Unavailable

SOURCE = "uci-498"
LEFT_OUT = 3


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What is imported, and how: see the options of the command."""

    path: Path
    source: str = SOURCE
    mapping: Path | None = None
    prefix: str = ""
    limit: int | None = None
    before_calendars: bool = False
    only_check: bool = False
    skip_bad: bool = False


def import_incidents(
    request: ImportRequest, database: Database
) -> tuple[Loaded, tuple[Fault, ...]]:
    """Import a file, showing progress; nothing is written before all of it is checked.

    Return what was written and all that is wrong in the file; where anything is, nothing is
    written unless the bad cases are to be skipped. Raise CliError if the file cannot be read or
    the database is out of reach; a repeated call goes on where that one ended.
    """
    try:
        return asyncio.run(_import(request, database))
    except (BadLine, OSError) as error:
        raise CliError(f"{request.path}: {error}; nothing was imported") from error
    except Unavailable as error:
        raise CliError(f"{error}; import the file again to go on") from error
    except asyncpg.UniqueViolationError as error:
        said = "a number was given to another ticket meanwhile; import the file again"
        raise CliError(f"{request.path}: {said}") from error


async def _import(request: ImportRequest, database: Database) -> tuple[Loaded, tuple[Fault, ...]]:
    connection = await database.connect()
    try:
        with reading(request.path) as passed:
            checked, rules = await _checked(request, connection, passed)
        faulty = bool(checked.faults)
        if request.only_check or (faulty and not request.skip_bad):
            records = checked.surveyed.records
            loaded = Loaded(len(records), sum(records.values()), set_aside=len(checked.bad))
            return loaded, checked.faults
        with writing() as progress:
            surveyed, bad = checked.surveyed, checked.bad
            return await load(connection, surveyed, rules, progress, without=bad), checked.faults
    finally:
        await connection.close()


async def _checked(
    request: ImportRequest, connection: asyncpg.Connection, passed: Passed
) -> tuple[Checked, ImportRules]:
    rules = ImportRules(
        request.source, request.prefix, await present(connection), request.before_calendars
    )
    surveyed = survey(request.path, reader_for(request.path, request.mapping), passed)
    if request.limit is not None:
        surveyed = surveyed.first(request.limit)
    return await check(connection, surveyed, rules, passed), rules


def import_command(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="JSON lines, CSV or XES; or .gz of it"),
    ],
    source: Annotated[str, typer.Option(help="The name of the helpdesk it comes from.")] = SOURCE,
    mapping: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="What the columns of a CSV or XES file mean (TOML)."
        ),
    ] = None,
    check_only: Annotated[
        bool, typer.Option("--check", help="Say all that is wrong and write nothing.")
    ] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave out the cases that are wrong, take the rest.")
    ] = False,
    prefix: Annotated[
        str, typer.Option(help="What stands before the numbers of this helpdesk, as OLD-.")
    ] = "",
    before_calendars: Annotated[
        bool,
        typer.Option(
            "--before-calendars",
            help="Take cases from before the first holidays that are known, without a clock.",
        ),
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Take so many cases only.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Import the tickets of another helpdesk, with the times they had there.

    A line of JSON is one thing that happened: {"case": ..., "occurred_at": ..., "type": ...,
    "data": {...}}. CSV and XES are read with a mapping. docs/importing.md has all of it. The file
    is checked whole before anything is written, and every ticket is written whole or not at all.
    What was imported before is left alone, so an import that was cut short is simply run again.

    Exit codes: 0 all is in the log (--check: nothing is wrong), 1 the file is not right or the
    database is out of reach, 2 the question makes no sense, 3 --skip-bad left cases out.

    Example: docket import data/uci-incidents/events.sample.jsonl --check
    """
    began = monotonic()
    asked = ImportRequest(
        file, source, mapping, prefix, limit, before_calendars, check_only, skip_bad
    )
    with errors():
        database = Database.of(config.settings(), "docket-import")
        loaded, faults = import_incidents(asked, database)
    seconds = monotonic() - began
    if as_json:
        told = [{"file": str(file), **asdict(fault)} for fault in faults]
        print_json({**asdict(loaded), "seconds": round(seconds, 3), "faults": told})
    else:
        for fault in faults:
            say(f"{file}: {fault}")
        say(_summary(asked, loaded, len(faults), seconds))
    if faults:
        raise typer.Exit(LEFT_OUT if skip_bad and not check_only else 1)


def _summary(asked: ImportRequest, loaded: Loaded, faults: int, seconds: float) -> str:
    wrong = f"{faults:,} things are wrong in {loaded.set_aside:,} of {loaded.tickets:,} cases"
    if asked.only_check:
        return f"{wrong}; nothing was imported" if faults else f"{loaded.tickets:,} cases are right"
    if faults and not asked.skip_bad:
        return f"{wrong}; nothing was imported (--skip-bad takes the others)"
    said = f"{loaded.imported:,} tickets imported ({loaded.events:,} events) in {seconds:.1f} s"
    if loaded.already_there:
        said += f"; {loaded.already_there:,} were already there"
    if loaded.changed:
        said += f", {loaded.changed:,} of them told otherwise now: the log keeps what it has"
    return f"{said}; {wrong} and were left out" if faults else said
