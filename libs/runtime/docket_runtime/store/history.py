"""Reading histories: the events of tickets, many tickets a query."""

from asyncio import Future, gather
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import asyncpg

from docket_events.ids import partition_of_ticket
from docket_events.recorded import Recorded
from docket_runtime.database import Database, reachable
from docket_runtime.gather import Gather
from docket_runtime.store.model import Unavailable
from docket_runtime.store.rows import EVENT_COLUMNS, recorded

MOST_TOGETHER = 256

# Lateral, so that no plan made while the log was still empty reads all of it later.
_READ = f"""
    select history.*
    from unnest($2::uuid[], $3::integer[]) with ordinality as wanted (ticket_id, after_version, n)
    cross join lateral (
        select {", ".join(EVENT_COLUMNS)} from docket.events as e
        where e.partition = $1 and e.ticket_id = wanted.ticket_id
            and e.version > wanted.after_version
        order by e.version
    ) as history
    order by wanted.n, history.version
"""  # noqa: S608 - made of column names of ours

History = tuple[Recorded, ...]


class Histories:
    """Reads the histories that a process asks for; those asked for together are read together."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._partitions: dict[int, _PartitionReader] = {}

    async def read(self, ticket_id: UUID, after_version: int = 0) -> History:
        """Return a ticket's events behind `after_version`, in order; () where there are none.

        Raise Unavailable, or UnknownEventType for a history that this code cannot read.
        """
        return await self._put(ticket_id, after_version)

    async def read_all(self, streams: Iterable[UUID]) -> list[History]:
        """Return the whole history of each stream, in their order; raise as `read` does."""
        return await gather(*[self._put(stream, 0) for stream in streams])

    def _put(self, ticket_id: UUID, after_version: int) -> Future[History]:
        partition = partition_of_ticket(ticket_id)
        reader = self._partitions.get(partition)
        if reader is None:
            reader = self._partitions[partition] = _PartitionReader(self._database, partition)
        return reader.gather.ask((ticket_id, after_version))

    async def close(self) -> None:
        """Finish the reads under way; those that still wait get Unavailable."""
        for reader in self._partitions.values():
            await reader.close()


async def read_many(
    connection: asyncpg.Connection, partition: int, ticket_ids: Sequence[UUID]
) -> dict[UUID, History]:
    """Return the whole history of each of these tickets of one partition.

    Raise Unavailable, or UnknownEventType where one of them cannot be read.
    """
    rows = await _read(connection, partition, dict.fromkeys(ticket_ids, 0))
    return {ticket_id: tuple(map(recorded, rows[ticket_id])) for ticket_id in ticket_ids}


class _PartitionReader:
    """Gathers the reads of one partition and makes them on a connection of its own."""

    def __init__(self, database: Database, partition: int) -> None:
        self._database = database
        self._partition = partition
        self._connection: asyncpg.Connection | None = None
        self.gather = Gather[tuple[UUID, int], History](self._read_together, limit=MOST_TOGETHER)

    async def close(self) -> None:
        await self.gather.close()
        if self._connection is not None:
            self._connection.terminate()

    async def _read_together(
        self, questions: Sequence[tuple[UUID, int]]
    ) -> Sequence[History | Exception]:
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._database.connect()
        wanted: dict[UUID, int] = {}
        for ticket_id, after in questions:
            wanted[ticket_id] = min(after, wanted.get(ticket_id, after))
        try:
            rows = await _read(self._connection, self._partition, wanted)
        except Unavailable:
            self._connection.terminate()
            self._connection = None
            raise
        found = {ticket_id: _history(rows[ticket_id]) for ticket_id in wanted}
        return [
            found[ticket_id] if after == wanted[ticket_id] else _behind(after, found[ticket_id])
            for ticket_id, after in questions
        ]


def _behind(version: int, history: History | Exception) -> History | Exception:
    if isinstance(history, Exception):
        return history
    return tuple(event for event in history if event.version > version)


def _history(rows: Sequence[asyncpg.Record]) -> History | Exception:
    try:
        return tuple(map(recorded, rows))
    except Exception as fault:  # raised to the one who asked for this ticket
        return fault


async def _read(
    connection: asyncpg.Connection, partition: int, wanted: Mapping[UUID, int]
) -> dict[UUID, list[asyncpg.Record]]:
    with reachable():
        rows = await connection.fetch(_READ, partition, list(wanted), list(wanted.values()))
    found: dict[UUID, list[asyncpg.Record]] = {ticket_id: [] for ticket_id in wanted}
    for row in rows:
        found[row["ticket_id"]].append(row)
    return found
