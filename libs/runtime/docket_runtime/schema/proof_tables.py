"""The tables of proof, of access events, of writers and of revoked tokens."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Sequence,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from docket_runtime.schema.tables import instant, metadata, partition

log_checkpoints = Table(
    "log_checkpoints",
    metadata,
    partition(),
    Column("size", BigInteger, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    Column("signed_at", instant, nullable=False),
    PrimaryKeyConstraint("partition", "size", name="log_checkpoints_pkey"),
)

log_verifications = Table(
    "log_verifications",
    metadata,
    partition(),
    Column("position", BigInteger, nullable=False),
    Column("rounds", BigInteger, nullable=False),
    Column("began_at", instant, nullable=False),
    Column("verified_at", instant),
    Column("fault", Text),
    Column("fault_position", BigInteger),
    Column("fault_at", instant),
    Column("fork", Text),
    PrimaryKeyConstraint("partition", name="log_verifications_pkey"),
)

access_events = Table(
    "access_events",
    metadata,
    Column("access_id", Uuid, nullable=False),
    Column("at", instant, nullable=False),
    Column("role", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("ticket_id", Uuid),
    Column("account_id", Text),
    Column("asked", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("trace_id", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("reason_digest", LargeBinary),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("position", name="access_events_pkey"),
    Index("access_events_id_idx", "access_id"),
    Index("access_events_subject_idx", "subject", "access_id"),
    Index(
        "access_events_ticket_idx",
        "ticket_id",
        "access_id",
        postgresql_where=text("ticket_id is not null"),
    ),
)

revocations = Table(
    "revocations",
    metadata,
    Column("revocation_id", Uuid, nullable=False),
    Column("token_id", Text),
    Column("subject", Text),
    Column("issued_before", instant, nullable=False),
    Column("counts_until", instant),
    Column("revoked_at", instant, nullable=False),
    Column("revoked_by", Text, nullable=False),
    PrimaryKeyConstraint("revocation_id", name="revocations_pkey"),
    CheckConstraint("num_nonnulls(token_id, subject) = 1", name="revocations_one_kind"),
)

access_head = Table(
    "access_head",
    metadata,
    partition(),
    Column("head_position", BigInteger, nullable=False),
    Column("head_hash", LargeBinary, nullable=False),
    Column("recorded_at", instant, nullable=False),
    PrimaryKeyConstraint("partition", name="access_head_pkey"),
    CheckConstraint("partition = -1", name="access_head_partition_check"),
)

access_reasons = Table(
    "access_reasons",
    metadata,
    Column("access_id", Uuid, nullable=False),
    Column("ticket_id", Uuid),
    Column("reason", Text),
    Column("salt", LargeBinary),
    Column("erased_at", instant),
    PrimaryKeyConstraint("access_id", name="access_reasons_pkey"),
    Index(
        "access_reasons_ticket_idx",
        "ticket_id",
        postgresql_where=text("ticket_id is not null and erased_at is null"),
    ),
)

ticket_numbers = Sequence(
    "ticket_numbers",
    data_type=BigInteger,
    increment=100,
    minvalue=1,
    start=1,
    metadata=metadata,
)

event_writers = Table(
    "event_writers",
    metadata,
    Column("writer", Text, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("actor_id", Text),
    Column("schema_version", SmallInteger, nullable=False),
    PrimaryKeyConstraint("type", "actor_kind", "writer", name="event_writers_pkey"),
)

content_kinds = Table(
    "content_kinds",
    metadata,
    Column("kind", Text, nullable=False),
    PrimaryKeyConstraint("kind", name="content_kinds_pkey"),
)
