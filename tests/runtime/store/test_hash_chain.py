"""The hash chain, recomputed from docs/hash-chain.md alone, by code that shares none with ours."""

import struct
from datetime import UTC, datetime
from hashlib import sha256
from random import Random

import asyncpg
from streams import BEN_FOR_ANN, Log, append_of, grown, new_ticket

from docket_runtime.store.append import Appender, append_on

BYTES, BIGINT, SMALLINT, INTEGER, INSTANT, UUID = 17, 20, 21, 23, 1184, 2950
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def micros(instant: datetime) -> bytes:
    passed = instant - EPOCH
    return struct.pack(">q", (passed.days * 86400 + passed.seconds) * 10**6 + passed.microseconds)


def row_bytes(row: asyncpg.Record) -> bytes:
    def text(name: str) -> tuple[int, bytes | None]:
        return BYTES, None if row[name] is None else row[name].encode()

    causation = row["causation_id"]
    columns: list[tuple[int, bytes | None]] = [
        (SMALLINT, struct.pack(">h", row["partition"])),
        (BIGINT, struct.pack(">q", row["position"])),
        (UUID, row["ticket_id"].bytes),
        (INTEGER, struct.pack(">i", row["version"])),
        (UUID, row["event_id"].bytes),
        text("type"),
        (SMALLINT, struct.pack(">h", row["schema_version"])),
        (BYTES, row["body"]),
        (INSTANT, micros(row["occurred_at"])),
        (INSTANT, micros(row["recorded_at"])),
        text("actor_kind"),
        text("actor_id"),
        text("on_behalf_of"),
        (UUID, row["correlation_id"].bytes),
        (UUID, None if causation is None else causation.bytes),
    ]
    parts = [struct.pack(">i", len(columns))]
    for oid, value in columns:
        size = -1 if value is None else len(value)
        parts.append(struct.pack(">ii", oid, size) + (value or b""))
    return b"".join(parts)


async def broken_at(log: Log) -> int | None:
    """Return the first position where the chain breaks, 0 for its head, None where it holds."""
    (meta,) = await log.rows("select log_id from docket.log_meta")
    (head,) = await log.rows("select * from docket.log_partitions")
    chained = sha256(meta["log_id"].bytes + struct.pack(">h", 0)).digest()
    rows = await log.rows("select * from docket.events order by partition, position")
    for expected, row in enumerate(rows, 1):
        chained = sha256(b"\x00" + chained + row_bytes(row)).digest()
        if (row["position"], row["hash"]) != (expected, chained):
            return expected
    return None if (head["head_position"], head["head_hash"]) == (len(rows), chained) else 0


async def fill(log: Log) -> None:
    appender = Appender(log.api)
    for _ in range(5):
        await appender.append(append_of(grown(new_ticket(), 3), actor=BEN_FOR_ANN))
    await appender.append(append_of(grown(new_ticket(number="№ 5 «ё»")), grown(new_ticket())))
    await appender.close()


async def test_the_chain_of_an_untouched_log_holds(log: Log) -> None:
    assert await broken_at(log) is None

    await fill(log)

    assert len(await log.positions()) == 17
    assert await broken_at(log) is None


async def test_the_chain_does_not_depend_on_the_encoding_of_a_session(
    log: Log, connection: asyncpg.Connection
) -> None:
    await connection.execute("set client_encoding = 'LATIN1'")
    await append_on(connection, [append_of(grown(new_ticket()))])

    assert await broken_at(log) is None


CHANGES = {
    "body": "set_byte(body, 3, get_byte(body, 3) # 1)",
    "type": "type || 'x'",
    "schema_version": "schema_version + 1",
    "ticket_id": "gen_random_uuid()",
    "event_id": "gen_random_uuid()",
    "version": "version + 100",
    "occurred_at": "occurred_at + interval '1 microsecond'",
    "recorded_at": "recorded_at - interval '1 microsecond'",
    "actor_kind": "'agent '",
    "actor_id": "'carol'",
    "on_behalf_of": "null",
    "correlation_id": "gen_random_uuid()",
    "causation_id": "gen_random_uuid()",
    "hash": "set_byte(hash, 31, get_byte(hash, 31) # 1)",
}


async def test_a_change_of_any_column_is_found_where_it_was_made(
    log: Log, superuser: asyncpg.Connection
) -> None:
    await fill(log)
    await superuser.execute("alter table docket.events disable trigger refuse_change")
    random = Random(5)

    found = {}
    for column, changed in CHANGES.items():
        position = random.randint(1, 15)
        transaction = superuser.transaction()
        await transaction.start()
        await superuser.execute(
            f"update docket.events set {column} = {changed} where position = $1",
            position,
        )
        seen = Seen(superuser)
        found[column] = await broken_at(seen) == position  # type: ignore[arg-type]  # asks the same
        await transaction.rollback()

    assert found == dict.fromkeys(CHANGES, True)


class Seen:
    """The log as an administrator's open transaction sees it."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def rows(self, query: str) -> list[asyncpg.Record]:
        return list(await self._connection.fetch(query))


async def test_taking_an_event_out_swapping_two_or_cutting_the_end_is_found(
    log: Log, superuser: asyncpg.Connection
) -> None:
    await fill(log)
    await superuser.execute("alter table docket.events disable trigger refuse_change")
    swap = """
        update docket.events set position = case position when 4 then -5 else 4 end
            where position in (4, 5);
        update docket.events set position = 5 where position = -5;
    """

    found = []
    for crime in (
        "delete from docket.events where position = 7",
        "delete from docket.events where position = 17",
        swap,
        "update docket.log_partitions set head_hash = 'x'",
    ):
        transaction = superuser.transaction()
        await transaction.start()
        await superuser.execute(crime)
        found.append(await broken_at(Seen(superuser)))  # type: ignore[arg-type]  # asks the same
        await transaction.rollback()

    assert found == [7, 0, 4, 0]
