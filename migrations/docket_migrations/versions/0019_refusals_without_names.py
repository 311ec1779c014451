"""What the log refuses is said without the name of a person (0031)."""

from docket_migrations.sql_files import run_as_owner

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Replace append_batch."""
    run_as_owner(revision, "append_batch")
