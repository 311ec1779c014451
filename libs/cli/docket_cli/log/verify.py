"""`docket verify`: read all evidence again, row by row, and check it against its own proof.

It asks no service, because the services are what is checked: it reads the rows itself, with a role
that may read the log and the accesses, the bytes of the files, and a copy of the checkpoints that
was kept elsewhere. It writes nothing.
"""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Annotated

import asyncpg
import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as ProgressBar

from docket_cli import config, output
from docket_cli.arguments import AllowStandby
from docket_cli.errors import CliError
from docket_cli.log.outside import Outside, outside_of, read_copy
from docket_cli.log.projection_faults import projection_faults, projection_faults_of
from docket_cli.log.verify_outcome import EVIDENCE_AWAY, WRONG, Outcome
from docket_proof.check import Fault
from docket_proof.note import Verifier
from docket_runtime.database import Database
from docket_runtime.files import Files
from docket_runtime.proof.copies import Copied
from docket_runtime.proof.keys import verifiers_of
from docket_runtime.proof.stored_files import BytesRead
from docket_runtime.proof.verification import (
    Beside,
    Progress,
    ticket_called,
    verify_log,
    verify_ticket,
)
from docket_runtime.unavailable import Unavailable

MOST_FAULTS = 1000  # printed one by one; more of them explain nothing more


def verify(
    since: Annotated[
        Path | None,
        typer.Option(help="Only what came behind the checkpoints of this file.", exists=True),
    ] = None,
    ticket: Annotated[
        str | None, typer.Option(help="Only this ticket, by its id or its number.")
    ] = None,
    copy: Annotated[
        Path | None, typer.Option(help="Checkpoints kept elsewhere, to hold the log against.")
    ] = None,
    no_copy: Annotated[
        bool, typer.Option("--no-copy", help="There is no copy: an end cut off is not found.")
    ] = False,
    key: Annotated[
        list[str] | None, typer.Option(help="Trust this key alone, name+hash+base64; may repeat.")
    ] = None,
    files: Annotated[
        bool, typer.Option(help="Read the bytes of the files again (DOCKET_FILES_URL).")
    ] = True,
    projections: Annotated[
        bool, typer.Option(help="Fold tickets and clocks again and compare what is stored.")
    ] = True,
    allow_standby: AllowStandby = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Verify all evidence: log, contents, files, accesses, checkpoints, and what is folded of it.

    What is read of tickets and clocks is folded again and compared, unless --since is given.

    Without --copy the file of DOCKET_CHECKPOINTS_FILE is taken. A log that was cut off at its end
    is found by a copy of a checkpoint alone: keep one elsewhere.

    Exit codes: 0 nothing is wrong, 1 it cannot be verified now, 2 the question makes no sense,
    3 something is wrong, 4 evidence is not where it should be: the file of checkpoints is missing,
    damaged or shorter than the database, or in production there is no copy at all.

    Example: docket verify --copy checkpoints.jsonl
    """
    began = monotonic()
    with output.errors():
        settings = config.settings()
        try:
            keys = [Verifier.read(each) for each in key] if key else verifiers_of(settings)
        except (ValueError, OSError) as error:
            raise CliError(f"the keys of checkpoints: {error}") from error
        outside = outside_of(settings, keys, copy, may_lack=no_copy or ticket is not None)
        database = Database.of(settings, "docket-verify", reads_standby=allow_standby)
        store = Files(settings.files_url, only_reads=True) if files else None
        with _progress() as (progress, bytes_read):
            beside = Beside(store, bytes_read)
            if ticket is not None:
                found = _of_ticket(database, ticket, keys, beside, projections=projections)
            else:
                behind = read_copy(since, keys)
                found = _of_log(
                    database, keys, outside, behind, beside, progress, projections=projections
                )
    Outcome(
        found,
        signatures_checked=bool(keys),
        copied=len(outside.copied),
        away=outside.away,
        seconds=monotonic() - began,
        cut=len(found) == MOST_FAULTS,
        bytes_checked=files,
        whole=ticket is None,
    ).tell(as_json=as_json)
    if found:
        raise typer.Exit(WRONG)
    if outside.away:
        raise typer.Exit(EVIDENCE_AWAY)


def _of_log(
    database: Database,
    keys: Sequence[Verifier],
    outside: Outside,
    since: Sequence[Copied],
    beside: Beside,
    progress: Progress,
    *,
    projections: bool,
) -> list[Fault]:
    async def ask() -> list[Fault]:
        connection = await database.connect()
        try:
            await outside.compare(connection)
            found = []
            going = verify_log(
                connection,
                keys,
                copied=outside.copied,
                since=since,
                beside=beside,
                progress=progress,
            )
            async for fault in going:
                found.append(fault)
                if len(found) == MOST_FAULTS:
                    return found
            if projections:
                found += [fault async for fault in projection_faults(connection)]
            return found[:MOST_FAULTS]
        finally:
            await connection.close()

    return _run(ask())


def _of_ticket(
    database: Database,
    ticket: str,
    keys: Sequence[Verifier],
    beside: Beside,
    *,
    projections: bool,
) -> list[Fault]:
    async def ask() -> list[Fault]:
        connection = await database.connect()
        try:
            ticket_id = await ticket_called(connection, ticket)
            going = verify_ticket(connection, ticket_id, keys, beside)
            found = [fault async for fault in going]
            if projections:
                found += await projection_faults_of(connection, ticket_id)
            return found
        finally:
            await connection.close()

    return _run(ask())


def _run(work: Coroutine[None, None, list[Fault]]) -> list[Fault]:
    try:
        return asyncio.run(work)
    except (Unavailable, LookupError) as error:
        raise CliError(str(error)) from error
    except asyncpg.InsufficientPrivilegeError as error:
        raise CliError(
            f"this role may not read all evidence ({error}): verify as docket_auditor"
        ) from error


@contextmanager
def _progress() -> Iterator[tuple[Progress, BytesRead]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with ProgressBar(*columns, TimeElapsedColumn(), console=output.aside, transient=True) as bar:
        task, read = bar.add_task("verifying", total=None), 0

        def passed(events: int, until: int) -> None:
            bar.update(task, advance=events, total=max(until, 1))

        def bytes_read(size: int) -> None:
            nonlocal read
            read += size
            bar.update(task, description=f"verifying, {read / 1e6:,.1f} MB of files")

        yield passed, bytes_read
