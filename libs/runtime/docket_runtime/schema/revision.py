"""Which schema this code needs, and which services run on the schema of this code (decision 0043).

Services run on every schema from their own revision on, until a migration takes away what they use:
that migration says with `OLDEST_CODE` whose services are the oldest that still run.
"""

import asyncpg

from docket_runtime.database import reachable

REVISION = "0023"
"""The migration that this code needs."""

OLDEST_CODE = "0023"
"""The oldest revision whose services run on the schema of `REVISION`; the database has a copy.

It is raised only by a release that takes away (contracts) what an earlier release has replaced.
"""

_FOUND = "select version_num from alembic_version"
_RANGE = "select oldest_code from docket.schema_range"


async def unfit(connection: asyncpg.Connection) -> str | None:
    """Return why services of this code do not run on this database, None if they do.

    Raise Unavailable.
    """
    with reachable():
        try:
            found = await connection.fetchval(_FOUND)
        except asyncpg.UndefinedTableError:
            found = None
        if found == REVISION:
            return None
        if found is None or found < REVISION:
            return f"the database is at {found}, we need {REVISION}: run docket migrate"
        oldest = await connection.fetchval(_RANGE)
    if oldest <= REVISION:
        return None
    return f"the database is at {found}, on which services run from {oldest} on; we are {REVISION}"
