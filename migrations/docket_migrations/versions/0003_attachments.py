"""Files beside the log, and erasing as a part of the append."""

from docket_migrations.sql_files import run_as_owner

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the table of files, and the trigger by which an erasing event erases."""
    run_as_owner(revision, "attachments")
