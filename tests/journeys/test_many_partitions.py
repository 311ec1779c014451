"""256 partitions and two instances of everything on the hundred connections of a default server."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import pytest
from house import House, eventually, open_house

from docket_devstack import postgres
from docket_runtime.schema.upgrade import upgrade
from surroundings import Database

PARTITIONS, ACCOUNTS = 256, 60
OF_A_SERVER = 97  # max_connections without those that are reserved for superusers
OPEN = """
    select count(*) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
"""
BEHIND = """
    select count(*) from docket.log_partitions as head
    left join docket.checkpoints as mark on mark.partition = head.partition and consumer = $1
    where head_position > coalesce(position, 0)
"""
SHARES = """
    select count(*) from docket.leases where consumer = $1 and expires_at > clock_timestamp()
    group by holder order by 1
"""


@pytest.fixture
def wide_house(
    cluster: postgres.Cluster, broker, worker_id: str, tmp_path: Path
) -> Iterator[House]:
    name = f"docket_{worker_id}_wide"
    cluster.create_database(name)
    upgrade(cluster.url(database=name), log_partitions=PARTITIONS, development=True)
    yield from open_house(Database(cluster, name), broker, tmp_path)
    cluster.drop_database(name)


async def fetch(url: str, query: str, *arguments: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(query, *arguments))
    finally:
        await connection.close()


def test_two_of_everything_need_no_more_connections_however_many_partitions(
    wide_house: House,
) -> None:
    house, url = wide_house, wide_house.database.url()
    house.start()
    second = {name: house.start_another(name) for name in ("ticket-api", "sla-clock", "notifier")}

    def opens(n: int) -> int:
        ann = house.caller("customer", f"ann{n}", f"account{n}")
        at = ann.at(second["ticket-api"]) if n % 2 else ann
        contact = {"email": f"ann@account{n}.example"}
        return at.post("/v1/tickets", product="VMmanager 6", contact=contact).status_code

    with ThreadPoolExecutor(20) as threads:
        statuses = list(threads.map(opens, range(ACCOUNTS)))
        (row,) = asyncio.run(fetch(url, OPEN))

    assert statuses == [201] * ACCOUNTS
    assert row["count"] <= OF_A_SERVER
    for consumer in ("relay", "sla-clock", "notifier"):
        eventually(
            lambda consumer=consumer: asyncio.run(fetch(url, BEHIND, consumer))[0]["count"] == 0,
            f"{consumer} has all",
        )
    eventually(lambda: len(house.mailboxes.about("registered")) == ACCOUNTS, "all are told")
    for consumer in ("relay", "notifier"):
        eventually(
            lambda consumer=consumer: (
                [row["count"] for row in asyncio.run(fetch(url, SHARES, consumer))]
                == [PARTITIONS // 2] * 2
            ),
            f"two share the partitions of {consumer}",
        )
