"""A database of an earlier release; tests/data/databases says how they were made."""

import gzip
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg

from docket_devstack import postgres
from docket_proof.note import Verifier
from docket_runtime.database import Database
from docket_runtime.projections.check import differences
from docket_runtime.proof.verification import verify_log
from docket_runtime.schema.upgrade import Upgrade, upgrade

DATABASES = Path(__file__).parents[2] / "data" / "databases"
TABLES = "select tablename from pg_tables where schemaname = 'docket' order by 1"

Rows = Mapping[str, list[str]]


class Old:
    """A database of an earlier release, restored for one test."""

    def __init__(self, cluster: postgres.Cluster, name: str) -> None:
        self.cluster = cluster
        self.name = name
        self.url = cluster.url(database=name)

    def database(self, role: str) -> Database:
        return Database(self.cluster.url(role, self.name), "upgrades", may_lose=True)

    def upgrade(self) -> Upgrade:
        # in a thread, for the migrations run an event loop of their own
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(upgrade, self.url).result()

    async def restore(self, revision: str) -> None:
        dump = (DATABASES / f"{revision}.sql.gz").read_bytes()
        await self.execute(gzip.decompress(dump).decode())

    async def execute(self, script: str) -> None:
        connection = await asyncpg.connect(self.url)
        await connection.execute(script)
        await connection.close()

    async def rows(self) -> Rows:
        """Return every row of every table, as text."""
        connection = await asyncpg.connect(self.url)
        found = {
            table: [
                row[0]
                for row in await connection.fetch(
                    f"select to_jsonb(t)::text from docket.{table} as t order by 1"
                )
            ]
            for (table,) in await connection.fetch(TABLES)
        }
        await connection.close()
        return found


async def wrong_with(old: Old) -> list[object]:
    """Return what the log's proof and its folded tables find wrong, with the keys of then."""
    lines = (DATABASES / "checkpoint_keys.txt").read_text().splitlines()
    verifiers = [Verifier.read(line) for line in lines]
    connection = await old.database("docket_auditor").connect()
    faults: list[object] = [fault async for fault in verify_log(connection, verifiers)]
    faults += [difference async for difference in differences(connection)]
    await connection.close()
    return faults
