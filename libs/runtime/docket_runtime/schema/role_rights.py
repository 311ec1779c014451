"""What the role of each service may do in a migrated database, and what it must not.

`role_rights.csv` has every right; a test compares it with what the migrations grant. So a check
finds a right that is missing, and one that somebody has added.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import asyncpg

from docket_runtime.database import reachable

ROLES = {
    "ticket-api": "docket_ticket_api",
    "sla-clock": "docket_sla_clock",
    "notifier": "docket_notifier",
}
OTHER_ROLES = ("docket_auditor", "docket_access_reader")
OWNER = "docket_owner"

_ATTRIBUTES = """
    select r.rolname, r.rolcanlogin,
        array_remove(array[
            case when r.rolsuper then 'is superuser' end,
            case when r.rolcreaterole then 'may create roles' end,
            case when r.rolcreatedb then 'may create databases' end,
            case when r.rolreplication then 'may replicate' end,
            case when r.rolbypassrls then 'bypasses row security' end,
            case when pg_has_role(r.oid, o.oid, 'member') then 'is member of docket_owner' end,
            case when has_schema_privilege(r.oid, n.oid, 'create')
                then 'may create in the schema docket' end
        ], null) as too_much
    from pg_roles as r, pg_roles as o, pg_namespace as n
    where r.rolname = any ($1) and o.rolname = 'docket_owner' and n.nspname = 'docket'
"""
_RIGHTS = """
    select r.rolname, c.relname::text, asked.privilege
    from pg_roles as r, pg_class as c,
        unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'])
            as asked (privilege)
    where r.rolname = any ($1) and c.relnamespace = 'docket'::regnamespace
        and c.relkind in ('r', 'p', 'v', 'm') and has_table_privilege(r.oid, c.oid, asked.privilege)
    union all
    select r.rolname, c.relname, asked.privilege
    from pg_roles as r, pg_class as c,
        unnest(array['usage', 'select', 'update']) as asked (privilege)
    where r.rolname = any ($1) and c.relnamespace = 'docket'::regnamespace
        and c.relkind = 'S' and has_sequence_privilege(r.oid, c.oid, asked.privilege)
    union all
    select r.rolname, p.proname, 'execute'
    from pg_roles as r, pg_proc as p
    where r.rolname = any ($1) and p.pronamespace = 'docket'::regnamespace
        and has_function_privilege(r.oid, p.oid, 'execute')
"""


class Right(NamedTuple):
    """What a role may do to a table, a sequence or a function of the schema docket."""

    role: str
    what: str
    privilege: str

    def __str__(self) -> str:
        return f"{self.privilege} on docket.{self.what}"


@dataclass(frozen=True, slots=True)
class RoleState:
    """What is wrong with a role: all empty where it is as the migrations make it."""

    role: str
    is_there: bool
    may_log_in: bool
    too_much: tuple[str, ...]
    missing: tuple[Right, ...]


@cache
def wanted_rights() -> frozenset[Right]:
    """Return every right that the migrations grant to a role of ours."""
    file = files("docket_runtime.schema").joinpath("role_rights.csv")
    with file.open(encoding="utf-8") as lines:
        return frozenset(Right(**row) for row in csv.DictReader(lines))


async def stored_rights(connection: asyncpg.Connection, roles: list[str]) -> frozenset[Right]:
    """Return every right that these roles have in the schema docket; raise Unavailable."""
    with reachable():
        return frozenset(Right(*row) for row in await connection.fetch(_RIGHTS, roles))


async def role_states(connection: asyncpg.Connection, roles: list[str]) -> list[RoleState]:
    """Return the state of each role in a migrated database; raise Unavailable."""
    with reachable():
        found = {row[0]: row for row in await connection.fetch(_ATTRIBUTES, roles)}
    stored = await stored_rights(connection, roles)
    states = []
    for role in roles:
        wanted = {each for each in wanted_rights() if each.role == role}
        has = {each for each in stored if each.role == role}
        row = found.get(role)
        states.append(
            RoleState(
                role,
                row is not None,
                row is not None and row["rolcanlogin"],
                (*(row["too_much"] if row else ()), *map(str, sorted(has - wanted))),
                tuple(sorted(wanted - has)) if row else (),
            )
        )
    return states
