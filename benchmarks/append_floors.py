"""The floors of an append: one row a transaction and nothing else.

They insert the same event, in the same columns, into a table with the same unique indexes: by
pgbench as it comes (each insert parsed and planned) and with prepared statements, by asyncpg (which
prepares) and by SQLAlchemy Core, each writer on a connection of its own.
"""

import asyncio
import re
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import MetaData, func, insert, text
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.servers import BenchDatabase, Servers
from benchmarks.writers import a_second, in_order_of_use
from docket_devstack import postgres
from docket_devstack.processes import run as run_program
from docket_events import codec
from docket_events.ticket import ContentRef, UserCommented
from docket_runtime.clock import wall_clock
from docket_runtime.new_ids import new_id
from docket_runtime.schema.tables import events as events_table

COMMENT = UserCommented(ContentRef(new_id(), "5e" * 32))


BODY = codec.encode(COMMENT)


HASH = bytes(32)


BARE_TABLE = """
    create table docket.bare_events (like docket.events including all);
    create sequence docket.bare_positions;
"""


_INSERT = f"""
    insert into docket.bare_events values (0, nextval('docket.bare_positions'), {{}}, 1, {{}},
    'UserCommented', 1, '\\x{BODY.hex()}', now(), now(), 'customer', 'ann', null, {{}}, null,
    '\\x{HASH.hex()}')
"""  # noqa: S608 - made of constants


_bare_events = events_table.to_metadata(MetaData(), name="bare_events")


def by_pgbench(
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


async def by_asyncpg(url: str, writers: int, each: int) -> float:
    statement = _INSERT.format("$1", "$2", "$3")

    async def write(connection: asyncpg.Connection, ids: Sequence[tuple[UUID, ...]]) -> int:
        for row in ids:
            await connection.execute(statement, *row)
        return len(ids)

    connections = [await asyncpg.connect(url) for _ in range(writers)]
    shares = in_order_of_use([_ids(each) for _ in range(writers)])
    for connection in connections:
        await write(connection, list(_ids(1)))  # prepare
    speed = await a_second([write(*pair) for pair in zip(connections, shares, strict=True)])
    for connection in connections:
        await connection.close()
    return speed


async def by_core(url: str, writers: int, each: int) -> float:
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

    shares = in_order_of_use([_rows(each) for _ in range(writers)])
    await asyncio.gather(*(write(list(_rows(1))) for _ in range(writers)))  # connect and prepare
    speed = await a_second([write(share) for share in shares])
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
