"""The keys of commands by day, so that they expire; what was recorded before goes with them."""

from docket_migrations.sql_files import run_as_owner

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Put the records of commands aside, and begin anew with digests of the keys."""
    run_as_owner(
        revision,
        "commands",
        "make_command_day",
        "turn_command_days",
        "drop_old_append",
        "append_types",
        "append_batch",
    )
