"""The hash chain of decision 0005, computed from the columns of a stored row."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from struct import Struct
from typing import NamedTuple
from uuid import UUID

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

_COLUMNS = (15).to_bytes(4)
_SMALLINT, _BIGINT, _UUID = Struct(">iih"), Struct(">iiq"), Struct(">ii16s")
_INTEGER, _HEAD = Struct(">iii"), Struct(">ii")
_NULL = -1


class LogRow(NamedTuple):
    """One event as it is stored, its columns in the order of the table.

    Instants are microseconds since 2000-01-01T00:00:00Z, as they are stored and hashed.
    """

    partition: int
    position: int
    ticket_id: UUID
    version: int
    event_id: UUID
    type: str
    schema_version: int
    body: bytes
    occurred_at: int
    recorded_at: int
    actor_kind: str
    actor_id: str
    on_behalf_of: str | None
    correlation_id: UUID
    causation_id: UUID | None
    hash: bytes


def instant(microseconds: int) -> str:
    """Return a stored instant in RFC 3339 with microseconds; raise OverflowError beyond year 9999.

    Every instant that the database recorded can be written so without loss.
    """
    told = EPOCH + timedelta(microseconds=microseconds)
    return told.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def genesis(log_id: UUID, partition: int) -> bytes:
    """Return the hash before the first event of a partition."""
    return sha256(log_id.bytes + partition.to_bytes(2)).digest()


def link(previous: bytes, row: LogRow) -> bytes:
    """Return the hash that a row must have, given the hash before it.

    Raise struct.error or OverflowError where a value is outside what its column can hold.
    """
    return sha256(b"\x00" + previous + row_bytes(row)).digest()


def row_bytes(row: LogRow) -> bytes:
    """Return a row without its hash in the bytes of decision 0005 (PostgreSQL's record_send)."""
    causation = row.causation_id
    return b"".join(
        (
            _COLUMNS,
            _SMALLINT.pack(21, 2, row.partition),
            _BIGINT.pack(20, 8, row.position),
            _UUID.pack(2950, 16, row.ticket_id.bytes),
            _INTEGER.pack(23, 4, row.version),
            _UUID.pack(2950, 16, row.event_id.bytes),
            _bytes(row.type.encode()),
            _SMALLINT.pack(21, 2, row.schema_version),
            _bytes(row.body),
            _BIGINT.pack(1184, 8, row.occurred_at),
            _BIGINT.pack(1184, 8, row.recorded_at),
            _bytes(row.actor_kind.encode()),
            _bytes(row.actor_id.encode()),
            _bytes(None if row.on_behalf_of is None else row.on_behalf_of.encode()),
            _UUID.pack(2950, 16, row.correlation_id.bytes),
            _HEAD.pack(2950, _NULL) if causation is None else _UUID.pack(2950, 16, causation.bytes),
        )
    )


def _bytes(value: bytes | None) -> bytes:
    return _HEAD.pack(17, _NULL) if value is None else _HEAD.pack(17, len(value)) + value
