"""The rows of the table `tickets`, written by hand: an append writes them otherwise."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.dialects import postgresql

from docket_runtime.database import reachable
from docket_runtime.schema.tables import tickets

_TYPES: Mapping[str, str] = {
    column.name: column.type.compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
    for column in tickets.columns
    if column.name not in tickets.primary_key.columns
}
_NAMES = ", ".join(_TYPES)
_WRITE = f"""
    insert into docket.tickets as stored (partition, ticket_id, {_NAMES})
    select $1, * from unnest($2::uuid[],
        {", ".join(f"${n}::{type_}[]" for n, type_ in enumerate(_TYPES.values(), 3))})
    on conflict (partition, ticket_id) do update set
        ({_NAMES}) = ({", ".join(f"excluded.{name}" for name in _TYPES)})
    where ({", ".join(f"stored.{name}" for name in _TYPES)})
        is distinct from ({", ".join(f"excluded.{name}" for name in _TYPES)})
    returning ticket_id
"""  # noqa: S608 - made of column names of ours


async def write_tickets(
    connection: asyncpg.Connection, partition: int, rows: Mapping[UUID, Mapping[str, Any]]
) -> set[UUID]:
    """Write the rows of these tickets, and return those of which another or none was stored.

    As the owner of the schema, under the lock of the partition. Raise Unavailable.
    """
    ticket_ids = sorted(rows)
    columns = [[rows[ticket_id][name] for ticket_id in ticket_ids] for name in _TYPES]
    with reachable():
        written = await connection.fetch(_WRITE, partition, ticket_ids, *columns)
    return {row[0] for row in written}
