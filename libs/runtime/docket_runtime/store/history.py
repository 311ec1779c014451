"""Reading histories: the events of tickets, many tickets a query.

Decisions need less of each event than views do, and reading costs more than deciding; so there are
histories and facts (decision 0022).
"""

from asyncio import gather
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar
from uuid import UUID

import asyncpg

from docket_events.ids import is_account, partition_of_ticket
from docket_events.recorded import Fact, Recorded
from docket_runtime.batcher import Batcher
from docket_runtime.connection import ConnectionPool
from docket_runtime.database import Database, reachable
from docket_runtime.store.rows import EVENT_COLUMNS, FACT_COLUMNS, fact, recorded

MOST_TOGETHER = 256
CONNECTIONS = 6

History = tuple[Recorded, ...]
Facts = tuple[Fact, ...]

Read = TypeVar("Read")
"""What is read of an event: everything recorded, or the fact."""

Question = tuple[UUID, int, str | None]
"""A stream, the version after which its events are wanted, and whose ticket it has to be."""

Whose = tuple[UUID, str | None]
"""A stream, and whose ticket it has to be."""


def _query(columns: Sequence[str]) -> str:
    # Lateral, so that no plan made while the log was still empty reads all of it later. Whose it is
    # comes before what happened, so that a ticket of others costs what a missing one costs.
    return f"""
        select {", ".join(columns)}, n
        from unnest($2::uuid[], $3::integer[], $4::text[]) with ordinality
            as wanted (stream, after_version, account, n)
        cross join lateral (
            select {", ".join(dict.fromkeys((*columns, "version")))} from docket.events as e
            where e.partition = $1 and e.ticket_id = wanted.stream
                and e.version > wanted.after_version
                and (wanted.account is null or wanted.account = (
                    select t.account_id from docket.tickets as t
                    where t.partition = $1 and t.ticket_id = wanted.stream
                ))
            order by e.version
        ) as history
        order by n, version
    """  # noqa: S608 - made of column names of ours


_HISTORIES = _query(EVENT_COLUMNS)
_FACTS = _query(FACT_COLUMNS)


class HistoryReader:
    """Reads histories for a process; those requested together are read together.

    However many partitions there are, it has `connections` at most.
    """

    def __init__(self, database: Database, *, connections: int = CONNECTIONS) -> None:
        self._connections = ConnectionPool(database, connections)
        self._histories = defaultdict[int, _PartitionReader[Recorded]](
            lambda: _PartitionReader(self._connections, _HISTORIES, recorded)
        )
        self._facts = defaultdict[int, _PartitionReader[Fact]](
            lambda: _PartitionReader(self._connections, _FACTS, fact)
        )

    async def read(
        self, ticket_id: UUID, after_version: int = 0, account: str | None = None
    ) -> History:
        """Return a ticket's events after `after_version`, in order; () if there are none.

        With `account` a ticket of another account has none. Raise Unavailable, or UnknownEventType
        for a history that this code cannot read.
        """
        reader = self._histories[partition_of_ticket(ticket_id)]
        return await reader.batcher.ask((ticket_id, after_version, account))

    async def facts_of(self, streams: Iterable[UUID], account: str | None = None) -> list[Facts]:
        """Return the facts of each stream, in order; raise as `read` does.

        With `account` tickets of other accounts have none; the stream of an account is nobody's
        ticket.
        """
        return await gather(
            *[
                self._facts[partition_of_ticket(each)].batcher.ask(
                    (each, 0, None if is_account(each) else account)
                )
                for each in streams
            ]
        )

    async def close(self) -> None:
        """Finish the reads under way; those that still wait get Unavailable."""
        for histories in self._histories.values():
            await histories.batcher.close()
        for facts in self._facts.values():
            await facts.batcher.close()
        self._connections.close()


async def read_many(
    connection: asyncpg.Connection, partition: int, ticket_ids: Sequence[UUID]
) -> dict[UUID, History]:
    """Return the whole history of each of these tickets of one partition.

    Raise Unavailable, or UnknownEventType where one of them cannot be read.
    """
    wanted: dict[Whose, int] = {(ticket_id, None): 0 for ticket_id in ticket_ids}
    rows = await _read(connection, _HISTORIES, partition, wanted)
    return {ticket_id: tuple(map(recorded, rows[ticket_id, None])) for ticket_id in ticket_ids}


class _PartitionReader(Generic[Read]):
    """Batches the reads of one partition."""

    def __init__(
        self, connections: ConnectionPool, query: str, made: Callable[[asyncpg.Record], Read]
    ) -> None:
        self._connections = connections
        self._query = query
        self._made = made
        self.batcher = Batcher[Question, tuple[Read, ...]](self._together, limit=MOST_TOGETHER)

    async def _together(
        self, questions: Sequence[Question]
    ) -> Sequence[tuple[Read, ...] | Exception]:
        wanted: dict[Whose, int] = {}
        for stream, after, account in questions:
            whose = (stream, account)
            wanted[whose] = min(after, wanted.get(whose, after))
        partition = partition_of_ticket(questions[0][0])
        async with self._connections.open() as connection:
            rows = await _read(connection, self._query, partition, wanted)
        found = {whose: self._decoded(rows[whose]) for whose in wanted}
        return [
            _behind(after - wanted[stream, account], found[stream, account])
            for stream, after, account in questions
        ]

    def _decoded(self, rows: Sequence[asyncpg.Record]) -> tuple[Read, ...] | Exception:
        try:
            return tuple(map(self._made, rows))
        except Exception as fault:  # raised to the caller who asked for this ticket
            return fault


def _behind(events: int, told: tuple[Read, ...] | Exception) -> tuple[Read, ...] | Exception:
    """Return the events without the first ones; versions have no gap."""
    return told if isinstance(told, Exception) or not events else told[events:]


async def _read(
    connection: asyncpg.Connection, query: str, partition: int, wanted: Mapping[Whose, int]
) -> dict[Whose, list[asyncpg.Record]]:
    streams, accounts = [stream for stream, _ in wanted], [account for _, account in wanted]
    with reachable():
        rows = await connection.fetch(query, partition, streams, list(wanted.values()), accounts)
    found: list[list[asyncpg.Record]] = [[] for _ in wanted]
    for row in rows:
        found[row["n"] - 1].append(row)
    return dict(zip(wanted, found, strict=True))
