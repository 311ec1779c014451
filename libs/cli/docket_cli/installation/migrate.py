"""`docket migrate`: a database becomes the one that this version of Docket expects."""

from typing import Annotated

import asyncpg
import typer
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from docket_cli import config, output
from docket_cli.arguments import DatabaseUrl, readable_address
from docket_cli.errors import CliError
from docket_cli.installation.schema_state import SchemaState, state_of
from docket_runtime.schema.migrations import Migration, UnknownRevision
from docket_runtime.schema.upgrade import Patience, Progress, Upgrade, upgrade
from docket_runtime.settings import Settings
from docket_runtime.unavailable import Unavailable

LEFT = 3
TOLD = Progress(
    applied=lambda done: output.say(f"{done.revision}  {done.says}"),
    waits=lambda: output.say("another docket migrate is at work: waiting for it"),
)

app = typer.Typer(
    help="Bring the schema of a database up to date; alone it does what `up` does.",
    invoke_without_command=True,
)

LockS = Annotated[
    float | None,
    typer.Option(help="Seconds to wait for a lock that a service holds; 0: any.", min=0),
]
StatementS = Annotated[
    float | None, typer.Option(help="Seconds that a statement may take; 0: any.", min=0)
]
Json = Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")]


@app.callback()
def migrate(
    context: typer.Context,
    database_url: DatabaseUrl = None,
    lock_s: LockS = None,
    statement_s: StatementS = None,
    as_json: Json = False,
) -> None:
    """Bring the schema of a database up to date; alone it does what `up` does.

    Example: docket migrate --database-url postgresql://postgres@127.0.0.1:5432/docket
    """
    if context.invoked_subcommand is None:
        up(database_url, lock_s, statement_s, as_json)
    elif as_json or (database_url, lock_s, statement_s) != (None, None, None):
        raise typer.BadParameter(f"write options behind {context.invoked_subcommand}")


@app.command("up")
def up(
    database_url: DatabaseUrl = None,
    lock_s: LockS = None,
    statement_s: StatementS = None,
    as_json: Json = False,
) -> None:
    """Bring the schema of a database up to date, in one transaction, all of it or nothing.

    The address names a role that may create roles and schemas, not that of a service. Safe to run
    again, and by several at once: the second waits, and what is done already is not done twice. An
    empty database gets DOCKET_LOG_PARTITIONS partitions (1), and with DOCKET_ENV=dev or test it is
    made for development: only there DOCKET_CLOCK may be warped. Where a service holds a lock that a
    migration needs, it gives way after DOCKET_MIGRATE_LOCK_S seconds; then nothing has changed.

    Exit codes: 0 the schema is up to date, 1 it is not, 2 the question makes no sense.

    Example: docket migrate up --database-url postgresql://postgres@127.0.0.1:5432/docket
    """
    with output.errors():
        settings = config.settings()
        patience = Patience(
            settings.migrate_lock_s if lock_s is None else lock_s,
            settings.migrate_statement_s if statement_s is None else statement_s,
        )
        progress = Progress() if as_json else TOLD
        url = readable_address(database_url, settings.database_url)
        done = _upgrade(url, settings, patience, progress)
        if as_json:
            output.print_json({"from": done.before, "to": done.after})
        elif done.before == done.after:
            output.say(f"nothing to do: the database is at {done.after}")
        else:
            output.say(f"upgraded from {done.before or 'nothing'} to {done.after}")


@app.command("status")
def status(database_url: DatabaseUrl = None, as_json: Json = False) -> None:
    """Show at which migration a database is, what it lacks, and whether services can run on it.

    Any role of Docket may ask. It changes nothing.

    Exit codes: 0 nothing is left to do, 1 it cannot be told now, 2 the question makes no sense,
    3 migrations are left (docket migrate), or the database is that of a newer Docket.

    Example: docket migrate status --json
    """
    with output.errors():
        found = state_of(_url(database_url))
        if as_json:
            output.print_json(found.told())
        else:
            for sentence in found.sentences():
                output.line(sentence)
    _leave(found)


@app.command("plan")
def plan(database_url: DatabaseUrl = None, as_json: Json = False) -> None:
    """List the migrations that `up` would run: what each does, and what waits until it ends.

    All of them are one transaction: what one of them stops waits until the last has ended. The
    locks are those that stand in the SQL of a migration. It changes nothing.

    Exit codes: as `docket migrate status`.

    Example: docket migrate plan
    """
    with output.errors():
        found = state_of(_url(database_url))
        if as_json:
            output.print_json([*map(_fields, found.left)])
        elif not found.left:
            for sentence in found.sentences():
                output.line(sentence)
        for each in () if as_json else found.left:
            output.line(f"{each.revision}  {each.says}")
            for table, what in each.stops.items():
                output.line(f"      stops {what} of {table}")
    _leave(found)


def _url(database_url: str | None) -> str:
    return readable_address(database_url, config.settings().database_url)


def _leave(found: SchemaState) -> None:
    if found.left or found.is_newer:
        raise typer.Exit(LEFT)


def _fields(each: Migration) -> dict[str, object]:
    return {"revision": each.revision, "says": each.says, "stops": each.stops}


def _upgrade(url: str, settings: Settings, patience: Patience, progress: Progress) -> Upgrade:
    try:
        return upgrade(
            url,
            log_partitions=settings.log_partitions,
            development=settings.env != "prod",
            patience=patience,
            progress=progress,
        )
    except (Unavailable, UnknownRevision) as error:
        raise CliError(str(error)) from error
    except DBAPIError as error:
        raise CliError(f"the database refuses: {error.orig}") from error
    except (SQLAlchemyError, asyncpg.PostgresError) as error:
        raise CliError(str(error)) from error
