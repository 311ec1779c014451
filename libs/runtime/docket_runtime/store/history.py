"""Reading histories: the events of tickets, many tickets a query.

Decisions need less of each event than views do, and reading costs more than deciding; so there are
histories and facts (decision 0022).
"""

from asyncio import Future, gather
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

import asyncpg

from docket_events.ids import partition_of_ticket
from docket_events.recorded import Fact, Recorded
from docket_runtime.batcher import Batcher
from docket_runtime.database import Database, reachable
from docket_runtime.store.rows import EVENT_COLUMNS, FACT_COLUMNS, fact, recorded
from docket_runtime.unavailable import Unavailable

MOST_TOGETHER = 256

History = tuple[Recorded, ...]
Facts = tuple[Fact, ...]

Read = TypeVar("Read")
"""What is read of an event: everything recorded, or the fact."""


class _Reading(NamedTuple, Generic[Read]):
    """The query that reads events, and what is made of each row."""

    query: str
    made: Callable[[asyncpg.Record], Read]


def _query(columns: Sequence[str]) -> str:
    # Lateral, so that no plan made while the log was still empty reads all of it later.
    return f"""
        select {", ".join(columns)}, n
        from unnest($2::uuid[], $3::integer[]) with ordinality as wanted (stream, after_version, n)
        cross join lateral (
            select {", ".join(dict.fromkeys((*columns, "version")))} from docket.events as e
            where e.partition = $1 and e.ticket_id = wanted.stream
                and e.version > wanted.after_version
            order by e.version
        ) as history
        order by n, version
    """  # noqa: S608 - made of column names of ours


_HISTORIES = _Reading(_query(EVENT_COLUMNS), recorded)
_FACTS = _Reading(_query(FACT_COLUMNS), fact)


class HistoryReader:
    """Reads histories for a process; those requested together are read together."""

    def __init__(self, database: Database) -> None:
        self._histories = _Readers(database, _HISTORIES)
        self._facts = _Readers(database, _FACTS)

    async def read(self, ticket_id: UUID, after_version: int = 0) -> History:
        """Return a ticket's events after `after_version`, in order; () if there are none.

        Raise Unavailable, or UnknownEventType for a history that this code cannot read.
        """
        return await self._histories.ask(ticket_id, after_version)

    async def facts_of(self, streams: Iterable[UUID]) -> list[Facts]:
        """Return the facts of each stream, in order; raise as `read` does."""
        return await gather(*[self._facts.ask(stream) for stream in streams])

    async def close(self) -> None:
        """Finish the reads under way; those that still wait get Unavailable."""
        await self._histories.close()
        await self._facts.close()


async def read_many(
    connection: asyncpg.Connection, partition: int, ticket_ids: Sequence[UUID]
) -> dict[UUID, History]:
    """Return the whole history of each of these tickets of one partition.

    Raise Unavailable, or UnknownEventType where one of them cannot be read.
    """
    rows = await _read(connection, _HISTORIES.query, partition, dict.fromkeys(ticket_ids, 0))
    return {ticket_id: tuple(map(recorded, rows[ticket_id])) for ticket_id in ticket_ids}


class _Readers(Generic[Read]):
    """A reader for each partition, made when it is first used."""

    def __init__(self, database: Database, reading: _Reading[Read]) -> None:
        self._database = database
        self._reading = reading
        self._partitions: dict[int, _PartitionReader[Read]] = {}

    def ask(self, stream: UUID, after_version: int = 0) -> Future[tuple[Read, ...]]:
        partition = partition_of_ticket(stream)
        reader = self._partitions.get(partition)
        if reader is None:
            reader = _PartitionReader(self._database, self._reading, partition)
            self._partitions[partition] = reader
        return reader.gather.ask((stream, after_version))

    async def close(self) -> None:
        for reader in self._partitions.values():
            await reader.close()


class _PartitionReader(Generic[Read]):
    """Batches the reads of one partition and makes them on a connection of its own."""

    def __init__(self, database: Database, reading: _Reading[Read], partition: int) -> None:
        self._database = database
        self._reading = reading
        self._partition = partition
        self._connection: asyncpg.Connection | None = None
        self.gather = Batcher[tuple[UUID, int], tuple[Read, ...]](
            self._read_together, limit=MOST_TOGETHER
        )

    async def close(self) -> None:
        await self.gather.close()
        if self._connection is not None:
            self._connection.terminate()

    async def _read_together(
        self, questions: Sequence[tuple[UUID, int]]
    ) -> Sequence[tuple[Read, ...] | Exception]:
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._database.connect()
        wanted: dict[UUID, int] = {}
        for stream, after in questions:
            wanted[stream] = min(after, wanted.get(stream, after))
        try:
            rows = await _read(self._connection, self._reading.query, self._partition, wanted)
        except Unavailable:
            self._connection.terminate()
            self._connection = None
            raise
        found = {stream: _made(self._reading, rows[stream]) for stream in wanted}
        return [_behind(after - wanted[stream], found[stream]) for stream, after in questions]


def _behind(events: int, told: tuple[Read, ...] | Exception) -> tuple[Read, ...] | Exception:
    """Return the events without the first ones; versions have no gap."""
    return told if isinstance(told, Exception) or not events else told[events:]


def _made(reading: _Reading[Read], rows: Sequence[asyncpg.Record]) -> tuple[Read, ...] | Exception:
    try:
        return tuple(map(reading.made, rows))
    except Exception as fault:  # raised to the caller who asked for this ticket
        return fault


async def _read(
    connection: asyncpg.Connection, query: str, partition: int, wanted: Mapping[UUID, int]
) -> dict[UUID, list[asyncpg.Record]]:
    with reachable():
        rows = await connection.fetch(query, partition, list(wanted), list(wanted.values()))
    found: list[list[asyncpg.Record]] = [[] for _ in wanted]
    for row in rows:
        found[row["n"] - 1].append(row)
    return dict(zip(wanted, found, strict=True))
