"""A log of several partitions that is written while somebody reads it."""

import asyncpg

from chronicle import utc
from docket_events.ids import in_partition, partition_of_account
from docket_events.recorded import Fact
from docket_events.ticket import UserCommented
from docket_lifecycle.state.fold import evolve, fold
from docket_runtime.database import Database
from docket_runtime.new_ids import new_id
from docket_runtime.store.append import Appender
from docket_runtime.store.values import Append, Appended, NewEvent, StreamAppend
from people import ANN, created

PARTITIONS = 4
AT = utc("2026-06-08T11:00:00")


class Writer:
    """Writes comments on tickets of many accounts, as fast as it is let."""

    def __init__(self, database) -> None:
        self._appender = Appender(
            Database(database.url("docket_ticket_api"), "writer", may_lose=True)
        )
        self._tickets = {}
        self._last = {}

    async def open(self, number: int) -> None:
        account = f"account {number % 10}"
        ticket_id = in_partition(new_id(), partition_of_account(account, PARTITIONS))
        event = created(number=str(number), account_id=account)
        self._tickets[number] = fold(ticket_id, [Fact(event, AT)])
        await self._write(number, None, event)

    async def comment(self, number: int) -> None:
        before = self._tickets[number]
        event = UserCommented()
        self._tickets[number] = evolve(before, Fact(event, AT))
        await self._write(number, before, event)

    async def close(self) -> None:
        await self._appender.close()

    async def _write(self, number, before, event) -> None:
        after = self._tickets[number]
        stream = StreamAppend(
            after.id, before.version if before else 0, (NewEvent(new_id(), event, AT),), after
        )
        partition = partition_of_account(after.account_id, PARTITIONS)
        outcome = await self._appender.append(Append(partition, (stream,), ANN, new_id()))
        assert isinstance(outcome, Appended)


async def the_log(database) -> list[tuple[str, int]]:
    connection = await asyncpg.connect(database.url())
    rows = await connection.fetch(
        "select ticket_id::text, version from docket.events order by ticket_id, version"
    )
    await connection.close()
    return [tuple(row) for row in rows]


async def opened(http, **more) -> str:
    """Open a ticket and return its id."""
    body = {"product": "VMmanager 6", "subject": "Nodes", "description": "None answers.", **more}
    answer = await http.post("/v1/tickets", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]
