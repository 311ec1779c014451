"""The database's schema, brought up to date by the migrations of `docket_migrations`."""

import asyncio
from dataclasses import dataclass

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from docket_runtime.database import reachable
from docket_runtime.new_ids import new_id
from docket_runtime.schema import known_words
from docket_runtime.schema.revision import OLDEST_CODE

_RANGE = "update docket.schema_range set oldest_code = $1"


class UnknownRevision(Exception):
    """The database is at a revision of a newer Docket; the message names it."""


@dataclass(frozen=True, slots=True)
class Upgrade:
    """At which revision the database was, None when it was empty, and at which it is."""

    before: str | None
    after: str


def upgrade(url: str, *, log_partitions: int = 1, development: bool = False) -> Upgrade:
    """Run every migration that this database has not had yet, in one transaction.

    `url` names a role that may create roles. `log_partitions` counts for an empty database alone;
    `development`, for one that has no mark yet, says that its clock may be warped (decision 0031).
    Runs an event loop of its own. Raises Unavailable, UnknownRevision, or the database's refusal.
    """
    return asyncio.run(_connect_and_upgrade(url, log_partitions, development))


def upgrade_on(
    connection: Connection, *, log_partitions: int = 1, development: bool = False
) -> Upgrade:
    """Run the missing migrations on this connection.

    Raises UnknownRevision, or the driver's faults as they are.
    """
    config = _config()
    config.attributes["connection"] = connection
    config.attributes["new_log"] = {"log_id": str(new_id()), "partitions": log_partitions}
    config.attributes["development"] = development
    config.attributes["finish"] = _finish
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        before = config.attributes["before"]
        raise UnknownRevision(f"the database is at {before}, which is unknown here") from error
    return Upgrade(config.attributes["before"], head())


def head() -> str:
    """Return the revision of the newest migration."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    assert newest is not None
    return newest


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "docket_migrations:")
    return config


def _finish(connection: Connection) -> None:
    """Copy into the database what the code knows and it must know too."""
    known_words.copy_to_database(connection)
    connection.exec_driver_sql(_RANGE, (OLDEST_CODE,))


async def _connect_and_upgrade(url: str, log_partitions: int, development: bool) -> Upgrade:
    address = make_url(url).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(address, poolclass=NullPool)
    try:
        with reachable():
            async with engine.connect() as connection:
                return await connection.run_sync(
                    upgrade_on, log_partitions=log_partitions, development=development
                )
    finally:
        await engine.dispose()
