"""The tables of idempotency keys as SQLAlchemy sees them."""

from sqlalchemy import (
    Column,
    Date,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
)

from docket_runtime.schema.tables import instant, metadata, partition

commands = Table(
    "commands",
    metadata,
    partition(),
    Column("key", LargeBinary, nullable=False),
    Column("request_hash", LargeBinary, nullable=False),
    Column("ticket_id", Uuid, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("day", Date, nullable=False),
    PrimaryKeyConstraint("key", "partition", "day", name="commands_pkey"),
    postgresql_partition_by="RANGE (day)",
)
"""Each day is a table of its own, `commands_<date>`; what is kept for good is `commands_kept`."""

commands_before_0012 = Table(
    "commands_before_0012",
    metadata,
    partition(),
    Column("scope", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("request_hash", LargeBinary, nullable=False),
    Column("ticket_id", Uuid, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("recorded_at", instant, nullable=False),
    PrimaryKeyConstraint("key", "scope", "partition", name="commands_before_0012_pkey"),
)
