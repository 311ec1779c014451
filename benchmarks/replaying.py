"""The log verified and folded again: a million generated events on one core, in flat memory.

Verifying recomputes every hash from the stored columns; replaying folds every ticket and counts its
clock, and compares both with what is stored. Memory is what the measuring process held at most
while it went through the second half, against what it held at most in the first.
"""

import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from itertools import islice
from time import perf_counter

import asyncpg
import structlog
import uvloop

from benchmarks import histories
from benchmarks.apart import apart, most_memory
from benchmarks.figures import Effort, Figure, Subject
from benchmarks.servers import BenchDatabase, Servers
from docket_events.ids import in_partition
from docket_events.recorded import Actor, Fact
from docket_events.ticket import TicketCreated
from docket_lifecycle.state.fold import fold
from docket_runtime.database import Database
from docket_runtime.new_ids import new_id
from docket_runtime.projections.check import differences
from docket_runtime.proof.verification import verify_log
from docket_runtime.store.append import append_on
from docket_runtime.store.values import Append, NewEvent, StreamAppend
from sla_clock.clock_loop import ClockLoop

EVENTS, OF_A_TICKET, TICKETS_TOGETHER = 1_000_000, 20, 200
REPLAY_S, VERIFY_S = 120.0, 60.0
FLAT = 1.10

Going = Callable[[asyncpg.Connection, Callable[[int], None]], Awaitable[None]]


def run(servers: Servers, effort: Effort) -> Subject:
    """Measure the seconds and the memory of verifying and of replaying a log."""
    quiet = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=quiet)  # the clocks are counted before anything is measured
    events = effort.of(EVENTS)
    with servers.database() as database:
        uvloop.run(_write(database, events))
        uvloop.run(_count(database))
        figures = [
            *_figures("verify", database, _verified, events, VERIFY_S),
            *_figures("replay --all --check", database, _replayed, events, REPLAY_S),
        ]
    return Subject("replay", tuple(figures))


def _figures(
    name: str, database: BenchDatabase, going: Going, events: int, goal_s: float
) -> Iterator[Figure]:
    seconds, first, later = apart(_measured, database, going, events)
    allowed = goal_s * events / EVENTS
    yield Figure(
        f"{name}, {events:,} events",
        "events/s",
        (events / seconds,),
        floor=f"{EVENTS / goal_s:,.0f} events/s",
        ratio=seconds / allowed,
        goal=1.0,
        at_most=True,
    )
    yield Figure(
        f"{name}, most memory",
        "MiB",
        (later,),
        floor=f"{first:.0f} MiB after the first half",
        ratio=later / first,
        goal=FLAT,
        at_most=True,
    )


def _measured(database: BenchDatabase, going: Going, events: int) -> tuple[float, float, float]:
    return uvloop.run(_gone(database, going, events))


async def _gone(database: BenchDatabase, going: Going, events: int) -> tuple[float, float, float]:
    connection = await Database(database.url("docket_auditor"), "bench").connect()
    passed, half = 0, 0.0

    def told(more: int) -> None:
        nonlocal passed, half
        passed += more
        if passed >= events // 2 and not half:
            half = most_memory()

    began = perf_counter()
    await going(connection, told)
    seconds = perf_counter() - began
    await connection.close()
    if passed < events:
        raise ValueError(f"only {passed} of {events} events were read")
    return seconds, half, most_memory()


async def _verified(connection: asyncpg.Connection, told: Callable[[int], None]) -> None:
    async for fault in verify_log(connection, (), progress=lambda more, _: told(more)):
        raise ValueError(f"the log is damaged: {fault}")


async def _replayed(connection: asyncpg.Connection, told: Callable[[int], None]) -> None:
    async for difference in differences(connection, lambda _, more: told(more)):
        raise ValueError(f"the tables differ: {difference}")


async def _write(database: BenchDatabase, events: int) -> None:
    connection = await Database(database.url("docket_ticket_api"), "bench").connect()
    tickets = _tickets(events // OF_A_TICKET)
    while together := [*islice(tickets, TICKETS_TOGETHER)]:
        await append_on(connection, together)
    await connection.close()


async def _count(database: BenchDatabase) -> None:
    clocks = ClockLoop(Database(database.url("docket_sla_clock"), "bench"))
    while await clocks.step():
        pass
    await clocks.close()


def _tickets(many: int) -> Iterator[Append]:
    facts = histories.history(OF_A_TICKET)
    opened = facts[0].event
    assert isinstance(opened, TicketCreated), "a history begins with an opening"
    for n in range(many):
        ticket_id, number = in_partition(new_id(), 0), f"B-{n}"
        told = [Fact(replace(opened, number=number), facts[0].occurred_at), *facts[1:]]
        after = fold(ticket_id, told)
        assert after is not None, "a history makes a ticket"
        events = tuple(NewEvent(new_id(), fact.event, fact.occurred_at) for fact in told)
        stream = StreamAppend(ticket_id, 0, events, after)
        yield Append(0, (stream,), Actor("agent", "max"), new_id())
