"""The hash chain of decision 0005, computed from the columns of a stored row."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from struct import Struct
from typing import NamedTuple, Protocol
from uuid import UUID

EPOCH, TICK = datetime(2000, 1, 1, tzinfo=UTC), timedelta(microseconds=1)

_COLUMNS = (15).to_bytes(4)
_SMALLINT, _BIGINT, _UUID = Struct(">iih"), Struct(">iiq"), Struct(">ii16s")
_INTEGER, _HEAD = Struct(">iii"), Struct(">ii")
_NULL = -1


class ChainedRow(Protocol):
    """A row of a chain: an event of a partition, or an access (decision 0032)."""

    @property
    def partition(self) -> int: ...

    @property
    def position(self) -> int: ...

    @property
    def ticket_id(self) -> UUID | None: ...

    @property
    def recorded_at(self) -> int: ...

    @property
    def hash(self) -> bytes: ...

    def packed(self) -> bytes:
        """Return the row without its hash in the bytes of PostgreSQL's record_send."""


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

    def packed(self) -> bytes:
        """Return the row without its hash in the bytes of decision 0005."""
        return b"".join(
            (
                _COLUMNS,
                smallint(self.partition),
                bigint(self.position),
                uuid(self.ticket_id),
                integer(self.version),
                uuid(self.event_id),
                text(self.type),
                smallint(self.schema_version),
                binary(self.body),
                timestamp(self.occurred_at),
                timestamp(self.recorded_at),
                text(self.actor_kind),
                text(self.actor_id),
                text(self.on_behalf_of),
                uuid(self.correlation_id),
                uuid(self.causation_id),
            )
        )


def instant(microseconds: int) -> str:
    """Return a stored instant in RFC 3339 with microseconds; raise OverflowError beyond year 9999.

    Every instant that the database recorded can be written so without loss.
    """
    told = EPOCH + timedelta(microseconds=microseconds)
    return told.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def genesis(log_id: UUID, partition: int) -> bytes:
    """Return the hash before the first row of a chain: of a partition, or of the accesses."""
    return sha256(log_id.bytes + partition.to_bytes(2, signed=True)).digest()


def link(previous: bytes, row: ChainedRow) -> bytes:
    """Return the hash that a row must have, given the hash before it.

    Raise struct.error or OverflowError where a value is outside what its column can hold.
    """
    return sha256(b"\x00" + previous + row.packed()).digest()


def smallint(value: int) -> bytes:
    """Return a column of a record, as record_send writes it: type, length, value."""
    return _SMALLINT.pack(21, 2, value)


def integer(value: int) -> bytes:
    """Return an integer as a column of a record."""
    return _INTEGER.pack(23, 4, value)


def bigint(value: int) -> bytes:
    """Return a bigint as a column of a record."""
    return _BIGINT.pack(20, 8, value)


def timestamp(value: int) -> bytes:
    """Return an instant, in microseconds since 2000, as a column of a record."""
    return _BIGINT.pack(1184, 8, value)


def uuid(value: UUID | None) -> bytes:
    """Return an id as a column of a record."""
    return _HEAD.pack(2950, _NULL) if value is None else _UUID.pack(2950, 16, value.bytes)


def text(value: str | None) -> bytes:
    """Return a text, which is hashed as its bytes in UTF-8, as a column of a record."""
    return binary(None if value is None else value.encode())


def binary(value: bytes | None) -> bytes:
    """Return bytes as a column of a record."""
    return _HEAD.pack(17, _NULL) if value is None else _HEAD.pack(17, len(value)) + value
