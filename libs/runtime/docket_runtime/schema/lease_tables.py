"""The tables of leases as SQLAlchemy sees them."""

from sqlalchemy import BigInteger, Column, Integer, PrimaryKeyConstraint, Table, Text, Uuid

from docket_runtime.schema.tables import instant, metadata

lease_holders = Table(
    "lease_holders",
    metadata,
    Column("consumer", Text, nullable=False),
    Column("holder", Uuid, nullable=False),
    Column("seen_at", instant, nullable=False),
    PrimaryKeyConstraint("consumer", "holder", name="lease_holders_pkey"),
)

leases = Table(
    "leases",
    metadata,
    Column("consumer", Text, nullable=False),
    Column("chain", Integer, nullable=False),
    Column("holder", Uuid),
    Column("epoch", BigInteger, nullable=False),
    Column("expires_at", instant, nullable=False),
    PrimaryKeyConstraint("consumer", "chain", name="leases_pkey"),
)
