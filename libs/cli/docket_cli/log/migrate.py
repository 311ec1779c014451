"""`docket migrate`: a database becomes the one that this version of Docket expects."""

from typing import Annotated

import asyncpg
import typer
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from docket_cli import config, output
from docket_cli.errors import CliError
from docket_runtime.schema.upgrade import UnknownRevision, Upgrade, upgrade
from docket_runtime.settings import Settings
from docket_runtime.unavailable import Unavailable


def migrate(
    database_url: Annotated[
        str | None, typer.Option(help="Instead of DOCKET_DATABASE_URL.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Bring the schema of a database up to date, in one transaction, all of it or nothing.

    The address names a role that may create roles and schemas, not that of a service. Safe to run
    again, and by several at once: what is done already is not done twice. An empty database gets
    DOCKET_LOG_PARTITIONS partitions (1), and with DOCKET_ENV=dev or test it is made for
    development: only there DOCKET_CLOCK may be warped.

    Exit codes: 0 the schema is up to date, 1 it is not, 2 the question makes no sense.

    Example: docket migrate --database-url postgresql://postgres@127.0.0.1:5432/docket
    """
    with output.errors():
        settings = config.settings()
        done = _upgrade(database_url or settings.database_url, settings)
        if as_json:
            output.print_json({"from": done.before, "to": done.after})
        elif done.before == done.after:
            output.say(f"nothing to do: the database is at {done.after}")
        else:
            output.say(f"upgraded from {done.before or 'nothing'} to {done.after}")


def _upgrade(url: str, settings: Settings) -> Upgrade:
    try:
        return upgrade(
            url,
            log_partitions=settings.log_partitions,
            development=settings.env != "prod",
        )
    except (Unavailable, UnknownRevision) as error:
        raise CliError(str(error)) from error
    except DBAPIError as error:
        raise CliError(f"the database refuses: {error.orig}") from error
    except (SQLAlchemyError, asyncpg.PostgresError) as error:
        raise CliError(str(error)) from error
