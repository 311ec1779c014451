"""The order of the queue and the filter by support, in the list of tickets."""

from docket_migrations.sql_files import run_as_owner

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Give the tickets both columns, and the append what it needs to write them."""
    run_as_owner(revision, "queue", "drop_old_append", "append_types", "append_batch")
