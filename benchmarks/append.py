"""Appending one event a command, held against inserting one row a transaction and nothing else.

Ours is everything: expected version, idempotency record, dense position, hash chain, read model.
The floors insert the same event, in the same columns, into a table with the same unique indexes:
by pgbench as it comes (each insert parsed and planned) and with prepared statements, by asyncpg
(which prepares) and by SQLAlchemy Core, each writer on a connection of its own. All that is written
is made before the clock starts. The goal is held against pgbench as it comes; the harder floor is
shown beside it.
"""

import asyncio
import gc
import re
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from time import perf_counter
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import uvloop
from msgspec import structs
from sqlalchemy import MetaData, func, insert, text
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.figures import Effort, Figure, Subject, against, by_turns, interleave
from benchmarks.servers import BenchDatabase, Servers
from docket_devstack import postgres
from docket_devstack.processes import run as run_program
from docket_events import codec
from docket_events.ids import in_partition
from docket_events.recorded import Actor, Event
from docket_events.ticket import ContentRef, TicketCreated, UserCommented
from docket_lifecycle.state.ticket import Ticket
from docket_runtime.clock import wall_clock
from docket_runtime.database import Database
from docket_runtime.new_ids import new_id
from docket_runtime.schema.tables import events as events_table
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
COMMENT = UserCommented(ContentRef(new_id(), "5e" * 32))
BODY = codec.encode(COMMENT)
HASH = bytes(32)

_BARE = """
    create table docket.bare_events (like docket.events including all);
    create sequence docket.bare_positions;
"""
_INSERT = f"""
    insert into docket.bare_events values (0, nextval('docket.bare_positions'), {{}}, 1, {{}},
    'UserCommented', 1, '\\x{BODY.hex()}', now(), now(), 'customer', 'ann', null, {{}}, null,
    '\\x{HASH.hex()}')
"""  # noqa: S608 - made of constants
_bare_events = events_table.to_metadata(MetaData(), name="bare_events")

Rounds = Mapping[str, tuple[float, ...]]
Share = TypeVar("Share")


def run(servers: Servers, effort: Effort) -> Subject:
    """Measure events a second at 1, 8, 32 and 128 writers."""
    figures: list[Figure] = []
    for writers, usual in EVENTS.items():
        each = effort.of(usual, least=writers * 50) // writers
        with servers.database() as database:  # a log of its own: none begins with another's rows
            servers.execute(database, _BARE)
            contenders: dict[str, Callable[[], float]] = {
                PGBENCH: partial(_pgbench, servers, database, "simple", writers, each),
                PREPARED: partial(_pgbench, servers, database, "prepared", writers, each),
                ASYNCPG: partial(_in_python, _asyncpg, database, writers, each),
                CORE: partial(_in_python, _core, database, writers, int(each * CORE_SHARE)),
                OURS: partial(_in_python, _ours, database, writers, each),
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


def _pgbench(
    servers: Servers, database: BenchDatabase, protocol: str, writers: int, each: int
) -> float:
    script = servers.folder / "insert.sql"
    new = "uuidv7()" if _version(servers) >= 18 else "gen_random_uuid()"
    script.write_text(" ".join(_INSERT.format(new, new, new).split()) + ";\n")
    where = ["-h", "127.0.0.1", "-p", str(servers.cluster.port), "-U", "postgres", database.name]
    how = ["-n", "-M", protocol, "-f", str(script)]
    work = ["-c", str(writers), "-j", str(min(writers, 2)), "-t", str(each)]
    done = run_program([postgres.binary("pgbench"), *how, *work, *where])
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode != 0 or found is None:
        raise RuntimeError(f"pgbench failed: {done.stdout}")
    return float(found[1])


def _version(servers: Servers) -> int:
    return int((servers.cluster.folder / "data" / "PG_VERSION").read_text())


def _in_python(
    write: Callable[[str, int, int], Coroutine[Any, Any, float]],
    database: BenchDatabase,
    writers: int,
    each: int,
) -> float:
    """Return the events a second, under the loop and the collector's settings of the services."""
    gc.set_threshold(50_000)
    try:
        return uvloop.run(write(database.url(), writers, each))
    finally:
        gc.unfreeze()


async def _a_second(writers: list[Coroutine[Any, Any, int]]) -> float:
    gc.collect()
    gc.freeze()  # what is to be written is not rubbish that the writers have left
    began = perf_counter()
    written = sum(await asyncio.gather(*writers))
    return written / (perf_counter() - began)


def _in_order_of_use(shares: Sequence[Iterator[Share]]) -> list[tuple[Share, ...]]:
    """Return what each writer is to write, made a turn of all writers at a time.

    So ids rise in the order in which they are used, as those of a service do that makes each when
    it needs it, and those that pgbench has the server make.
    """
    return list(zip(*zip(*shares, strict=True), strict=True))


async def _ours(url: str, writers: int, each: int) -> float:
    appender = Appender(Database(url.replace("postgres@", "docket_ticket_api@"), "bench"))
    shares = _in_order_of_use([appends(each) for _ in range(writers)])

    async def write(share: Sequence[Append]) -> int:
        for append in share:
            assert isinstance(await appender.append(append), Appended)
        return len(share)

    await asyncio.gather(*(write(list(appends(1))) for _ in range(writers)))  # connect and prepare
    speed = await _a_second([write(share) for share in shares])
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
        command = CommandRecord("ann", str(new_id()), HASH, ticket.id, 200, after.version, b"{}")
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


async def _asyncpg(url: str, writers: int, each: int) -> float:
    statement = _INSERT.format("$1", "$2", "$3")

    async def write(connection: asyncpg.Connection, ids: Sequence[tuple[UUID, ...]]) -> int:
        for row in ids:
            await connection.execute(statement, *row)
        return len(ids)

    connections = [await asyncpg.connect(url) for _ in range(writers)]
    shares = _in_order_of_use([_ids(each) for _ in range(writers)])
    for connection in connections:
        await write(connection, list(_ids(1)))  # prepare
    speed = await _a_second([write(*pair) for pair in zip(connections, shares, strict=True)])
    for connection in connections:
        await connection.close()
    return speed


async def _core(url: str, writers: int, each: int) -> float:
    engine = create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://"), pool_size=writers, max_overflow=0
    )
    position = func.nextval(text("'docket.bare_positions'"))
    statement = insert(_bare_events).values(position=position)

    async def write(rows: Sequence[dict[str, Any]]) -> int:
        for row in rows:
            async with engine.begin() as connection:
                await connection.execute(statement, row)
        return len(rows)

    shares = _in_order_of_use([_rows(each) for _ in range(writers)])
    await asyncio.gather(*(write(list(_rows(1))) for _ in range(writers)))  # connect and prepare
    speed = await _a_second([write(share) for share in shares])
    await engine.dispose()
    return speed


def _rows(count: int) -> Iterator[dict[str, Any]]:
    for ticket_id, event_id, correlation_id in _ids(count):
        at = wall_clock()
        yield {
            "partition": 0,
            "ticket_id": ticket_id,
            "version": 1,
            "event_id": event_id,
            "type": "UserCommented",
            "schema_version": 1,
            "body": BODY,
            "occurred_at": at,
            "recorded_at": at,
            "actor_kind": "customer",
            "actor_id": "ann",
            "on_behalf_of": None,
            "correlation_id": correlation_id,
            "causation_id": None,
            "hash": HASH,
        }


def _ids(count: int) -> Iterator[tuple[UUID, ...]]:
    """Make the three ids of a row of the floor, for each row."""
    for _ in range(count):
        yield new_id(), new_id(), new_id()
