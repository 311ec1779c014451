"""What the database says of itself: its timeline and range; and where writing is tried."""

from sqlalchemy import Boolean, CheckConstraint, Column, Integer, PrimaryKeyConstraint, Table, Text

from docket_runtime.schema.tables import instant, metadata

log_timeline = Table(
    "log_timeline",
    metadata,
    Column("timeline", Integer, nullable=False),
    Column("confirmed_at", instant, nullable=False),
    Column("one", Boolean, nullable=False, server_default="true"),
    PrimaryKeyConstraint("one", name="log_timeline_pkey"),
    CheckConstraint("one", name="log_timeline_one_check"),
)

write_probe = Table(
    "write_probe", metadata, Column("bytes", Text, nullable=False), prefixes=["unlogged"]
)

schema_range = Table(
    "schema_range",
    metadata,
    Column("oldest_code", Text, nullable=False),
    Column("one", Boolean, nullable=False, server_default="true"),
    PrimaryKeyConstraint("one", name="schema_range_pkey"),
    CheckConstraint("one", name="schema_range_one_check"),
)
