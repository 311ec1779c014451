"""The append: rows of one kind, keys as bytes, no aggregate and no trigger."""

from docket_migrations.sql_files import run, run_as_owner

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make append_batch, its types and what it calls anew."""
    run(revision, "ticket_api_inherits_nothing")
    run_as_owner(
        revision, "command_keys", "erasing", "drop_old_append", "append_types", "append_batch"
    )
