"""At which migration a database is, and what this code makes of that."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import asyncpg

from docket_cli.errors import CliError
from docket_runtime.database import PATIENCE_S, reachable
from docket_runtime.schema.migrations import (
    Migration,
    UnknownRevision,
    head,
    migrations_after,
    revision_of,
)
from docket_runtime.schema.revision import unfit
from docket_runtime.unavailable import Unavailable


@dataclass(frozen=True, slots=True)
class SchemaState:
    """The revision of a database, None where it is empty, and the migrations that it lacks.

    `unfit` says why services of this code do not run on it, None where they do.
    """

    database: str | None
    left: tuple[Migration, ...]
    unfit: str | None = None
    is_newer: bool = False

    def told(self) -> dict[str, object]:
        """Return it as JSON has it."""
        return {
            "database": self.database,
            "code": head(),
            "left": [each.revision for each in self.left],
            "newer": self.is_newer,
            "services_can_run": self.unfit is None,
        }

    def sentences(self) -> Iterator[str]:
        """Yield it as people read it."""
        yield f"the database is at {self.database or 'nothing'}, this Docket has {head()}"
        if self.is_newer:
            yield "that revision is unknown here: it is the database of a newer Docket"
        elif self.left:
            yield f"left to do: {', '.join(each.revision for each in self.left)} (docket migrate)"
        else:
            yield "nothing is left to do"
        can = "can" if self.unfit is None else "cannot"
        yield f"services of this Docket {can} run on it"


def state_of(url: str) -> SchemaState:
    """Ask a database; raise CliError where it is out of reach or refuses."""
    try:
        return asyncio.run(_ask(url))
    except Unavailable as error:
        raise CliError(str(error)) from error
    except (asyncpg.PostgresError, ValueError) as error:
        raise CliError(f"the database refuses: {error}") from error


async def schema_state(connection: asyncpg.Connection) -> SchemaState:
    """Return the state of the database that a connection leads to; raise Unavailable."""
    found, reason = await revision_of(connection), await unfit(connection)
    try:
        return SchemaState(found, migrations_after(found), reason)
    except UnknownRevision:
        return SchemaState(found, (), reason, is_newer=True)


async def _ask(url: str) -> SchemaState:
    with reachable():
        connection = await asyncpg.connect(url, timeout=PATIENCE_S, command_timeout=PATIENCE_S)
    try:
        return await schema_state(connection)
    finally:
        await connection.close()
