"""The database's schema, brought up to date by the migrations of `docket_migrations`."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import asyncpg
from alembic import command
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from docket_runtime.database import reachable
from docket_runtime.new_ids import new_id
from docket_runtime.schema import known_words
from docket_runtime.schema.migrations import Migration, config, head, migration, unknown
from docket_runtime.schema.revision import OLDEST_CODE
from docket_runtime.unavailable import Unavailable

_RANGE = "update docket.schema_range set oldest_code = $1"


@dataclass(frozen=True, slots=True)
class Upgrade:
    """At which revision the database was, None when it was empty, and at which it is."""

    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that a migration waits for a lock, and that a statement of it may take; 0: any."""

    lock_s: float = 5
    statement_s: float = 60


@dataclass(frozen=True, slots=True)
class Progress:
    """Who is told that a migration has been run, and that another `docket migrate` is at work."""

    applied: Callable[[Migration], None] = lambda _: None
    waits: Callable[[], None] = lambda: None


def upgrade(
    url: str,
    *,
    log_partitions: int = 1,
    development: bool = False,
    patience: Patience = Patience(),
    progress: Progress = Progress(),
) -> Upgrade:
    """Run every migration that this database has not had yet, in one transaction.

    `url` names a role that may create roles. `log_partitions` counts for an empty database alone;
    `development`, for one that has no mark yet, says that its clock may be warped (decision 0031).
    Runs an event loop of its own. Raises Unavailable, also where it has given way to a service,
    UnknownRevision, or the database's refusal.
    """
    run = partial(
        upgrade_on,
        log_partitions=log_partitions,
        development=development,
        patience=patience,
        progress=progress,
    )
    return asyncio.run(_connect_and_upgrade(url, run))


def upgrade_on(
    connection: Connection,
    *,
    log_partitions: int = 1,
    development: bool = False,
    patience: Patience = Patience(),
    progress: Progress = Progress(),
) -> Upgrade:
    """Run the missing migrations on this connection.

    Raises UnknownRevision, or the driver's faults as they are.
    """
    ours = config()
    ours.attributes["connection"] = connection
    ours.attributes["new_log"] = {"log_id": str(new_id()), "partitions": log_partitions}
    ours.attributes["development"] = development
    ours.attributes["lock_ms"] = round(patience.lock_s * 1000)
    ours.attributes["statement_ms"] = round(patience.statement_s * 1000)
    ours.attributes["waits"] = progress.waits
    ours.attributes["applied"] = lambda revision: progress.applied(migration(revision))
    ours.attributes["finish"] = _finish
    try:
        command.upgrade(ours, "head")
    except CommandError as error:
        raise unknown(ours.attributes["before"]) from error
    return Upgrade(ours.attributes["before"], head())


def _finish(connection: Connection) -> None:
    """Copy into the database what the code knows and it must know too."""
    known_words.copy_to_database(connection)
    connection.exec_driver_sql(_RANGE, (OLDEST_CODE,))


async def _connect_and_upgrade(url: str, run: Callable[[Connection], Upgrade]) -> Upgrade:
    address = make_url(url).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(address, poolclass=NullPool)
    try:
        with reachable():
            async with engine.connect() as connection:
                return await connection.run_sync(run)
    except Unavailable as unavailable:
        raise Unavailable(_gave_way(unavailable) or str(unavailable)) from unavailable
    finally:
        await engine.dispose()


def _gave_way(unavailable: Unavailable) -> str | None:
    """Return a sentence where it was a bound of ours that ended it, None where it was not."""
    fault = unavailable.__cause__
    if isinstance(fault, DBAPIError) and fault.orig is not None:
        fault = fault.orig.__cause__
    if isinstance(fault, asyncpg.LockNotAvailableError):
        return (
            "a service held a lock that a migration needs, so nothing was changed: run it again,"
            " or let it wait longer (--lock-s)"
        )
    if isinstance(fault, asyncpg.QueryCanceledError):
        return (
            "a statement took longer than it may, so nothing was changed: allow more"
            " (--statement-s, 0 for any time)"
        )
    return None
