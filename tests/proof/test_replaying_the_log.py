"""The whole log folded again: nothing differs, and whatever is made to differ is told."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from chronicle import Chronicle, utc
from docket_events.notice import RegistrationNoticeSent
from docket_events.ticket import PriorityChanged, TicketSuspended, UserReplied
from docket_runtime.database import Database
from docket_runtime.projections.check import Difference, differences
from people import ANN, created
from sla_clock.clock_loop import ClockLoop

NOTICE = UUID("00000000-0000-7000-8000-000000000001")


async def some_tickets(chronicle: Chronicle, many: int) -> list[Any]:
    return [
        await chronicle.ticket(
            ("2026-06-08T09:00:00", created(number=f"DKT-{n}")),
            ("2026-06-08T09:10:00", RegistrationNoticeSent(utc("2026-06-08T09:10:00"), NOTICE)),
            ("2026-06-08T09:30:00", PriorityChanged("High")),
            ("2026-06-08T11:00:00", UserReplied()),
        )
        for n in range(many)
    ]


async def count(database: Any) -> None:
    clocks = ClockLoop(Database(database.url("docket_sla_clock"), "sla-clock", may_lose=True))
    while await clocks.step():
        pass
    await clocks.close()


async def found(database: Any) -> tuple[list[Difference], int]:
    connection = await asyncpg.connect(database.url("docket_auditor"))
    events = 0

    def passed(_tickets: int, of_them: int) -> None:
        nonlocal events
        events += of_them

    try:
        return [each async for each in differences(connection, passed)], events
    finally:
        await connection.close()


async def test_nothing_differs_whether_the_clocks_have_read_all_or_not(
    database: Any, chronicle: Chronicle
) -> None:
    assert await found(database) == ([], 0)
    one, *_ = await some_tickets(chronicle, 3)
    assert await found(database) == ([], 12)
    await count(database)
    assert await found(database) == ([], 12)
    await chronicle.then(one, ("2026-06-08T11:30:00", TicketSuspended("ann")), actor=ANN)
    assert await found(database) == ([], 13)
    await count(database)
    assert await found(database) == ([], 13)


@pytest.mark.parametrize(
    ("change", "table", "column"),
    [
        (
            "update docket.tickets set priority = 'Low' where number = 'DKT-1'",
            "tickets",
            "priority",
        ),
        ("update docket.tickets set version = 3 where number = 'DKT-1'", "tickets", "version"),
        ("update docket.clocks set due_at = due_at + interval '1 s'", "clocks", "due_at"),
        ("update docket.clocks set overdue = not overdue", "clocks", "overdue"),
        ("delete from docket.clocks", "clocks", "row"),
        ("delete from docket.tickets where number = 'DKT-1'", "tickets", "row"),
        (
            "insert into docket.clocks select partition, gen_random_uuid(), version, turn, state,"
            " priority, clause, due_at, budget_s, consumed_s, overdue, ended_at, counted_at"
            " from docket.clocks limit 1",
            "clocks",
            "row",
        ),
    ],
)
async def test_what_is_not_as_the_log_says_is_told(
    database: Any, chronicle: Chronicle, change: str, table: str, column: str
) -> None:
    await some_tickets(chronicle, 2)
    await count(database)
    connection = await asyncpg.connect(database.url())
    await connection.execute(change)
    await connection.close()

    told, _ = await found(database)
    assert {(each.table, each.column) for each in told} == {(table, column)}
