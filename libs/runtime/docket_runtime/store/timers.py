"""Timers: rows that say what has to happen when an instant comes.

They are in the database and not in a broker or a process, so they survive both. A due timer is
taken under a row lock: another process skips it, and gets it at once if this one dies.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import asyncpg

from docket_runtime.database import reachable

_REPLACE = """
    with armed as (
        select * from unnest($3::uuid[], $4::text[], $5::text[], $6::timestamptz[],
            $7::timestamptz[], $8::text[], $9::integer[])
            as t (ticket_id, name, key, fires_at, due_at, clause, version)
    ), dropped as (
        delete from docket.timers as old
        where old.partition = $1 and old.owner = $2 and old.ticket_id = any ($10::uuid[])
            and not exists (
                select from armed where armed.ticket_id = old.ticket_id
                    and armed.name = old.name and armed.key = old.key)
    )
    insert into docket.timers
        (partition, ticket_id, owner, name, key, fires_at, due_at, clause, version)
    select $1, ticket_id, $2, name, key, fires_at, due_at, clause, version from armed
    on conflict (partition, ticket_id, owner, name, key) do update
    set (fires_at, due_at, clause, version) =
        (excluded.fires_at, excluded.due_at, excluded.clause, excluded.version)
"""

# The present is asked once, in a sub-select: a volatile function could not use the index.
_TAKE_DUE = """
    select partition, ticket_id, owner, name, key, fires_at, due_at, clause, version
    from docket.timers
    where owner = $1 and fires_at <= (select docket.present())
    order by fires_at limit $2
    for update skip locked
"""

_DELETE = """
    delete from docket.timers
    where partition = $1 and ticket_id = $2 and owner = $3 and name = $4 and key = $5
"""


class Armed(Protocol):
    """A timer that the policies compute."""

    @property
    def name(self) -> str: ...

    @property
    def key(self) -> str: ...

    @property
    def fires_at(self) -> datetime: ...

    @property
    def due_at(self) -> datetime | None: ...

    @property
    def clause(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A timer whose instant has come; `version` is the ticket's when the timer was decided."""

    partition: int
    ticket_id: UUID
    owner: str
    name: str
    key: str
    fires_at: datetime
    due_at: datetime | None
    clause: str | None
    version: int


async def replace(
    connection: asyncpg.Connection,
    partition: int,
    ticket_id: UUID,
    owner: str,
    timers: Sequence[Armed],
    version: int,
) -> None:
    """Replace the owner's timers of a ticket by these, decided at its version.

    Raise Unavailable.
    """
    await replace_many(connection, partition, owner, {ticket_id: (version, timers)})


async def replace_many(
    connection: asyncpg.Connection,
    partition: int,
    owner: str,
    armed: Mapping[UUID, tuple[int, Sequence[Armed]]],
) -> None:
    """Replace the owner's timers of each of the tickets by these; raise Unavailable.

    A ticket's timers come with the version of the ticket at which they were decided.
    """
    rows = [
        (ticket_id, t.name, str(t.key), t.fires_at, t.due_at, t.clause, version)
        for ticket_id, (version, timers) in armed.items()
        for t in timers
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(7)]
    with reachable():
        await connection.execute(_REPLACE, partition, owner, *columns, list(armed))


async def take_due(connection: asyncpg.Connection, owner: str, limit: int) -> tuple[DueTimer, ...]:
    """Lock and return the owner's timers that are due, earliest first, `limit` at most.

    They stay locked until the caller's transaction ends and are due again unless it deletes them.
    A timer is due at `fires_at`, never earlier by the database's present. Raise Unavailable.
    """
    with reachable():
        rows = await connection.fetch(_TAKE_DUE, owner, limit)
    return tuple(DueTimer(*row) for row in rows)


async def delete(connection: asyncpg.Connection, timers: Sequence[DueTimer]) -> None:
    """Delete timers that have fired; raise Unavailable."""
    with reachable():
        await connection.executemany(
            _DELETE, [(t.partition, t.ticket_id, t.owner, t.name, t.key) for t in timers]
        )
