"""The private servers of one run of the benchmarks, and a fresh database for each subject."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import asyncpg

from docket_devstack import postgres, rabbitmq, rabbitmq_files
from docket_devstack.workspace import workspace
from docket_runtime.schema.upgrade import upgrade

_FILL_LOG_FILES = """
    select pg_logical_emit_message(false, 'docket', ''), pg_switch_wal()
    from generate_series(1, 64)  -- of 16 MiB: as much as max_wal_size usually is
"""

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class BenchDatabase:
    """A migrated database of one subject."""

    cluster: postgres.Cluster
    name: str

    def url(self, role: str = "postgres") -> str:
        """Return its address as this role; postgres is the superuser."""
        return self.cluster.url(role, self.name)


@dataclass(frozen=True, slots=True)
class Servers:
    """A folder of private servers: durable PostgreSQL, and RabbitMQ once it is asked for."""

    folder: Path
    cluster: postgres.Cluster
    nodes: list[rabbitmq.Node] = field(default_factory=list)

    @contextmanager
    def database(self) -> Iterator[BenchDatabase]:
        """Give a fresh migrated database, dropped afterwards."""
        made = BenchDatabase(self.cluster, f"bench_{next(_numbers)}")
        self.cluster.create_database(made.name)
        # in a thread, for the migrations run an event loop of their own
        with ThreadPoolExecutor(1) as thread:
            thread.submit(upgrade, made.url()).result()
        try:
            yield made
        finally:
            self.cluster.drop_database(made.name)

    def execute(self, database: BenchDatabase, statement: str) -> None:
        """Execute a statement as the superuser."""
        asyncio.run(_execute(database.url(), statement))

    def broker(self) -> rabbitmq.Node:
        """Return the RabbitMQ node, started the first time; raise NoBroker."""
        if not self.nodes:
            files = rabbitmq_files.find(workspace().broker_files)
            self.nodes.append(rabbitmq.start(self.folder / "rabbitmq", files))
        return self.nodes[0]


async def _execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


def _fill_log_files(cluster: postgres.Cluster) -> None:
    """Bring the write-ahead log to where that of a server is which has been up for a while.

    Such a server writes the files of its log anew. A new one makes each file before it writes it,
    16 MiB of zeros, for which those pay who write much log.
    """
    url = cluster.url("postgres", "postgres")
    asyncio.run(_execute(url, _FILL_LOG_FILES, "checkpoint"))  # which makes the full ones free


@contextmanager
def private() -> Iterator[Servers]:
    """Start servers in a folder of their own and leave nothing of them behind."""
    folder = Path(tempfile.mkdtemp(prefix="docket-bench-")).resolve()
    servers = Servers(folder, postgres.start(folder / "postgres"))
    try:
        _fill_log_files(servers.cluster)
        yield servers
    finally:
        for node in servers.nodes:
            rabbitmq.stop(node)
        postgres.stop(servers.cluster)
        shutil.rmtree(folder, ignore_errors=True)
