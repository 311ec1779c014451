"""The tables as SQLAlchemy knows them, for queries that are not frequent.

The migrations make the tables; a test compares the two. `docket_migrations/sql` says what each is
for.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

metadata = MetaData(schema="docket")

instant = DateTime(timezone=True)


def partition() -> Column[int]:
    return Column("partition", SmallInteger, nullable=False)


log_meta = Table(
    "log_meta",
    metadata,
    Column("log_id", Uuid, nullable=False),
    Column("partitions", SmallInteger, nullable=False),
    Column("created_at", instant, nullable=False),
    Column("development", Boolean, nullable=False),
    PrimaryKeyConstraint("log_id", name="log_meta_pkey"),
    CheckConstraint("partitions between 1 and 4096", name="log_meta_partitions_check"),
)

log_partitions = Table(
    "log_partitions",
    metadata,
    partition(),
    Column("head_position", BigInteger, nullable=False),
    Column("head_hash", LargeBinary, nullable=False),
    Column("recorded_at", instant, nullable=False),
    PrimaryKeyConstraint("partition", name="log_partitions_pkey"),
)

ERASING = text("type in ('AttachmentErased', 'ContentErased')")

events = Table(
    "events",
    metadata,
    partition(),
    Column("position", BigInteger, nullable=False),
    Column("ticket_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("schema_version", SmallInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("occurred_at", instant, nullable=False),
    Column("recorded_at", instant, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("on_behalf_of", Text),
    Column("correlation_id", Uuid, nullable=False),
    Column("causation_id", Uuid),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("partition", "position", name="events_pkey"),
    UniqueConstraint("partition", "ticket_id", "version", name="events_ticket_version_key"),
    UniqueConstraint("partition", "event_id", name="events_event_id_key"),
    Index(
        "events_defect_idx",
        "body",
        postgresql_using="hash",
        postgresql_where=text("type = 'DefectLinked'"),
    ),
    Index("events_erasing_idx", "partition", "recorded_at", postgresql_where=ERASING),
)

contents = Table(
    "contents",
    metadata,
    partition(),
    Column("content_id", Uuid, nullable=False),
    Column("ticket_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("body", LargeBinary),
    Column("salt", LargeBinary),
    Column("created_at", instant, nullable=False),
    Column("erased_at", instant),
    PrimaryKeyConstraint("partition", "content_id", name="contents_pkey"),
    Index("contents_ticket_idx", "partition", "ticket_id"),
)

attachments = Table(
    "attachments",
    metadata,
    partition(),
    Column("attachment_id", Uuid, nullable=False),
    Column("ticket_id", Uuid, nullable=False),
    Column("by_kind", Text, nullable=False),
    Column("by_id", Text, nullable=False),
    Column("request_hash", LargeBinary, nullable=False),
    Column("name", Text),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", LargeBinary),
    Column("parts", ARRAY(Uuid), nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("announced_at", instant, nullable=False),
    Column("touched_at", instant, nullable=False),
    Column("completed_at", instant),
    Column("settled", Boolean, nullable=False),
    Column("erased_at", instant),
    Column("removed_at", instant),
    PrimaryKeyConstraint("partition", "attachment_id", name="attachments_pkey"),
    Index("attachments_ticket_idx", "partition", "ticket_id"),
    Index(
        "attachments_open_idx",
        "touched_at",
        postgresql_where=text("erased_at is null and not settled"),
    ),
    Index(
        "attachments_erased_idx",
        "erased_at",
        postgresql_where=text("erased_at is not null and removed_at is null"),
    ),
)

tickets = Table(
    "tickets",
    metadata,
    partition(),
    Column("ticket_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("number", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("requester_id", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("waiting_for", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("pack", Text, nullable=False),
    Column("revision", Text, nullable=False),
    Column("assignee", Text),
    Column("imported", Boolean, nullable=False),
    Column("created_at", instant, nullable=False),
    Column("updated_at", instant, nullable=False),
    Column("registered_at", instant),
    Column("closed_at", instant),
    Column("objections_until", instant),
    Column("queue_rank", SmallInteger, nullable=False, server_default=text("750")),
    Column("supported", Text),
    PrimaryKeyConstraint("partition", "ticket_id", name="tickets_pkey"),
    UniqueConstraint("partition", "number", name="tickets_number_key"),
    Index("tickets_created_idx", "created_at", "ticket_id"),
    Index("tickets_account_idx", "account_id", "created_at", "ticket_id"),
    Index("tickets_status_idx", "status", "created_at", "ticket_id"),
    Index(
        "tickets_priority_idx",
        text("array_position(array['Low', 'Medium', 'High', 'Emergency'], priority)"),
        "ticket_id",
    ),
    Index("tickets_number_idx", text("length(number)"), "number", "ticket_id"),
    Index(
        "tickets_assignee_idx",
        "assignee",
        "created_at",
        "ticket_id",
        postgresql_where=text("assignee is not null"),
    ),
)

clocks = Table(
    "clocks",
    metadata,
    partition(),
    Column("ticket_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("priority", Text),
    Column("clause", Text),
    Column("due_at", instant),
    Column("budget_s", BigInteger),
    Column("consumed_s", BigInteger),
    Column("overdue", Boolean, nullable=False),
    Column("ended_at", instant),
    Column("counted_at", instant, nullable=False),
    PrimaryKeyConstraint("partition", "ticket_id", name="clocks_pkey"),
    Index(
        "clocks_due_idx",
        "due_at",
        "ticket_id",
        postgresql_where=text("due_at is not null"),
    ),
)

timers = Table(
    "timers",
    metadata,
    partition(),
    Column("ticket_id", Uuid, nullable=False),
    Column("owner", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("fires_at", instant, nullable=False),
    Column("due_at", instant),
    Column("clause", Text),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("partition", "ticket_id", "owner", "name", "key", name="timers_pkey"),
    Index("timers_fires_idx", "owner", "fires_at"),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    partition(),
    Column("consumer", Text, nullable=False),
    Column("log_id", Uuid, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("updated_at", instant, nullable=False),
    PrimaryKeyConstraint("partition", "consumer", name="checkpoints_pkey"),
)
