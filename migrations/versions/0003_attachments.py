"""Files beside the log, and erasing as a part of the append."""

from pathlib import Path

from docket_runtime.schema.upgrade import run_as_owner

revision = "0003"
down_revision = "0002"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Add the table of files, and the trigger by which an erasing event erases."""
    run_as_owner(SQL / "attachments.sql")
