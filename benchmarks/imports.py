"""Importing a helpdesk log, held against writing the same rows with no log around them.

Ours is the whole command, from the packed file to the last commit: reading, checking, mapping,
folding, chaining, read model and idempotency records. The floor has the finished rows in memory and
writes them with asyncpg's pipelined single-row inserts, in transactions as large as the import's.
"""

import asyncio
import gzip
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import asyncpg
import msgspec

from benchmarks.apart import apart
from benchmarks.figures import Effort, Figure, Subject, against, interleave
from benchmarks.servers import BenchDatabase, Servers
from docket_devstack.workspace import PROJECT
from docket_runtime.database import Database

SAMPLE = PROJECT / "data/uci-incidents/events.sample.jsonl"
WHOLE = PROJECT.parent / "shared/data/uci-incidents/events.jsonl.gz"
TICKETS = 6_000
ROWS_TOGETHER = 2_000

_BARE = "create table bare (like docket.events, primary key (partition, position))"
_INSERT = (
    "insert into bare values"
    " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
)


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of the command did."""

    events: int
    tickets: int
    seconds: float
    peak_mib: float


def run(servers: Servers, effort: Effort) -> Subject:
    """Measure events a second of the command and of the floor, and the command's memory."""
    file, note = log_file(servers.folder)
    tickets = effort.of(TICKETS)
    rows: list[tuple[Any, ...]] = []
    tickets_a_second: list[float] = []
    peaks: list[float] = []

    def ours() -> float:
        with servers.database() as database:
            done = apart(import_file, database, file, tickets)
            tickets_a_second.append(done.tickets / done.seconds)
            peaks.append(done.peak_mib)
            if not rows:
                rows.extend(asyncio.run(_rows(database)))
            return done.events / done.seconds

    def bare() -> float:
        with servers.database() as database:
            return asyncio.run(_write_bare(database, rows))

    rounds = interleave({"docket import": ours, "bare rows, asyncpg": bare}, effort.rounds)
    with servers.database() as database:
        whole = apart(import_file, database, file, effort.of(24_918))
    return Subject(
        "import",
        (
            *against("bare rows, asyncpg", rounds, "events/s", {}),
            Figure(f"docket import, tickets of {note}", "tickets/s", tuple(tickets_a_second)),
            Figure(f"peak memory, {tickets:,} tickets", "MiB", tuple(peaks)),
            Figure(
                f"peak memory, {whole.tickets:,} tickets ({whole.events:,} events)",
                "MiB",
                (whole.peak_mib,),
                floor=f"peak memory, {tickets:,} tickets",
                ratio=whole.peak_mib / peaks[0],
            ),
        ),
    )


def import_file(database: BenchDatabase, file: Path, tickets: int) -> Run:
    """Run `docket import` in a process of its own and return what it did."""
    command = [sys.executable, "-m", "docket_cli", "import", str(file), "--json"]
    environment = {
        **os.environ,
        "DOCKET_ENV": "dev",
        "DOCKET_DATABASE_URL": database.url("docket_ticket_api"),
    }
    limit = ["--limit", str(tickets)]
    process = subprocess.Popen(  # noqa: S603 - our own command
        [*command, *limit], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    said = process.stdout.read()
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"docket import ended with {process.returncode}")
    told = msgspec.json.decode(said)
    return Run(told["events"], told["imported"], told["seconds"], usage.ru_maxrss / 1024)


def log_file(folder: Path) -> tuple[Path, str]:
    """Return the whole log where it lies beside the project, else the sample many times over."""
    if WHOLE.exists():
        return WHOLE, "the real log of 24,918 incidents"
    file = folder / "incidents.jsonl.gz"
    lines = SAMPLE.read_bytes()
    with gzip.open(file, "wb", compresslevel=1) as packed:
        for n in range(1, 25_000 // 300 + 1):
            packed.write(lines.replace(b'"case": "INC', b'"case": "%03dINC' % n))
    return file, "the sample's 300 incidents many times over"


async def _rows(database: BenchDatabase) -> Sequence[tuple[Any, ...]]:
    connection = await Database(database.url(), "bench").connect()
    try:
        return [tuple(row) for row in await connection.fetch("select * from docket.events")]
    finally:
        await connection.close()


async def _write_bare(database: BenchDatabase, rows: Sequence[tuple[Any, ...]]) -> float:
    connection: asyncpg.Connection = await asyncpg.connect(database.url())
    try:
        await connection.execute(_BARE)
        began = perf_counter()
        for first in range(0, len(rows), ROWS_TOGETHER):
            await connection.executemany(_INSERT, rows[first : first + ROWS_TOGETHER])
        return len(rows) / (perf_counter() - began)
    finally:
        await connection.close()
