"""What the code knows and the database must: who may write which event, and kinds of content.

Every upgrade copies it into the database, so that a new event type needs a row in the code's table
and `docket migrate`, and no migration of its own (decision 0031).
"""

import json

import asyncpg
from sqlalchemy import Connection

from docket_events.contents import CONTENT_KINDS
from docket_events.writers import EventWriter, event_writers
from docket_runtime.database import reachable

_COLUMNS = ", ".join(EventWriter._fields)
_FILL = (
    f"""
    with said as (
        select {_COLUMNS}
        from jsonb_to_recordset($1::text::jsonb) as x (
            writer text, actor_kind text, actor_id text, type text, schema_version smallint)
    ), gone as (
        delete from docket.event_writers as w
        where not exists (
            select from said as s
            where (s.type, s.actor_kind, s.writer) = (w.type, w.actor_kind, w.writer))
    )
    insert into docket.event_writers ({_COLUMNS}) select {_COLUMNS} from said
    on conflict (type, actor_kind, writer) do update
    set (actor_id, schema_version) = (excluded.actor_id, excluded.schema_version)
    where (event_writers.actor_id, event_writers.schema_version)
        is distinct from (excluded.actor_id, excluded.schema_version)
    """,  # noqa: S608 - made of field names of ours
    """
    insert into docket.content_kinds
    select kind from jsonb_array_elements_text($1::text::jsonb) as kind
    on conflict do nothing
    """,
)
_STORED = f"select {_COLUMNS} from docket.event_writers"  # noqa: S608 - made of field names of ours


def copy_to_database(connection: Connection) -> None:
    """Copy it into the database, in the caller's transaction, as the owner of the schema."""
    connection.exec_driver_sql("set local role docket_owner")
    writers = json.dumps([each._asdict() for each in event_writers()])
    for statement, words in zip(_FILL, (writers, json.dumps(CONTENT_KINDS)), strict=True):
        connection.exec_driver_sql(statement, (words,))
    connection.exec_driver_sql("reset role")


async def missing_writers(connection: asyncpg.Connection) -> frozenset[EventWriter]:
    """Return what this code may write and the database refuses; raise Unavailable."""
    with reachable():
        stored = {EventWriter(*row) for row in await connection.fetch(_STORED)}
    return frozenset(event_writers()) - stored
