"""The migrations that this code has, and at which of them a database is."""

from dataclasses import dataclass

import asyncpg
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError

from docket_runtime.database import reachable
from docket_runtime.schema.migration_locks import stopped_by

_FOUND = "select version_num from alembic_version"


class UnknownRevision(Exception):
    """The database is at a revision of a newer Docket; the message names it."""


@dataclass(frozen=True, slots=True)
class Migration:
    """A migration: what it does, and for each table that it locks what waits for its end."""

    revision: str
    says: str
    stops: dict[str, str]


def config() -> Config:
    """Return Alembic's configuration for our migrations."""
    ours = Config()
    ours.set_main_option("script_location", "docket_migrations:")
    return ours


def head() -> str:
    """Return the revision of the newest migration."""
    newest = _scripts().get_current_head()
    assert newest is not None
    return newest


def migration(revision: str) -> Migration:
    """Return a migration of this code."""
    script = _scripts().get_revision(revision)
    assert script is not None
    return _migration(script)


def migrations_after(revision: str | None) -> tuple[Migration, ...]:
    """Return what a database at this revision lacks, the oldest first; None is an empty one.

    Raise UnknownRevision for one that this code does not have.
    """
    try:
        left = [*_scripts().iterate_revisions("head", revision or "base")]
    except (CommandError, RevisionError):
        raise unknown(revision) from None
    return tuple(_migration(each) for each in reversed(left))


async def revision_of(connection: asyncpg.Connection) -> str | None:
    """Return the revision of a database, None where nothing was ever migrated; raise Unavailable.

    The role must be one of ours, or the one that migrates.
    """
    try:
        with reachable():
            found: str | None = await connection.fetchval(_FOUND)
    except asyncpg.UndefinedTableError:
        return None
    return found


def unknown(revision: str | None) -> UnknownRevision:
    """Return the error of a database at a revision that this code does not have."""
    return UnknownRevision(f"the database is at {revision}, which is unknown here")


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(config())


def _migration(script: Script) -> Migration:
    return Migration(script.revision, script.doc, dict(stopped_by(script.revision)))
