"""`docket verify`: read the log again, row by row, and check it against its own proof.

It asks no service, because the services are what is checked: it reads the rows itself, with any
role that may read the log, and a copy of the checkpoints that was kept elsewhere.
"""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as ProgressBar

from docket_cli import config, output
from docket_cli.errors import CliError
from docket_events.ids import partition_of_ticket
from docket_proof.check import Fault
from docket_proof.checkpoint import Checkpoint
from docket_proof.note import BadNote, Verifier
from docket_runtime.database import Database
from docket_runtime.projections.check import Difference, differences, differences_of
from docket_runtime.proof.keys import verifiers_of
from docket_runtime.proof.verification import (
    Progress,
    copies,
    ticket_called,
    verify_log,
    verify_ticket,
)
from docket_runtime.settings import Settings
from docket_runtime.unavailable import Unavailable

WRONG = 3
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
    key: Annotated[
        list[str] | None, typer.Option(help="Trust this key alone, name+hash+base64; may repeat.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Verify the log: its chain, positions, versions, heads, checkpoints and contents.

    What is read of tickets and clocks is folded again and compared, unless --since is given.

    Without --copy the file of DOCKET_CHECKPOINTS_FILE is taken. A log that was cut off at its end
    is found by a copy of a checkpoint alone: keep one elsewhere.

    Exit codes: 0 nothing is wrong, 1 it cannot be verified now, 2 the question makes no sense,
    3 something is wrong.

    Example: docket verify --copy checkpoints.jsonl
    """
    began = monotonic()
    with output.errors():
        settings = config.settings()
        try:
            keys = [Verifier.read(each) for each in key] if key else verifiers_of(settings)
        except (ValueError, OSError) as error:
            raise CliError(f"the keys of checkpoints: {error}") from error
        database = Database.of(settings, "docket-verify")
        with _progress() as progress:
            copied = _copied(_copy(copy, settings), keys)
            if ticket is not None:
                found = _of_ticket(database, ticket, keys)
            else:
                found = _of_log(database, keys, copied, _copied(since, keys), progress)
    _tell(found, keys, len(copied), monotonic() - began, as_json)
    if found:
        raise typer.Exit(WRONG)


def _copy(given: Path | None, settings: Settings) -> Path | None:
    if given is not None:
        return given
    kept = settings.checkpoints_file and Path(settings.checkpoints_file)
    return kept if kept and kept.exists() else None


def _copied(file: Path | None, keys: Sequence[Verifier]) -> list[Checkpoint]:
    if file is None or not keys:
        return []
    try:
        return copies(file.read_text(encoding="utf-8"), keys)
    except (BadNote, OSError, UnicodeDecodeError) as error:
        raise CliError(f"{file}: {error}") from error


def _of_log(
    database: Database,
    keys: Sequence[Verifier],
    copied: Sequence[Checkpoint],
    since: Sequence[Checkpoint],
    progress: Progress,
) -> list[Fault]:
    async def ask() -> list[Fault]:
        connection = await database.connect()
        try:
            found = []
            going = verify_log(connection, keys, copied=copied, since=since, progress=progress)
            async for fault in going:
                found.append(fault)
                if len(found) == MOST_FAULTS:
                    return found
            if not since:
                async for difference in differences(connection):
                    found.append(_differs(difference))
                    if len(found) == MOST_FAULTS:
                        break
            return found
        finally:
            await connection.close()

    return _run(ask())


def _of_ticket(database: Database, ticket: str, keys: Sequence[Verifier]) -> list[Fault]:
    async def ask() -> list[Fault]:
        connection = await database.connect()
        try:
            ticket_id = await ticket_called(connection, ticket)
            found = [fault async for fault in verify_ticket(connection, ticket_id, keys)]
            return [*found, *map(_differs, await differences_of(connection, ticket_id))]
        finally:
            await connection.close()

    return _run(ask())


def _differs(difference: Difference) -> Fault:
    """Return the fault of a row that is read and not folded from the log (decision 0031)."""
    where = f"{difference.table}.{difference.column}"
    detail = f"{where} is {difference.stored}, the log says {difference.folded}"
    partition = partition_of_ticket(difference.ticket_id)
    return Fault(partition, None, "read_model", detail, difference.ticket_id)


def _run(work: Coroutine[None, None, list[Fault]]) -> list[Fault]:
    try:
        return asyncio.run(work)
    except (Unavailable, LookupError) as error:
        raise CliError(str(error)) from error


def _tell(
    found: Sequence[Fault], keys: Sequence[Verifier], copied: int, seconds: float, as_json: bool
) -> None:
    if as_json:
        output.print_json(
            {
                "ok": not found,
                "faults": [asdict(fault) for fault in found],
                "signatures_checked": bool(keys),
                "copied_checkpoints": copied,
                "seconds": round(seconds, 3),
            }
        )
        return
    for fault in found:
        where = "" if fault.position is None else f", position {fault.position}"
        whose = "" if fault.ticket_id is None else f", ticket {fault.ticket_id}"
        output.out.print(
            f"partition {fault.partition}{where}{whose}: {fault.code}: {fault.detail}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    if not keys:
        output.say("no key is known (DOCKET_CHECKPOINT_KEYS): no signature was checked")
    many = f"{len(found)} or more" if len(found) == MOST_FAULTS else f"{len(found)}"
    said = f"{many} things are wrong" if found else "nothing is wrong"
    output.say(f"{said}; {copied} copied checkpoints, {seconds:.1f} s")


@contextmanager
def _progress() -> Iterator[Progress]:
    columns = (TextColumn("verifying"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with ProgressBar(*columns, console=output.aside, transient=True) as bar:
        task = bar.add_task("verifying", total=None)

        def passed(events: int, until: int) -> None:
            bar.update(task, advance=events, total=max(until, 1))

        yield passed
