"""Checks of the database: whether it answers, is new and migrated enough, and refuses enough."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

import asyncpg

from docket_cli.installation.findings import Finding, fault, ok, warning
from docket_cli.installation.schema_state import schema_state
from docket_runtime.clock import wall_clock
from docket_runtime.database import Database, NotDurable, NotForDevelopment, reachable
from docket_runtime.production import Unsafe
from docket_runtime.schema.role_rights import OTHER_ROLES, ROLES, RoleState, role_states
from docket_runtime.settings import Settings
from docket_runtime.unavailable import Unavailable

OLDEST_POSTGRESQL = 14
CLOCKS_DIFFER = timedelta(seconds=2)
CLOCKS_DISAGREE = timedelta(minutes=1)
"""What the log takes of the future (decision 0031)."""

_DO = "see DOCKET_DATABASE_URL"
_SERVER = "select current_setting('server_version_num')::int, current_setting('server_version')"
_IS_MEMBER = "select rolname from pg_roles where rolname = any ($1) and pg_has_role(oid, 'member')"


async def of_database(settings: Settings, services: tuple[str, ...]) -> list[Finding]:
    """Return what there is to say of the database, as far as it answers."""
    try:
        connection = await Database.of(settings, "docket-check").connect()
    except (Unavailable, NotDurable, NotForDevelopment, Unsafe) as refused:
        return [fault("database", str(refused).removeprefix("the database is "), _DO)]
    except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as refused:
        return [fault("database", _first_line(refused), _DO)]
    try:
        return [each async for each in _asked(connection, services)]
    except (Unavailable, asyncpg.PostgresError) as broken:
        return [fault("database", _first_line(broken), _DO)]
    finally:
        connection.terminate()


def _first_line(refused: Exception) -> str:
    return (str(refused) or type(refused).__name__).splitlines()[0]


async def _asked(
    connection: asyncpg.Connection, services: tuple[str, ...]
) -> AsyncIterator[Finding]:
    with reachable():
        number, version = await connection.fetchrow(_SERVER)
    if number < OLDEST_POSTGRESQL * 10_000:
        yield fault("database", f"PostgreSQL {version}", f"{OLDEST_POSTGRESQL} or newer is needed")
    else:
        yield ok("database", f"PostgreSQL {version} answers")
    yield await _clocks(connection)
    state = await schema_state(connection)
    says = ", ".join(state.sentences())
    if state.database is None:
        yield fault("migrations", "the database is empty", "docket migrate")
        return
    if state.unfit is not None:
        do = "install the newer Docket" if state.is_newer else "docket migrate"
        yield fault("migrations", says, do)
        return
    yield ok("migrations", says)
    async for each in _roles(connection, services):
        yield each


async def _clocks(connection: asyncpg.Connection) -> Finding:
    before = wall_clock()
    with reachable():
        theirs: datetime = await connection.fetchval("select clock_timestamp()")
    ours = before + (wall_clock() - before) / 2
    apart = abs(theirs - ours)
    says = f"this clock and the database's are {apart.total_seconds():.1f} s apart"
    if apart > CLOCKS_DISAGREE:
        return fault("clock", says, "set both by NTP: tokens expire by this one")
    if apart > CLOCKS_DIFFER:
        return warning("clock", says, "set both by NTP")
    return ok("clock", says)


async def _roles(
    connection: asyncpg.Connection, services: tuple[str, ...]
) -> AsyncIterator[Finding]:
    roles = [ROLES[name] for name in services]
    with reachable():
        ours = [row[0] for row in await connection.fetch(_IS_MEMBER, [*ROLES.values()])]
    if len(services) == 1 and roles[0] not in ours:
        yield fault(
            "roles",
            f"DOCKET_DATABASE_URL does not connect as {roles[0]}",
            "connect as that role, or one that is a member of it",
        )
    everybody = roles if len(services) == 1 else [*roles, *OTHER_ROLES]
    states = await role_states(connection, everybody)
    for state in states:
        for found in _of_role(state):
            yield found
    if all(_is_well(state) for state in states):
        yield ok("roles", f"the rights of {', '.join(everybody)} are those that they need")


def _is_well(state: RoleState) -> bool:
    return state.is_there and not state.missing and not state.too_much


def _of_role(state: RoleState) -> Sequence[Finding]:
    if not state.is_there:
        return [fault("roles", f"there is no role {state.role}", "docs/operating/upgrade.md")]
    found = []
    if state.missing:
        told = ", ".join(map(str, state.missing))
        found.append(fault("roles", f"{state.role} lacks {told}", "grant it as docket_owner"))
    if state.too_much:
        told = ", ".join(state.too_much)
        found.append(fault("roles", f"{state.role} has too much: {told}", "take it away"))
    return found
