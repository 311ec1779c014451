"""Appending one event a command, held against inserting one row a transaction and nothing else.

Ours is everything: expected version, idempotency record, dense position, hash chain, read model.
The floors are in append_floors. All that is written is made before the clock starts. The goal is
held against pgbench as it comes; the harder floor is shown beside it.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from msgspec import structs

from benchmarks.append_floors import BARE_TABLE, COMMENT, HASH, by_asyncpg, by_core, by_pgbench
from benchmarks.figures import Effort, Figure, Subject, against, by_turns, interleave
from benchmarks.servers import Servers
from benchmarks.writers import a_second, in_order_of_use, in_python
from docket_events.ids import digest_of, in_partition
from docket_events.recorded import Actor, Event
from docket_events.ticket import TicketCreated
from docket_lifecycle.state.ticket import Ticket
from docket_runtime.clock import wall_clock
from docket_runtime.database import Database
from docket_runtime.new_ids import new_id
from docket_runtime.store.append import Appender
from docket_runtime.store.values import Append, Appended, CommandRecord, NewEvent, StreamAppend

EVENTS = {1: 2_000, 8: 12_000, 32: 24_000, 128: 36_000}  # of a round, by writers
WITH_GOALS = 32  # writers; measured in twice as many rounds as the others
CORE_SHARE = 0.5  # the slow one is measured with less
EVENTS_OF_A_TICKET = 10

PGBENCH, PREPARED = "pgbench, inserts", "pgbench, prepared inserts"
ASYNCPG, CORE = "asyncpg, inserts", "SQLAlchemy Core, inserts"
OURS = "docket append"
GOAL_OF_PGBENCH, GOAL_OF_CORE = 1.1, 5.0

ANN = Actor("customer", "ann")


Rounds = Mapping[str, tuple[float, ...]]


def run(servers: Servers, effort: Effort) -> Subject:
    """Measure events a second at 1, 8, 32 and 128 writers."""
    figures: list[Figure] = []
    for writers, usual in EVENTS.items():
        each = effort.of(usual, least=writers * 50) // writers
        with servers.database() as database:  # a log of its own: none begins with another's rows
            servers.execute(database, BARE_TABLE)
            contenders: dict[str, Callable[[], float]] = {
                PGBENCH: partial(by_pgbench, servers, database, "simple", writers, each),
                PREPARED: partial(by_pgbench, servers, database, "prepared", writers, each),
                ASYNCPG: partial(in_python, by_asyncpg, database, writers, each),
                CORE: partial(in_python, by_core, database, writers, int(each * CORE_SHARE)),
                OURS: partial(in_python, _ours, database, writers, each),
            }
            rounds = effort.rounds * 2 if writers == WITH_GOALS else effort.rounds
            figures += _figures(writers, interleave(contenders, rounds))
    return Subject("append", tuple(figures))


def _figures(writers: int, rounds: Rounds) -> Iterator[Figure]:
    goals = {OURS: GOAL_OF_PGBENCH} if writers == WITH_GOALS else {}
    for figure in against(PGBENCH, rounds, "events/s", goals):
        yield replace(figure, name=f"{writers} writers: {figure.name}")
    goals = {CORE: GOAL_OF_CORE} if writers == WITH_GOALS else {}
    for floor in (PREPARED, CORE):
        ratio = by_turns(rounds[OURS], rounds[floor])
        name = f"{writers} writers: {OURS}"
        yield Figure(name, "events/s", rounds[OURS], floor, ratio, goals.get(floor))


async def _ours(url: str, writers: int, each: int) -> float:
    appender = Appender(Database(url.replace("postgres@", "docket_ticket_api@"), "bench"))
    shares = in_order_of_use([appends(each) for _ in range(writers)])

    async def write(share: Sequence[Append]) -> int:
        for append in share:
            assert isinstance(await appender.append(append), Appended)
        return len(share)

    await asyncio.gather(*(write(list(appends(1))) for _ in range(writers)))  # connect and prepare
    speed = await a_second([write(share) for share in shares])
    await appender.close()
    return speed


def appends(count: int) -> Iterator[Append]:
    """Make appends of one event each, to new tickets of ten events."""
    at = wall_clock()
    for n in range(count):
        if n % EVENTS_OF_A_TICKET == 0:
            ticket = _new_ticket(at)
            event: Event = TicketCreated(
                ticket.number, "acme", "ann", "api", ticket.product, "Low", "regulations", "R"
            )
        after = structs.replace(ticket, version=ticket.version + 1)
        new = (NewEvent(new_id(), event, at),)
        stream = StreamAppend(ticket.id, ticket.version, new, after)
        command = CommandRecord(
            digest_of("ann", str(new_id())), HASH, ticket.id, 200, after.version
        )
        yield Append(0, (stream,), ANN, new_id(), command=command)
        ticket, event = after, COMMENT


def _new_ticket(at: datetime) -> Ticket:
    ticket_id = in_partition(new_id(), 0)
    return Ticket(
        id=ticket_id,
        version=0,
        number=str(ticket_id),
        account_id="acme",
        requester_id="ann",
        channel="api",
        product="VMmanager 6",
        pack="regulations",
        revision="R-2025-03-27",
        priority="Low",
        created_at=at,
        updated_at=at,
    )
