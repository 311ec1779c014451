"""The chain of accesses, recomputed from docs/hash-chain.md alone, by code that shares none."""

import struct
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import asyncpg
from streams import Log

from docket_runtime.new_ids import new_id

BYTES, BIGINT, INSTANT, UUID = 17, 20, 1184, 2950
EPOCH, TICK = datetime(2000, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
TEXTS = ("role", "subject", "operation", "account_id", "asked", "outcome", "trace_id")
COLUMNS = (
    "position",
    "access_id",
    "at",
    "role",
    "subject",
    "operation",
    "ticket_id",
    "account_id",
    "asked",
    "outcome",
    "reason_digest",
    "trace_id",
)


def row_bytes(row: asyncpg.Record) -> bytes:
    parts = [struct.pack(">i", len(COLUMNS))]
    for name in COLUMNS:
        value, oid, packed = row[name], BYTES, b""
        if name == "position":
            oid, packed = BIGINT, struct.pack(">q", value)
        elif name == "at":
            oid, packed = INSTANT, struct.pack(">q", (value - EPOCH) // TICK)
        elif name.endswith("_id") and name not in TEXTS:
            oid, packed = UUID, value.bytes if value else b""
        elif value is not None:
            packed = value.encode() if name in TEXTS else value
        parts.append(struct.pack(">ii", oid, -1 if value is None else len(packed)) + packed)
    return b"".join(parts)


async def test_the_chain_of_accesses_is_as_the_page_says(log: Log) -> None:
    looks = [
        (new_id(), "agent", "åda", "get_ticket", new_id(), None, "GET /", "200", reason, "t")
        for reason in (None, "complaint № 17")
    ]
    customer = (new_id(), "customer", "ann", "get_clock", None, "acme", "GET /", "404", None, "t")
    connection = await log.api.connect()
    for together in (looks, [], [customer]):
        await connection.execute("select docket.append_access($1::docket.new_access[])", together)
    await connection.close()

    (meta,) = await log.rows("select log_id from docket.log_meta")
    (head,) = await log.rows("select * from docket.access_head")
    rows = await log.rows("select * from docket.access_events order by position")
    (reason,) = await log.rows("select * from docket.access_reasons")
    chained = sha256(meta["log_id"].bytes + b"\xff\xff").digest()
    for position, row in enumerate(rows, 1):
        chained = sha256(b"\x00" + chained + row_bytes(row)).digest()
        assert (row["position"], row["hash"]) == (position, chained)
    assert (head["head_position"], head["head_hash"]) == (3, chained)
    assert head["recorded_at"] == rows[-1]["at"]
    assert len(reason["salt"]) == 16
    salted = reason["salt"] + "complaint № 17".encode()
    assert rows[1]["reason_digest"] == sha256(salted).digest()
